"""SuperGradients: callbacks and datasets that translate, nothing more."""
