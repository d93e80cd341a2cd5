"""Asks the kind of a column what can be said of its labels."""

from collections.abc import Callable, Mapping

import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.schema import ColumnSchema
from samplewise.schema.boxes import BoundingBoxes2DSchema
from samplewise.schema.keypoints import Keypoints2DSchema
from samplewise.schema.masks import SegmentationMasksSchema, SemanticSegmentationSchema
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.class_maps import draw_maps
from samplewise.server.selection import select_rows
from samplewise.server.statistics.boxes import boxes
from samplewise.server.statistics.class_maps import class_maps, thin_out
from samplewise.server.statistics.masks import masks
from samplewise.server.statistics.poses import poses

_KINDS: Mapping[type[ColumnSchema], Callable[..., wire.Statistics]] = {
    BoundingBoxes2DSchema: boxes,
    Keypoints2DSchema: poses,
    SegmentationMasksSchema: masks,
}


def statistics(catalog: Catalog, asked: wire.StatisticsRequest) -> wire.Statistics:
    """Counts, histograms and checks of the labels of the selected samples.

    Raises:
        ColumnNotFoundError: There is no such column.
        InvalidArgumentError: The column holds no labels of things, or a filter does not fit.
    """
    source = catalog.open(asked.source)
    column = source.column(asked.column)
    schema = column.schema
    rows = select_rows(source, asked.filters, hot=catalog.hot)
    if isinstance(schema, SemanticSegmentationSchema):
        rows = thin_out(rows)
        values = column.rows.column(column.stored).take(pa.array(rows)).to_pylist()
        maps = draw_maps(values, catalog, asked.source)
        return class_maps(maps, source.example_ids[rows], schema)
    for known, kind in _KINDS.items():
        if isinstance(schema, known):
            values = column.rows.column(column.stored).take(pa.array(rows))
            return kind(values, source.example_ids[rows], schema)
    raise InvalidArgumentError(
        f"`column` must hold boxes, keypoints, masks or class maps, but `{asked.column}` does not."
    )
