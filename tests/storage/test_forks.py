import os
import subprocess
import sys
import warnings

import pyarrow as pa
import pytest

from samplewise.errors import ForkError
from samplewise.schema.object_store import object_bytes
from samplewise.storage import Store
from samplewise.storage import rows as r

SCHEMA = pa.schema([("x", pa.int64())])


def in_child(function: object) -> str:
    """What a forked child got from a function, as text."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = repr(function())
        except Exception as error:  # noqa: BLE001  # told to the parent
            answer = f"{type(error).__name__}: {error}"
        os.write(start, answer.encode())
        os._exit(0)
    os.close(start)
    with os.fdopen(end) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def test_lance_is_refused_in_a_forked_child_with_a_hint(store: Store):
    rows = r.write_rows(store, r.fresh_path("p"), SCHEMA, [pa.record_batch({"x": [1]})])
    data = r.open_rows(store, rows)
    answer = in_child(lambda: r.open_rows(store, rows))
    assert answer.startswith("ForkError")
    assert 'multiprocessing_context="spawn"' in answer
    assert data.count_rows() == 1


def test_a_child_that_is_forked_before_lance_is_used_may_use_it(store: Store):
    program = f"""
import os, sys
import pyarrow as pa
from samplewise.storage import Store, rows
child = os.fork()
if child == 0:
    schema = pa.schema([("x", pa.int64())])
    rows.write_rows(Store({store.root!r}), "x.lance", schema, [])
    os._exit(7)
sys.exit(0 if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7 else 1)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_object_store_is_refused_in_a_forked_child_instead_of_waiting_for_ever(s3_root: str):
    store = Store(s3_root)
    store.create("x.json", {})
    assert in_child(lambda: store.read("x.json")).startswith("ForkError")
    url, bounds = f"{s3_root}/x.json", {"max_bytes": 99, "timeout_s": 9.0}
    assert in_child(lambda: object_bytes(url, **bounds)).startswith("ForkError")


def test_forking_says_nothing_about_lance(store: Store, capfd):
    r.write_rows(store, r.fresh_path("p"), SCHEMA, [])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert in_child(lambda: 1) == "1"
    assert capfd.readouterr().err == ""


def test_a_fork_error_crosses_the_border_of_processes():
    import pickle

    error = ForkError("what", hint="do")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    with pytest.raises(RuntimeError):
        raise error
