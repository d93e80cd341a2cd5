"""What a callback does with embeddings."""

import warnings
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from samplewise._notes import note, warn
from samplewise.collect.arguments import check_dim, check_word
from samplewise.collect.feature_map import module_at
from samplewise.collect.predictor import Predictor
from samplewise.embeddings import ReductionWarning
from samplewise.errors import InvalidArgumentError
from samplewise.tables import Run


@dataclass(frozen=True)
class EmbeddingSettings:
    """Which embeddings are collected, and what becomes of them.

    Args:
        images: Whether to collect one of each image.
        objects: Whether to collect one of each box.
        dim: Coordinates on the map.
        method: `pacmap`, `umap` or `pca`.
        layer: Dotted name of the layer that is pooled; None: the backbone, or what comes nearest.
        keep: Whether to keep those of the images once they are on the map.

    Raises:
        InvalidArgumentError: `dim` or `method` breaks its rule.
    """

    images: bool
    objects: bool
    dim: int
    method: str
    layer: str | None
    keep: bool
    _warned: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        check_dim(self.dim)
        check_word(self.method, "embeddings_method", ("pacmap", "umap", "pca"))

    @property
    def are_collected(self) -> bool:
        """Whether there are any."""
        return self.images or self.objects

    def check(self, network: nn.Module) -> None:
        """Refuse, before training, a layer that the network does not have.

        Raises:
            InvalidArgumentError: It has no module of that name.
        """
        if self.are_collected and self.layer is not None:
            module_at(network, self.layer)

    def find_layer(self, predictor: Predictor) -> bool:
        """Whether the network has a layer to take them from; says so once where it has none."""
        if not self.are_collected:
            return False
        try:
            return bool(predictor.embedding_layer)
        except InvalidArgumentError as error:
            if (why := str(error)) not in self._warned:
                self._warned.add(why)
                warn(f"no embeddings are collected: {why}")
            return False

    def reduce(self, run: Run) -> None:
        """One map for all epochs and splits, made when the last of them is there."""
        streams = run.metric_streams if self.images else []
        if not any("embedding" in stream.arrow_schema.names for stream in streams):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReductionWarning)  # kept as notes of the reduction
            column = run.reduce_embeddings(
                self.method, self.dim, fallback=True, keep_embeddings=self.keep
            )
        for text in run.reductions[-1]["notes"]:
            warn(text)
        note(f"embeddings are reduced to the column `{column}`")

    def to_dict(self) -> dict[str, Any]:
        """By the names of the callback's arguments, as they go into a Run."""
        return {
            "collect_embeddings": self.images,
            "collect_object_embeddings": self.objects,
            "embeddings_dim": self.dim,
            "embeddings_method": self.method,
            "embedding_layer": self.layer,
            "keep_embeddings": self.keep,
        }
