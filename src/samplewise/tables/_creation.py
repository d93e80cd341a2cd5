"""`Table.from_...`: the ways to make a Table from files of labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self, Unpack

from samplewise._arguments import check_value
from samplewise.records.destination import Destination, takes
from samplewise.records.fingerprint import Fingerprint
from samplewise.schema import ColumnSchema
from samplewise.schema.image_url import Reader
from samplewise.tables._from_data import TableFromData

Task = Literal["detect", "segment", "pose"]
MissingImages = Literal["keep", "drop", "raise"]


class TableCreation(TableFromData):
    """The class methods of `Table` that make new tables from files of labels."""

    @classmethod
    @takes(Destination)
    def from_format(
        cls,
        format: str,  # noqa: A002
        path: str | Path,
        options: Mapping[str, Any] | None = None,
        *,
        image_reader: Reader | None = None,
        add_weight_column: bool = True,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from files of any format that is known.

        `from_coco`, `from_yolo`, `from_voc` and `from_image_folder` are this with the options of
        one format written out.

        Args:
            format: `coco`, `yolo`, `voc`, `folder`, `csv` or `parquet`, or what was added to
                `samplewise.formats.registry`.
            path: The file or folder.
            options: Options of its reader, by name.
            image_reader: How files become pixels, and in which frame labels are: None takes
                `"upright"`, turned by EXIF; see `samplewise.schemas.ImageSchema`.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            InvalidArgumentError: There is no such format.
            FormatError: The files are missing or malformed.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        from samplewise.formats.image_scan import scan_images_of
        from samplewise.formats.importing import fingerprint_files, naming, read_files
        from samplewise.formats.registry import find_format

        known, given = find_format(format), dict(options or {})

        def fingerprint() -> Fingerprint:
            found = fingerprint_files(known, path, given)
            return found.with_option("image_reader", image_reader) if image_reader else found

        for name in given:
            check_value("options", name, str)
        with naming(path):
            return cls._write_batches(
                lambda: scan_images_of(
                    read_files(known, path, given), Path(path).name, image_reader
                ),
                fingerprint if known.fingerprint is not None else None,
                add_weight_column=add_weight_column,
                **destination,
            )

    @classmethod
    @takes(Destination)
    def from_coco(
        cls,
        annotations_file: str | Path,
        image_folder: str | Path | None = None,
        *,
        task: Task = "detect",
        missing_images: MissingImages = "keep",
        image_reader: Reader | None = None,
        add_weight_column: bool = True,
        progress: bool = True,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a COCO annotations file.

        Columns: `image`, `image_id`, `width`, `height`, `bbs` (boxes); `segmentations` and
        `keypoints_2d` where the file has any or the task asks for them; `weight`. What is wrong in
        the file is refused with file, id and reason, or repaired, counted and reported.

        Args:
            annotations_file: The JSON file.
            image_folder: Where its images lie; None takes the folder of the annotations file.
            task: What the table is for; the other kinds of label are kept too.
            missing_images: What to do with images whose file is missing: `keep` their rows, `drop`
                them, or `raise`. They are counted in any case.
            image_reader: How files become pixels, and in which frame labels are. None takes
                `"upright"`; labels of pictures that EXIF did not turn want `"opencv_unturned"`.
            add_weight_column: Whether to add a column `weight` of ones.
            progress: Whether to show a progress bar where a person watches.
            destination: Where the table goes.

        Raises:
            FormatError: The file is missing, or is no COCO file.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {
            "image_folder": image_folder,
            "task": task,
            "missing_images": missing_images,
            "progress": progress,
        }
        return cls.from_format(
            "coco",
            annotations_file,
            options,
            image_reader=image_reader,
            add_weight_column=add_weight_column,
            **destination,
        )

    @classmethod
    @takes(Destination)
    def from_yolo(
        cls,
        dataset_yaml: str | Path,
        split: str = "train",
        *,
        task: Task = "detect",
        missing_images: MissingImages = "drop",
        add_weight_column: bool = True,
        progress: bool = True,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a dataset in YOLO's layout: a YAML file, images, and text labels.

        Args:
            dataset_yaml: The YAML file with `path`, `train`, `val`, `names`.
            split: Which of its splits.
            task: What a line of a label file is: a box, a polygon, a box with keypoints.
            missing_images: What to do with images that are missing or cannot be read: `drop` them,
                `keep` their rows without labels, or `raise`. They are counted in any case.
            add_weight_column: Whether to add a column `weight` of ones.
            progress: Whether to show a progress bar where a person watches.
            destination: Where the table goes.

        Raises:
            FormatError: A file is missing or malformed; names file and line.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {
            "split": split,
            "task": task,
            "missing_images": missing_images,
            "progress": progress,
        }
        return cls.from_format(
            "yolo", dataset_yaml, options, add_weight_column=add_weight_column, **destination
        )

    @classmethod
    @takes(Destination)
    def from_voc(
        cls,
        folder: str | Path,
        split: str | None = None,
        *,
        classes: Sequence[str] | None = None,
        annotations_folder: str | Path | None = None,
        image_folder: str | Path | None = None,
        missing_images: MissingImages = "keep",
        add_weight_column: bool = True,
        progress: bool = True,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a dataset in the layout of Pascal VOC: one XML file per image.

        Columns: `image`, `width`, `height`, `bbs`, `weight`.

        Args:
            folder: The folder with `Annotations`, `JPEGImages` and `ImageSets`.
            split: Name of a list `ImageSets/Main/<split>.txt`; None takes all XML files.
            classes: Names of the classes in the order of their ids; None takes those that there
                are, sorted.
            annotations_folder: Where the XML files are; None takes `Annotations`.
            image_folder: Where the images are; None takes `JPEGImages`.
            missing_images: What to do with images whose file is missing: `keep`, `drop`, `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            progress: Whether to show a progress bar where a person watches.
            destination: Where the table goes.

        Raises:
            FormatError: A file is missing or malformed; names file, object and reason.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {
            "split": split,
            "classes": classes,
            "annotations_folder": annotations_folder,
            "image_folder": image_folder,
            "missing_images": missing_images,
            "progress": progress,
        }
        return cls.from_format(
            "voc", folder, options, add_weight_column=add_weight_column, **destination
        )

    @classmethod
    @takes(Destination)
    def from_image_folder(
        cls,
        folder: str | Path,
        *,
        classes: Sequence[str] | None = None,
        add_weight_column: bool = True,
        progress: bool = True,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table for classification from a folder with one folder of images per class.

        Columns: `image`, `label`, `weight`.

        Args:
            folder: The folder.
            classes: Names of the classes in the order of their ids, such as those of the training
                folder for the validation folder. None takes the names of the folders, sorted.
            add_weight_column: Whether to add a column `weight` of ones.
            progress: Whether to show a progress bar where a person watches.
            destination: Where the table goes.

        Raises:
            FormatError: The folder is missing or holds no images.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {"classes": classes, "progress": progress}
        return cls.from_format(
            "folder", folder, options, add_weight_column=add_weight_column, **destination
        )

    @classmethod
    @takes(Destination)
    def from_parquet(
        cls,
        path: str | Path,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        image_folder: str | Path | None = None,
        image_column: str | None = None,
        label_column: str | None = None,
        missing_images: MissingImages = "keep",
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a Parquet file. See `from_arrow`.

        Args:
            path: The file.
            schema: Column kinds by name, see `from_arrow`.
            image_folder: Where relative paths of `image_column` start; None takes that of the file.
            image_column: Column with paths of images.
            label_column: Column with classes: names, which are numbered in their order, or ids.
            missing_images: What to do with rows whose image is missing: `keep`, `drop`, `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            FormatError: The file is missing, is no Parquet, or is too large when it is unpacked.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {
            "schema": schema,
            "image_folder": image_folder,
            "image_column": image_column,
            "label_column": label_column,
            "missing_images": missing_images,
            "finds_images": False,
        }
        return cls.from_format(
            "parquet", path, options, add_weight_column=add_weight_column, **destination
        )

    @classmethod
    @takes(Destination)
    def from_csv(
        cls,
        path: str | Path,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        image_folder: str | Path | None = None,
        image_column: str | None = None,
        label_column: str | None = None,
        encoding: str | None = None,
        missing_images: MissingImages = "keep",
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a CSV file with a header. See `from_arrow`.

        A column in which a number has leading zeros, as `007`, is text.

        Args:
            path: The file.
            schema: Column kinds by name, see `from_arrow`.
            image_folder: Where relative paths of `image_column` start; None takes that of the file.
            image_column: Column with paths of images.
            label_column: Column with classes: names, which are numbered in their order, or ids.
                Empty ones are null, and counted.
            encoding: Encoding of the file; None: UTF-8, or UTF-16 where a mark says so.
            missing_images: What to do with rows whose image is missing: `keep`, `drop`, `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            FormatError: The file is missing, is no CSV, is in another encoding, or has two columns
                of one name.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        options = {
            "schema": schema,
            "image_folder": image_folder,
            "image_column": image_column,
            "label_column": label_column,
            "encoding": encoding,
            "missing_images": missing_images,
            "finds_images": False,
        }
        return cls.from_format(
            "csv", path, options, add_weight_column=add_weight_column, **destination
        )
