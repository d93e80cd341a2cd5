"""HOW tables and runs are seen: over HTTP, on this machine."""
