"""What every task keeps to, whatever it is about."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.schema import String, TableSchema
from samplewise.tasks import (
    TASKS,
    PredictedBoxes,
    PredictedClassMap,
    PredictedLogits,
    PredictedPoses,
    find_task,
)

COLUMNS = {
    "detection": "boxes",
    "pose": "poses",
    "segmentation": "class_maps",
    "classification": "labels",
}
PREDICTIONS = {
    "detection": PredictedBoxes([[0, 0, 10, 9]], [0], [0.9]),
    "pose": PredictedPoses([[[10, 11], [40, 42], [1, 1]]], [0.8]),
    "segmentation": PredictedClassMap([[1, 0, 0], [2, 1, 1]]),
    "classification": PredictedLogits([1.0, 3.0]),
}


@pytest.fixture(params=TASKS)
def task(request):
    return TASKS[request.param]


@pytest.fixture
def read(task, request):
    """The labels of the drawn column of a task."""
    return task.read_labels(request.getfixturevalue(COLUMNS[task.name]))


@pytest.mark.parametrize("stored", [True, False])
def test_columns_are_those_of_the_schemas_and_fit_them(task, read, stored):
    columns = task.columns([0], [PREDICTIONS[task.name]], read, with_predictions=stored)
    schemas = task.schemas(read, with_predictions=stored)
    assert [*columns] == [*schemas]
    arrays = [schemas[name].to_arrow(values, name=name) for name, values in columns.items()]
    stored_schema = TableSchema(schemas).to_arrow()
    assert pa.RecordBatch.from_arrays(arrays, schema=stored_schema).num_rows == 1


def test_an_image_gets_the_same_alone_and_among_others(task, read):
    def of(rows):
        columns = task.columns(
            rows, [PREDICTIONS[task.name]] * len(rows), read, with_predictions=True
        )
        schemas = task.schemas(read, with_predictions=True)
        return {n: schemas[n].to_arrow(v, name=n).to_pylist() for n, v in columns.items()}

    alone, among = of([0]), of([1, 0])
    assert {name: values[-1] for name, values in among.items()} == {
        name: values[0] for name, values in alone.items()
    }


def test_no_images_are_no_rows(task, read):
    columns = task.columns([], [], read, with_predictions=True)
    assert {len(values) for values in columns.values()} == {0}


def test_a_column_of_another_kind_is_refused_by_name(task, make_column):
    words = make_column(String(), ["a"])
    with pytest.raises(InvalidArgumentError, match="column `labels` of table `drawn` must hold"):
        task.read_labels(words)


def test_boxes_are_there_where_the_task_says_so(task, read):
    if task.has_boxes:
        assert [len(each) for each in task.label_boxes(read, [1, 0])] in ([1, 2], [0, 1])
        (predicted,) = task.prediction_boxes([PREDICTIONS[task.name]])
        assert predicted.shape == (1, 4)
    else:
        with pytest.raises(InvalidArgumentError, match="must come from a task with boxes"):
            task.label_boxes(read, [0])


def test_tasks_are_found_by_name():
    assert [find_task(name).name for name in TASKS] == [*TASKS]
    with pytest.raises(InvalidArgumentError, match="did you mean `detection`"):
        find_task("detect")


def test_no_framework_is_loaded_for_them():
    code = "import sys, samplewise.tasks; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "super_gradients", "lance", "starlette"} & {*done.stdout.split()}


def test_predictions_are_arrays_whatever_they_are_made_of():
    boxes = PREDICTIONS["detection"]
    assert (boxes.boxes.dtype, boxes.boxes.shape) == (np.float64, (1, 4))
    assert PredictedPoses(np.zeros((0, 0)), []).joints.shape == (0, 0, 3)
