"""Class maps of a table's rows, and what a network makes of their pixel values."""

from typing import Any

import numpy as np
import pyarrow.compute as pc

from samplewise.errors import FormatError, ImageError, InvalidArgumentError, SchemaError
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema
from samplewise.schema.value_map import ValueMap
from samplewise.tasks.classes import training_classes
from samplewise.tasks.label_column import LabelColumn

_IGNORED = 255  # what most losses are told to ignore, and the largest value of a grey image


class ClassMaps:
    """The class of every pixel of the images of a table, read when asked for.

    The column is in memory, so DataLoader workers never touch the store. Pixel values are class
    ids, and these may have gaps: a network sees `0 .. c-1` in ascending order of the ids. The
    ignore label is no class, also where the schema names it.

    Args:
        column: A column of class maps, with classes in its schema.

    Attributes:
        table_name: Name of the table.
        value_map: Names of the class ids, without the ignore label.
        class_ids: The table's class id of each class of the network, `c` of them.
        classes: Names of the classes of the network.
        ignore_label: Pixel value in the table that counts for nothing; None if there is none.
        ignore_index: What the network's targets hold there: the ignore label itself where no class
            of the network has that index, else 255.

    Raises:
        InvalidArgumentError: The column does not hold class maps, or its schema has no classes.
    """

    def __init__(self, column: LabelColumn) -> None:
        schema = _class_map_schema(column)
        self.table_name = column.table_name
        self.ignore_label = schema.ignore_label
        self.value_map: ValueMap = {
            class_id: element
            for class_id, element in schema.value_map.items()
            if class_id != schema.ignore_label
        }
        self.class_ids, self.classes = training_classes(self.value_map)
        self.ignore_index = _ignore_index(self.ignore_label, len(self.class_ids))
        self._column = column
        # Folders of aliases are known to the store, so they are put in now.
        resolve = column.resolve_url
        urls = pc.struct_field(column.values, "url").to_pylist()  # pyright: ignore[reportAttributeAccessIssue]  # made when pyarrow loads
        self._urls = [None if url is None else resolve(url) for url in urls]

    def __len__(self) -> int:
        return len(self._column.values)

    def has(self, row: int) -> bool:
        """Whether a row has a class map."""
        value = self._column.values[row]
        return value.is_valid and (self._urls[row] is not None or value["classes"].is_valid)

    def load(self, row: int) -> np.ndarray:
        """Class ids of the pixels of a row, int64, shape `(h, w)`.

        Raises:
            FormatError: It cannot be read, has colours instead of one number a pixel, or holds a
                value that is neither a class nor the ignore label.
        """
        stored = {**self._column.values[row].as_py(), "url": self._urls[row]}
        try:
            pixels = SemanticSegmentation.from_stored(stored).load()
        except (ImageError, SchemaError) as error:
            reason = error.message.rpartition("cannot be read: ")[2]
            raise self._format_error(row, f"cannot be read: {reason}") from None
        if pixels.ndim != 2:
            raise self._format_error(
                row, f"must hold one number a pixel, but has shape {pixels.shape}."
            )
        counting = pixels if self.ignore_label is None else pixels[pixels != self.ignore_label]
        unknown = np.setdiff1d(counting, self.class_ids)
        if len(unknown):
            raise self._format_error(row, f"must hold class ids, but holds {unknown[:5].tolist()}.")
        return pixels

    def to_indices(self, pixels: np.ndarray) -> np.ndarray:
        """From class ids to what the network learns: `0 .. c-1` and `ignore_index`.

        Args:
            pixels: What `load` returns, shape `(h, w)`.

        Returns:
            uint8, or int32 where that is too small, shape `(h, w)`: both are images for Pillow,
            which SuperGradients' transforms use.
        """
        kind = np.uint8 if len(self.class_ids) <= _IGNORED else np.int32
        ids = np.array(self.class_ids, np.int64)
        index = np.searchsorted(ids, pixels).clip(max=len(ids) - 1)
        return np.where(ids[index] == pixels, index, self.ignore_index).astype(kind)

    def _format_error(self, row: int, what: str) -> FormatError:
        where = "" if self._urls[row] is None else f" (`{self._urls[row]}`)"
        return FormatError(
            f"the class map of row {row}{where} in {self._column} {what}",
            hint="name all values in the schema, with `ignore_label=` for the one that counts for "
            "nothing, or leave the row out with table.delete_rows([...])",
        )


def _class_map_schema(column: LabelColumn) -> SemanticSegmentationSchema:
    schema: Any = column.schema
    hint = 'give it a schema: SemanticSegmentationSchema(["road", "car"], ignore_label=255)'
    if not isinstance(schema, SemanticSegmentationSchema):
        raise InvalidArgumentError(
            f"{column} must hold class maps, but is {schema.kind}.", hint=hint
        )
    if not set(schema.value_map) - {schema.ignore_label}:
        raise InvalidArgumentError(
            f"{column} must have classes, but its schema names none.", hint=hint
        )
    return schema


def _ignore_index(ignore_label: int | None, classes: int) -> int:
    largest = _IGNORED if classes <= _IGNORED else np.iinfo(np.int32).max
    if ignore_label is not None and classes <= ignore_label <= largest:
        return ignore_label
    return max(_IGNORED, classes)
