"""`Run`: maps of its embeddings, who lies near whom, and who moved."""

from typing import Any, Literal

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_arguments
from samplewise.tables._run_contents import RunContents
from samplewise.tables.table import Table


class RunMaps(RunContents):
    """The methods of `Run` about embeddings."""

    @check_arguments
    def reduce_embeddings(
        self,
        method: str = "pacmap",
        n_components: int = 2,
        *,
        column: str = "embedding",
        seed: int = 42,
        strategy: Literal["reference", "concatenation"] = "reference",
        reference: int | None = None,
        fallback: bool = False,
        name: str | None = None,
        keep_embeddings: bool = True,
        progress: bool = True,
        **options: Any,
    ) -> str:
        """Place the embeddings of all epochs and splits on one map, in a new column beside them.

        Epochs can be compared: by default the method is fitted on the last epoch and the others are
        placed on its map. How faithful the map is to each epoch (`trustworthiness`) and the hash of
        the fitted reducer, which stays with the run, are in `reductions`.

        Args:
            method: `pacmap`, `umap`, or `pca`, which needs no further package.
            n_components: Coordinates per row; 2 or 3 can be looked at.
            column: Column with the embeddings: a vector a sample, or a list of them, one an object,
                such as `prediction_embeddings`. All objects share one map, and each row of the new
                column holds a list of their coordinates, null for an object without an embedding.
            seed: Of the method; the same seed gives the same map.
            strategy: `reference` fits on one epoch; `concatenation` on all (best with UMAP).
            reference: Epoch to fit on; None takes the last one.
            fallback: Take PCA, with a warning, where the method is not installed or fails.
            name: Of the new column; None: `<column>_<method>`, and `_3d` behind it for three
                coordinates. A map of that name is replaced in one commit, its reducer with it; maps
                of other names stay beside it.
            keep_embeddings: Whether to keep the raw embeddings. Without them nothing can be
                reduced, searched or compared later; their room is free after `samplewise vacuum`.
            progress: Whether to show a progress bar where a person watches.
            options: Further options of the method.

        Returns:
            Name of the new column.

        Raises:
            NotFoundError: No embeddings were collected.
            InvalidArgumentError: An argument breaks its rule, or there are no valid rows.
            MissingDependencyError: The method is not installed, without `fallback`.
            ConflictError: Others changed the rows meanwhile.
            StoreError: The store cannot be written; a map of that name is as it was.
        """
        from samplewise.embeddings import ReductionPlan
        from samplewise.records.reduction import reduce_run

        plan = ReductionPlan(
            method, n_components, seed, strategy, reference, options=options, fallback=fallback
        )
        return reduce_run(
            self.stored,
            plan,
            column=column,
            name=name,
            keep_embeddings=keep_embeddings,
            progress=progress,
        )

    @check_arguments
    def place_embeddings(self, embeddings: np.ndarray, column: str | None = None) -> np.ndarray:
        """Coordinates of other embeddings on a map of this run.

        The fitted reducer is built again from what the fit found; nothing that is stored is run.

        Args:
            embeddings: Of the same layer of the same model, shape `(n, d)`.
            column: Which map; None takes the one that was made last.

        Returns:
            Float32, shape `(n, c)`.

        Raises:
            NotFoundError: There is no such map.
            FormatError: Its reducer is damaged, or of the old format that had to be run.
        """
        from samplewise.records.maps import place_on_map

        return place_on_map(self.stored, embeddings, column)

    @check_arguments
    def extend_map(self, column: str | None = None) -> int:
        """Place the embeddings that were collected since a map was made on that map.

        Such as those of a new Table, by `collect_metrics_direct`. What has a place keeps it.

        Args:
            column: Which map; None takes the one that was made last.

        Returns:
            How many rows got a place.

        Raises:
            NotFoundError: There is no such map, or no embeddings are left to place.
        """
        from samplewise.records.maps import extend_map

        return extend_map(self.stored, column)

    @check_arguments
    def add_embedding_metrics(
        self,
        *,
        column: str = "embedding",
        k: int = 10,
        threshold: float | None = None,
        epoch: int | None = None,
        progress: bool = True,
    ) -> list[str]:
        """Store what the neighbours of each sample say about it, beside its other metrics.

        - `outlier_score`: mean cosine distance to the `k` nearest samples of its split.
        - `near_duplicates`: how many samples of its split are near copies of it.
        - `near_duplicates_elsewhere`: how many samples of the other splits are: a leak.
        - `duplicate_of`: the first sample of its split that it is a near copy of; null where it is
          the first one itself, or has no copies.

        Memory grows with the number of samples and the time with its square.

        Args:
            column: Column with the embeddings.
            k: Neighbours a sample.
            threshold: Largest cosine distance of near copies, in [0, 2]. None: a tenth of the
                median outlier score, for networks differ by a factor of a thousand in how far apart
                they put neighbours. The one that was taken stands in the columns' descriptions.
            epoch: Which epoch; None takes the last one. Other epochs keep what they have.
            progress: Whether to show a progress bar where a person watches.

        Returns:
            Names of the columns.

        Raises:
            NotFoundError: No embeddings were collected.
            InvalidArgumentError: An argument breaks its rule.
        """
        from samplewise._progress import share_bar
        from samplewise.records.embedding_metrics import add_embedding_metrics

        with share_bar("comparing embeddings", shown=progress) as done:
            return add_embedding_metrics(
                self.stored, column, k=k, threshold=threshold, epoch=epoch, progress=done
            )

    @check_arguments
    def neighbours(
        self,
        example_id: int,
        k: int = 10,
        *,
        column: str = "embedding",
        object_id: int | None = None,
        epoch: int | None = None,
        split: str | None = None,
        table: Table | None = None,
        within_split: str | None = None,
    ) -> pa.Table:
        """The samples, or objects, nearest to one of them by embedding.

        Args:
            example_id: Which sample.
            k: How many neighbours.
            column: `embedding`, a map, or a column with one vector an object, such as
                `prediction_embeddings`.
            object_id: Which object of the sample, where the column has one vector an object.
            epoch: Which epoch; None takes the last one.
            split: Which split the sample is from; may be left out where there is one.
            table: Which input table it is from; may be left out where there is one.
            within_split: Which split to search; None: that of the sample.

        Returns:
            The nearest first: `example_id`, `object_id` for objects, and `distance` (cosine for
            embeddings, Euclidean on maps). The sample itself is left out.

        Raises:
            NotFoundError: There is no such column, collection, sample or object.
            InvalidArgumentError: It is not clear which collection is meant.
        """
        from samplewise.records.nearest import nearest_samples
        from samplewise.records.vectors import choose_collection

        key = choose_collection(self.stored, column, epoch, split, self._number_of(table))
        within = None
        if within_split is not None:
            within = choose_collection(self.stored, column, key[0], within_split, None)
        found = nearest_samples(
            self.stored, column, example_id, key, object_id=object_id, k=k, within=within
        )
        objects = {} if found.object_ids is None else {"object_id": found.object_ids}
        return pa.table({"example_id": found.example_ids, **objects, "distance": found.distances})

    @check_arguments
    def movement(
        self,
        first_epoch: int,
        second_epoch: int,
        *,
        column: str | None = None,
        split: str | None = None,
        table: Table | None = None,
    ) -> pa.Table:
        """How far each sample moved on a map between two epochs.

        Args:
            first_epoch: From where.
            second_epoch: To where.
            column: Which map; None takes the one that was made last.
            split: Which split; may be left out where there is one.
            table: Which input table; may be left out where there is one.

        Returns:
            `example_id` and `distance`, in units of the map, the farthest first.

        Raises:
            NotFoundError: There is no such map, or an epoch has no places on it.
            InvalidArgumentError: It is not clear which collection is meant.
        """
        from samplewise.records.maps import map_record
        from samplewise.records.nearest import movement
        from samplewise.records.vectors import choose_collection

        column = column or str(map_record(self.stored, None)["column"])
        number = self._number_of(table)
        first, second = (
            choose_collection(self.stored, column, epoch, split, number)
            for epoch in (first_epoch, second_epoch)
        )
        found = movement(self.stored, column, first, second)
        order = np.argsort(-found.distances, kind="stable")
        return pa.table(
            {"example_id": found.example_ids[order], "distance": found.distances[order]}
        )

    @property
    def reductions(self) -> list[dict[str, Any]]:
        """The maps that were made: column, method, reference epoch, trustworthiness, notes."""
        return self.stored.reductions
