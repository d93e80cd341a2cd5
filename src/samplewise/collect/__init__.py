"""From a dataset through a model to metrics: the one inference engine."""
