"""`Table.from_...`: the ways to make a Table.

Label formats live in the room above this one, so their readers are found by name when called.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from samplewise._notes import note
from samplewise.errors import FormatError
from samplewise.schema import ColumnSchema, TableSchema
from samplewise.storage import Store
from samplewise.tables.if_exists import IfExists, checked_if_exists
from samplewise.tables.table_document import read_table_document
from samplewise.tables.table_writer import TableWriter, write_table

if TYPE_CHECKING:
    import pandas as pd

    from samplewise.tables.table import Table

_READERS = {
    "coco": "samplewise.formats.coco",
    "yolo": "samplewise.formats.yolo",
    "folder": "samplewise.formats.image_folder",
}


class TableCreation:
    """The class methods of `Table` that make new tables."""

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
    ) -> "Table":
        """Make a table from columns.

        Args:
            data: One sequence of values per column, sample or stored form, all of one length.
            schema: Column kinds by name; columns left out are inferred.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
            aliases: Folders by alias name: images inside are stored as `<NAME>/...`.

        Raises:
            SchemaError: A value does not fit its column.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.

        Examples:
            >>> import samplewise as sw, tempfile
            >>> table = sw.Table.from_dict(
            ...     {"x": [1, 2]}, dataset_name="d", project_name="p", root_url=tempfile.mkdtemp()
            ... )
            >>> table[1]
            {'x': 2}
        """
        return _make(
            lambda: ([data], {**TableSchema.infer(data), **(schema or {})}, {"kind": "dict"}),
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            aliases,
        )

    @classmethod
    def from_arrow(
        cls,
        data: pa.Table,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
    ) -> "Table":
        """Make a table from Arrow data, or anything with `__arrow_c_stream__` (Polars, DuckDB).

        Column kinds come from `schema`, the metadata of the fields, or the Arrow types. See
        `from_dict` for the other arguments and for errors.
        """

        def opened() -> tuple[Any, Any, Any]:
            arrow = data if isinstance(data, pa.Table) else pa.table(data)
            arrow = _portable(arrow)
            return (
                [arrow],
                {**TableSchema.from_arrow(arrow.schema), **(schema or {})},
                {"kind": "arrow"},
            )

        return _make(
            opened,
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            aliases,
        )

    @classmethod
    def from_pandas(
        cls, data: "pd.DataFrame", schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a pandas frame; its index is left out. See `from_dict`."""
        return cls.from_arrow(pa.Table.from_pandas(data, preserve_index=False), schema, **names)

    @classmethod
    def from_parquet(
        cls, path: str | Path, schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a Parquet file. See `from_dict`.

        Raises:
            FormatError: The file is missing or is no Parquet.
        """
        import pyarrow.parquet as pq

        return cls.from_arrow(_read_file(path, pq.read_table), schema, **names)

    @classmethod
    def from_csv(
        cls, path: str | Path, schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a CSV file with a header. See `from_dict`.

        Raises:
            FormatError: The file is missing or is no CSV.
        """
        from pyarrow import csv

        return cls.from_arrow(_read_file(path, csv.read_csv), schema, **names)

    @classmethod
    def from_torch_dataset(
        cls,
        dataset: Any,
        structure: Iterable[str],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
    ) -> "Table":
        """Make a table from a map-style PyTorch dataset.

        Args:
            dataset: Anything with `len` and `[i]`; samples are tuples or dicts.
            structure: Column name of each part of a sample; for dicts, the keys to take.
            schema: Column kinds by name; columns left out are inferred.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
        """
        names = list(structure)

        def opened() -> tuple[Any, Any, Any]:
            rows = [_as_row(dataset[i], names) for i in range(len(dataset))]
            data = {name: [row[name] for row in rows] for name in names}
            kinds = {**TableSchema.infer(data), **(schema or {})}
            return [data], kinds, {"kind": "torch_dataset", "class": type(dataset).__name__}

        return _make(
            opened,
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            None,
        )

    @classmethod
    def from_coco(
        cls,
        annotations_file: str | Path,
        image_folder: str | Path | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        task: Literal["detect", "segment", "pose"] = "detect",
        if_exists: IfExists = "reuse",
        add_weight_column: bool = True,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
        progress: bool = True,
        **options: Any,
    ) -> "Table":
        """Make a table from a COCO annotations file.

        Columns: `image`, `image_id`, `width`, `height`, `bbs` (boxes); `segmentations` and
        `keypoints_2d` where the file has any or the task asks for them; `weight`. What is wrong in
        the file is refused with file, id and reason, or repaired, counted and reported.

        Args:
            annotations_file: The JSON file.
            image_folder: Where its images lie; None takes the folder of the annotations file.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
            task: What the table is for; the other kinds of label are kept too.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
            aliases: Folders by alias name: images inside are stored as `<NAME>/...`.
            progress: Whether to show a progress bar where a person watches.
            options: Options of the reader, see `samplewise.formats.coco`.

        Raises:
            FormatError: The file is missing, or is no COCO file.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        return _make(
            lambda: _reader("coco")(
                annotations_file, image_folder, task=task, progress=progress, **options
            ),
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            aliases,
        )

    @classmethod
    def from_yolo(
        cls,
        dataset_yaml: str | Path,
        split: str = "train",
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        task: Literal["detect", "segment", "pose"] = "detect",
        if_exists: IfExists = "reuse",
        add_weight_column: bool = True,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
        progress: bool = True,
        **options: Any,
    ) -> "Table":
        """Make a table from a dataset in YOLO's layout: a YAML file, images, and text labels.

        Args:
            dataset_yaml: The YAML file with `path`, `train`, `val`, `names`.
            split: Which of its splits.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
            task: What a line of a label file is: a box, a polygon, a box with keypoints.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
            aliases: Folders by alias name: images inside are stored as `<NAME>/...`.
            progress: Whether to show a progress bar where a person watches.
            options: Options of the reader, see `samplewise.formats.yolo`.

        Raises:
            FormatError: A file is missing or malformed; names file and line.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        return _make(
            lambda: _reader("yolo")(dataset_yaml, split, task=task, progress=progress, **options),
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            aliases,
        )

    @classmethod
    def from_image_folder(
        cls,
        folder: str | Path,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = True,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
        **options: Any,
    ) -> "Table":
        """Make a table for classification from a folder with one folder of images per class.

        Columns: `image`, `label`, `weight`. See `from_coco` for the arguments.

        Raises:
            FormatError: The folder is missing or holds no images.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        return _make(
            lambda: _reader("folder")(folder, **options),
            table_name,
            dataset_name,
            project_name,
            root_url,
            if_exists,
            add_weight_column,
            description,
            aliases,
        )


def _make(
    opened: Callable[[], tuple[Iterable[Any], Mapping[str, ColumnSchema], Mapping[str, Any]]],
    table_name: str,
    dataset_name: str,
    project_name: str,
    root_url: str | None,
    if_exists: IfExists,
    add_weight_column: bool,
    description: str,
    aliases: Mapping[str, str] | None,
) -> "Table":
    """Write a table from batches, schema and source, or reuse the stored one without reading."""
    from samplewise.tables.table import Table

    store = Store(root_url)
    if checked_if_exists(if_exists) == "reuse":
        stored = read_table_document(store, project_name, dataset_name, table_name)
        if stored is not None:
            note(f'table `{table_name}` exists and is reused as it is (if_exists="reuse").')
            return Table.from_names(
                table_name, dataset_name, project_name, root_url, aliases=aliases
            )
    batches, schema, source = opened()
    writer = TableWriter(
        table_name,
        dataset_name,
        project_name,
        schema=schema,
        root_url=root_url,
        if_exists=if_exists,
        add_weight_column=add_weight_column,
        description=description,
        source=source,
        aliases=aliases,
    )
    return write_table(writer, batches)


def _reader(name: str) -> Callable[..., Any]:
    return importlib.import_module(_READERS[name]).read


def _read_file(path: str | Path, read: Callable[[Any], pa.Table]) -> pa.Table:
    try:
        return read(str(path))
    except (OSError, pa.ArrowException) as error:
        raise FormatError(f"`{path}` cannot be read: {error}") from None


def _portable(table: pa.Table) -> pa.Table:
    """Types that Lance, DuckDB and our column kinds share: plain strings, no dictionaries."""
    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            kind = pa.string()
        if pa.types.is_null(kind):
            kind = pa.string()
        if pa.types.is_integer(kind) and not field.metadata:
            kind = pa.int64()
        fields.append(field.with_type(kind))
    return table.cast(pa.schema(fields))


def _as_row(sample: Any, names: list[str]) -> dict[str, Any]:
    if isinstance(sample, Mapping):
        return {name: sample[name] for name in names}
    parts = sample if isinstance(sample, tuple | list) else (sample,)
    return {name: _numpy(part) for name, part in zip(names, parts, strict=True)}


def _numpy(value: Any) -> Any:
    if not hasattr(value, "detach"):
        return value
    array = value.detach().cpu().numpy()
    return array.item() if array.ndim == 0 else array
