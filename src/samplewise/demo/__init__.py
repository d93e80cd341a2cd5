"""Drawn data with planted label errors, and the run that finds them."""
