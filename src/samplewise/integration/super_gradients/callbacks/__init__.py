"""Callbacks for the SuperGradients Trainer."""
