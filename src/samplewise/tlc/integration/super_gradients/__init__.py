"""Names of the SuperGradients integration; its modules import SuperGradients."""
