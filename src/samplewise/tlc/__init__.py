"""Names under which code written for the contract finds our things; no logic."""
