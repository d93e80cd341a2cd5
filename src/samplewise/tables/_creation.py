"""`Table.from_...`: the ways to make a Table from files of labels.

Label formats live in the room above this one, so their readers are found by name when called.
"""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from samplewise.records.if_exists import IfExists
from samplewise.tables._from_data import TableFromData
from samplewise.tables._making import make_table

if TYPE_CHECKING:
    from samplewise.tables.table import Table

_READERS = {
    "coco": "samplewise.formats.coco",
    "yolo": "samplewise.formats.yolo",
    "voc": "samplewise.formats.voc",
    "folder": "samplewise.formats.image_folder",
}


class TableCreation(TableFromData):
    """The class methods of `Table` that make new tables from files of labels."""

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
        return make_table(
            lambda: _reader("coco")(
                annotations_file, image_folder, task=task, progress=progress, **options
            ),
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
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
        return make_table(
            lambda: _reader("yolo")(dataset_yaml, split, task=task, progress=progress, **options),
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
        )

    @classmethod
    def from_voc(
        cls,
        folder: str | Path,
        split: str | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = True,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
        progress: bool = True,
        **options: Any,
    ) -> "Table":
        """Make a table from a dataset in the layout of Pascal VOC: one XML file per image.

        Columns: `image`, `width`, `height`, `bbs`, `weight`. See `from_coco` for the arguments.

        Raises:
            FormatError: A file is missing or malformed; names file, object and reason.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        return make_table(
            lambda: _reader("voc")(folder, split, progress=progress, **options),
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
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
        return make_table(
            lambda: _reader("folder")(folder, **options),
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
        )


def _reader(name: str) -> Callable[..., Any]:
    return importlib.import_module(_READERS[name]).read
