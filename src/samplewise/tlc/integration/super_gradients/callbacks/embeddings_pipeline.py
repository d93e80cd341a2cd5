"""Embeddings of images."""

from samplewise.integration.super_gradients.callbacks.embeddings_pipeline import EmbeddingsPipeline

__all__ = ["EmbeddingsPipeline"]
