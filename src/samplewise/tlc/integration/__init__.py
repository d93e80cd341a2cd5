"""Names of the integrations."""
