"""Where a new table goes: one list of arguments, the same wherever tables are made."""

import inspect
from pathlib import Path

import pytest

from samplewise import Table, TableWriter

MAKERS = [
    "from_coco",
    "from_yolo",
    "from_voc",
    "from_image_folder",
    "from_dict",
    "from_arrow",
    "from_pandas",
    "from_parquet",
    "from_csv",
    "from_torch_dataset",
]
SHARED = {
    "table_name": "initial",
    "dataset_name": inspect.Parameter.empty,
    "project_name": inspect.Parameter.empty,
    "root_url": None,
    "if_exists": "reuse",
    "description": "",
    "aliases": None,
}


@pytest.mark.parametrize("name", MAKERS)
def test_help_shows_every_argument_of_every_maker(name: str):
    maker = getattr(Table, name)
    parameters = inspect.signature(maker).parameters
    assert {each: parameters[each].default for each in SHARED} == SHARED
    assert all(f"{each}: " in maker.__doc__ for each in parameters)
    assert not any(each.kind is each.VAR_KEYWORD for each in parameters.values())


def test_a_writer_renames_by_itself():
    parameters = inspect.signature(TableWriter).parameters
    assert {name: parameters[name].default for name in SHARED} == SHARED | {
        "table_name": inspect.Parameter.empty,
        "if_exists": "rename",
    }


def test_a_wrong_or_missing_name_is_refused_before_anything_is_read(root: str):
    names = {"project_name": "p", "root_url": root}
    with pytest.raises(TypeError, match=r"from_coco\(\) got an unexpected keyword .*'aliass'"):
        Table.from_coco("none.json", dataset_name="d", aliass={}, **names)
    with pytest.raises(TypeError, match=r"from_dict\(\) missing a required .*'dataset_name'"):
        Table.from_dict({"x": [1]}, **names)
    assert not Path(root).exists()
