"""Every format: `Table.from_...`, `table.export` and the command line ask here, and nowhere else.

A new one is a file with its `read`, its `write`, or both, and an entry here.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.formats.exported import Exported
from samplewise.formats.format import Format, Option
from samplewise.records.fingerprint import Fingerprint

_TASKS = ("detect", "segment", "pose")
_IMAGES = Option("image_folder", "Where the images lie.", "images", "FOLDER")
_TASK = Option(
    "task",
    "What the table is for; other labels in the files are kept too.",
    choices=_TASKS,
    default="detect",
)
_MISSING_HELP = "What to do with images whose file is missing; they are counted in any case."
_MISSING = Option(
    "missing_images",
    _MISSING_HELP,
    "missing-images",
    choices=("keep", "drop", "raise"),
    default="keep",
)
_ROW_OPTIONS = (
    _IMAGES,
    Option(
        "image_column",
        "Column with paths of images; `image` is one by itself.",
        "image-column",
        "NAME",
    ),
    Option("label_column", "Column with classes, as text or as numbers.", "label-column", "NAME"),
    _MISSING,
)
_ENCODING = Option("encoding", "Encoding of the file; left out: UTF-8.", "encoding", "NAME")
_ROW_DETAILS = (
    "Paths of images that are not absolute are taken from --images, else from the folder of FILE."
)


def _read_coco() -> Callable[..., Any]:
    from samplewise.formats.coco import read

    return read


def _write_coco() -> Callable[..., Exported]:
    from samplewise.formats.coco import write_annotations

    return write_annotations


def _read_yolo() -> Callable[..., Any]:
    from samplewise.formats.yolo import read

    return read


def _write_yolo() -> Callable[..., Exported]:
    from samplewise.formats.yolo import write_split

    return write_split


def _existing_yolo() -> Callable[..., str | None]:
    from samplewise.formats.yolo import existing_split

    return existing_split


def _read_voc() -> Callable[..., Any]:
    from samplewise.formats.voc import read

    return read


def _read_image_folder() -> Callable[..., Any]:
    from samplewise.formats.image_folder import read

    return read


def _read_csv() -> Callable[..., Any]:
    from samplewise.formats.tabular import read_csv

    return read_csv


def _write_csv() -> Callable[..., Path]:
    from samplewise.formats.tabular import write_csv

    return write_csv


def _read_parquet() -> Callable[..., Any]:
    from samplewise.formats.tabular import read_parquet

    return read_parquet


def _write_parquet() -> Callable[..., Path]:
    from samplewise.formats.tabular import write_parquet

    return write_parquet


def _fingerprint_coco() -> Callable[..., Fingerprint]:
    from samplewise.formats._fingerprints import of_coco

    return of_coco


def _fingerprint_yolo() -> Callable[..., Fingerprint]:
    from samplewise.formats._fingerprints import of_yolo

    return of_yolo


def _fingerprint_voc() -> Callable[..., Fingerprint]:
    from samplewise.formats._fingerprints import of_voc

    return of_voc


def _fingerprint_image_folder() -> Callable[..., Fingerprint]:
    from samplewise.formats._fingerprints import of_image_folder

    return of_image_folder


def _fingerprint_rows(kind: str) -> Callable[..., Fingerprint]:
    from samplewise.formats._fingerprints import of_rows

    return partial(of_rows, kind)


_FORMATS = (
    Format(
        "coco",
        "Import a COCO annotations file: boxes, masks, keypoints.",
        "Without --images, the images lie in the folder of FILE.",
        reader=_read_coco,
        fingerprint=_fingerprint_coco,
        path=("annotations_file", "FILE"),
        import_options=(_IMAGES, _TASK, _MISSING),
        examples=(
            "import coco train.json --images images/ --project demo --dataset train",
            "import coco person_keypoints.json --task pose --project demo --dataset poses",
            (
                "import coco train.json --images /data/coco --alias COCO=/data/coco "
                "--project demo --dataset train"
            ),
        ),
        writer=_write_coco,
        endings=(".json",),
        export_options=(
            Option(
                "image_folder",
                "COCO: names of images are written from here on.",
                "images",
                "FOLDER",
            ),
        ),
    ),
    Format(
        "yolo",
        "Import one split of a dataset in YOLO's layout.",
        "FILE is its YAML file with `path`, `train`, `val` and `names`.",
        reader=_read_yolo,
        fingerprint=_fingerprint_yolo,
        path=("dataset_yaml", "FILE"),
        import_options=(
            Option("split", "Which split of the dataset.", default="train"),
            _TASK,
            _MISSING,
        ),
        examples=(
            "import yolo data.yaml --project demo --dataset train",
            "import yolo data.yaml --split val --task segment --project demo --dataset val",
        ),
        writer=_write_yolo,
        endings=(".yaml", ".yml"),
        export_options=(
            Option("split", "YOLO: name of the split, `train` by default."),
            Option(
                "task",
                "YOLO: what a line is; left out: what it was read for.",
                choices=_TASKS,
            ),
            Option("images", "YOLO: copy images, and do not link them.", "copy", sets="copy"),
        ),
        existing=_existing_yolo,
    ),
    Format(
        "voc",
        "Import a dataset in the layout of Pascal VOC: one XML file for each image.",
        reader=_read_voc,
        fingerprint=_fingerprint_voc,
        path=("folder", "FOLDER"),
        import_options=(
            Option("split", "A list in ImageSets/Main; left out: all images."),
            _IMAGES,
            Option("annotations_folder", "With the XML files.", "annotations", "FOLDER"),
            _MISSING,
        ),
        examples=(
            "import voc VOC2012 --split train --project voc --dataset train",
            "import voc mine --annotations labels/ --images photos/ --project demo --dataset all",
        ),
    ),
    Format(
        "folder",
        "Import a folder with one folder of images for each class.",
        reader=_read_image_folder,
        fingerprint=_fingerprint_image_folder,
        path=("folder", "FOLDER"),
        examples=("import folder flowers/train --project flowers --dataset train",),
    ),
    Format(
        "csv",
        "Import a CSV file with a header.",
        _ROW_DETAILS,
        reader=_read_csv,
        fingerprint=partial(_fingerprint_rows, "csv"),
        import_options=(*_ROW_OPTIONS, _ENCODING),
        examples=(
            "import csv samples.csv --project demo --dataset samples",
            (
                "import csv flowers.csv --images photos/ --image-column file "
                "--label-column species --project flowers --dataset all"
            ),
        ),
        has_weights=False,
        writer=_write_csv,
        endings=(".csv",),
    ),
    Format(
        "parquet",
        "Import a Parquet file.",
        _ROW_DETAILS,
        reader=_read_parquet,
        fingerprint=partial(_fingerprint_rows, "parquet"),
        import_options=_ROW_OPTIONS,
        examples=("import parquet samples.parquet --project demo --dataset all",),
        has_weights=False,
        writer=_write_parquet,
        endings=(".parquet", ".pq"),
    ),
)

FORMATS = {each.name: each for each in _FORMATS}
"""Every format by its name."""


def find_format(name: str) -> Format:
    """A format that tables can be made of.

    Raises:
        InvalidArgumentError: There is none of that name.
    """
    readable = [each.name for each in FORMATS.values() if each.reader is not None]
    if name not in readable:
        raise InvalidArgumentError(
            f"`format` must be one of {', '.join(readable)}, but is {name!r}.",
            hint=did_you_mean(str(name), readable),
        )
    return FORMATS[name]


def format_to_write(path: str | Path, name: str | None = None) -> Format:
    """The format to write a file in.

    Args:
        path: The file.
        name: `coco`, `yolo`, `csv` or `parquet`; None takes what the ending of `path` says.

    Raises:
        InvalidArgumentError: The format is unknown, or not said and not to be seen.
    """
    writable = [each.name for each in FORMATS.values() if each.writer is not None]
    endings = {ending: each.name for each in FORMATS.values() for ending in each.endings}
    found = endings.get(Path(path).suffix.lower()) if name is None else name
    if found is None:
        raise InvalidArgumentError(
            f"`path` must end with {', '.join(endings)}, but is {str(path)!r}.",
            hint=f"or pass format=, one of {', '.join(writable)}",
        )
    if found not in writable:
        raise InvalidArgumentError(
            f"`format` must be one of {', '.join(writable)}, but is {found!r}.",
            hint=did_you_mean(str(found), writable),
        )
    return FORMATS[found]
