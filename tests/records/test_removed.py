"""Writing to what was removed is an error; so is a reader whose run goes away, in our words."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from samplewise.errors import NotFoundError, SamplewiseError
from samplewise.storage import Store
from samplewise.tables import Run

WRITES: dict[str, Callable[[Run], object]] = {
    "log": lambda run: run.log({"a": 1.0}),
    "log of an epoch": lambda run: run.log({"a": 1.0}, epoch=1, split="val"),
    "add_metrics": lambda run: run.add_metrics({"m": [1, 2]}),
    "add_collection": lambda run: run.add_collection({"epoch": 1}),
    "set_parameters": lambda run: run.set_parameters({"a": 1}),
    "annotate": lambda run: run.annotate(notes="a"),
    "close": lambda run: run.close(),
    "reopen": lambda run: run.reopen(),
}


@pytest.mark.parametrize("name", WRITES)
def test_writing_to_a_removed_run_is_an_error_and_makes_nothing(name: str, run: Run, root: str):
    run.log({"a": 0.0}, epoch=0)
    run.delete()
    with pytest.raises(NotFoundError, match=r"run `r` of project `p` is gone"):
        WRITES[name](run)
    assert not list(Store(root).files("p/runs"))


@pytest.mark.parametrize("is_overwritten", [False, True])
def test_a_revision_of_a_removed_table_is_refused(make_table, is_overwritten: bool):
    table = make_table()
    if is_overwritten:
        make_table({"x": [1]}, if_exists="overwrite")
    else:
        table.delete()
    for change in (lambda: table.edit({"x": {0: 1}}), lambda: table.delete_rows([0])):
        with pytest.raises(NotFoundError, match="table `initial` cannot be changed: it was"):
            change()
    assert len(table.to_arrow()) == 5  # whoever has it open goes on reading


def test_a_reader_of_a_run_that_is_removed_gets_all_or_an_error_of_ours(root: str):
    """Many times: the run goes away somewhere in the middle of it."""
    seen: list[object] = []
    for number in range(6):
        run = Run.create("p", "r", root_url=root)
        run.add_metrics({"m": np.arange(20_000)}, epoch=0)
        run.log({"a": 1.0}, epoch=0)
        going = threading.Event()

        def read(run: Run = run, going: threading.Event = going) -> None:
            opened = Run.from_url(run.url)
            going.set()
            for _ in range(12):
                for use in (
                    lambda: opened.metrics(["m"]).num_rows == 20_000,
                    lambda: opened.history.num_rows == 1,
                    lambda: opened.sql("select sum(m) as s from metrics").num_rows == 1,
                    lambda: opened.status in ("running", "completed"),
                ):
                    try:
                        seen.append(use())
                    except SamplewiseError:
                        pass
                    except BaseException as error:  # noqa: BLE001  # that is what is looked for
                        seen.append(error)
                        return

        reader = threading.Thread(target=read)
        reader.start()
        going.wait()
        if number % 2:
            threading.Event().wait(0.02 * number)
        run.delete()
        reader.join()
    assert [each for each in seen if each is not True] == []
