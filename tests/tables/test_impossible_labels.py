"""One rule for labels wherever they come from; predictions stop nobody; old stores are read."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import samplewise as sw
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import SchemaError
from samplewise.schema.instances import InstancesSchema
from samplewise.schemas import BoundingBoxes2DSchema, Float

KIND = BoundingBoxes2DSchema(["cat"], additional={"confidence": Float()})


def boxes(*corners: list[float], **properties: list[float]) -> BoundingBoxes2D:
    return BoundingBoxes2D((0, 0, 64, 48), dict(properties), np.array(corners, float))


TOLD = (
    "samplewise: metrics of run `r`: left out 1 boxes that do not have four numbers, x_min, y_min, "
    "x_max, y_max, all finite; kept 1 boxes that do not have a `confidence` from 0 to 1."
)
GOOD, TURNED, ENDLESS = [1, 2, 3, 4], [9, 2, 3, 4], [1, 2, math.inf, 4]
BAD = pytest.mark.parametrize("bad", [TURNED, ENDLESS], ids=["turned", "endless"])


@pytest.fixture
def names(tmp_path: Path) -> dict[str, str]:
    return {"dataset_name": "d", "project_name": "p", "root_url": str(tmp_path / "store")}


@pytest.fixture
def table(names) -> sw.Table:
    return sw.Table.from_dict({"bbs": [boxes(GOOD)] * 3}, {"bbs": KIND}, **names)


@BAD
def test_an_edit_is_refused_with_its_row(table, bad):
    with pytest.raises(SchemaError, match="column `bbs`, row 2: box 1 must"):
        table.edit({"bbs": {0: boxes(GOOD), 2: boxes(GOOD, bad)}})
    assert table.latest().id == table.id


@BAD
def test_new_tables_are_refused_with_the_row(names, bad):
    values = [boxes(GOOD), boxes(bad)]
    with pytest.raises(SchemaError, match="column `bbs`, row 1: box 0 must"):
        sw.Table.from_dict({"bbs": values}, {"bbs": KIND}, **names)
    with sw.TableWriter("written", schema={"bbs": KIND}, **names) as writer:
        with pytest.raises(SchemaError, match="column `bbs`, row 1: box 0 must"):
            writer.add_batch({"bbs": values})
        writer.add_batch({"bbs": values[:1]})


def test_a_file_of_another_program_is_refused_with_its_row(names, table, tmp_path):
    rows = table.to_arrow()
    value = rows.column("bbs")[0].as_py()
    value["instances"][0]["y_max"] = -5.0
    column = pa.array([value], rows.schema.field("bbs").type)
    pq.write_table(pa.table([column], schema=rows.schema.empty_table().schema), tmp_path / "x.pq")
    with pytest.raises(SchemaError, match="column `bbs`, row 0: box 0 must end where it begins"):
        sw.Table.from_parquet(tmp_path / "x.pq", table_name="again", **names)


def test_predictions_that_are_not_finite_are_left_out_and_told_once(table, names, capfd):
    run = sw.init("p", "r", root_url=names["root_url"])
    values = [boxes(GOOD, ENDLESS, confidence=[0.5, 0.9]), boxes(), boxes(GOOD, confidence=[1.5])]
    run.add_metrics({"bbs_predicted": values}, {"bbs_predicted": KIND}, table.url, epoch=0)
    stored = run.metrics(["bbs_predicted"]).column("bbs_predicted").to_pylist()
    assert [len(each["instances"]) for each in stored] == [1, 0, 1]
    assert stored[0]["instances_additional_data"]["confidence"] == [0.5]
    assert [line for line in capfd.readouterr().err.splitlines() if "left out" in line] == [TOLD]
    sw.close()


def test_stores_written_before_are_read_and_edited(names, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(InstancesSchema, "_violations", lambda *_: [])
        old = sw.Table.from_dict({"bbs": [boxes(TURNED), boxes(ENDLESS)]}, {"bbs": KIND}, **names)
    table = sw.Table.from_url(old.url)
    assert table[1]["bbs"].boxes.tolist() == [ENDLESS]
    revision = table.edit({"bbs": {1: boxes(GOOD)}})
    assert [row["bbs"].boxes.tolist() for row in revision] == [[TURNED], [GOOD]]
