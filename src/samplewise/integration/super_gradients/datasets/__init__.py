"""SuperGradients datasets that read Tables."""
