import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.errors import NotFoundError
from samplewise.records.liveness import BEAT_S, Owner, is_alive
from samplewise.tables import Run


@pytest.fixture(autouse=True)
def _no_active_run():
    yield
    sw.set_active_run(None)


def test_init_makes_the_run_that_log_and_close_mean(root):
    assert sw.active_run() is None
    run = sw.init("p", "r", "why", {"lr": 1}, root_url=root)
    assert sw.active_run() is run
    sw.log({"loss": 1.0}, epoch=0, split="train")
    sw.close()
    assert sw.active_run() is None
    assert run.status == "completed"
    assert run.history.to_pylist()[0]["split"] == "train"


def test_a_renamed_run_is_told(root, capfd):
    sw.init("p", "r", root_url=root)
    assert sw.init("p", "r", root_url=root).name == "r_0000"
    assert "run `r` exists; the new one is named `r_0000`" in capfd.readouterr().err


def test_another_run_can_be_made_the_active_one(root):
    first, second = (sw.init("p", name, root_url=root) for name in "ab")
    sw.set_active_run(first)
    sw.log({"x": 1})
    assert (first.history.num_rows, second.history.num_rows) == (1, 0)
    assert second.status == "running"


def test_logging_without_a_run_says_what_to_do():
    with pytest.raises(NotFoundError, match="there is no active run") as caught:
        sw.log({"x": 1})
    assert caught.value.hint == "call samplewise.init(...) first"
    sw.close()


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (None, "completed", None),
        (ValueError("boom"), "failed", "ValueError: boom"),
        (KeyboardInterrupt(), "cancelled", None),
        (SystemExit(0), "completed", None),
        (SystemExit(2), "failed", "SystemExit: 2"),
    ],
)
def test_a_with_block_ends_its_run_as_it_ends_itself(root, error, status, why):
    run = Run.create("p", "r", root_url=root)
    try:
        with run:
            if error is not None:
                raise error
    except (ValueError, KeyboardInterrupt, SystemExit):
        pass
    assert (run.status, run.error) == (status, why)


ENDINGS = {
    "pass": ("completed", None),
    "raise ValueError('boom')": ("failed", "ValueError: boom"),
    "raise KeyboardInterrupt": ("cancelled", None),
    "os._exit(0)": ("failed", None),
    "os.kill(os.getpid(), signal.SIGKILL)": ("failed", None),
    "os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)": ("failed", None),
    "run.close('cancelled')": ("cancelled", None),
    "child = os.fork()\nif child: os.waitpid(child, 0); open(log, 'w').write(run.status)": (
        "completed",
        None,
    ),
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    """Status and error of a run whose program ended in each of the ways."""
    root = tmp_path_factory.mktemp("ended")
    processes = {}
    for number, ending in enumerate(ENDINGS):
        program = (
            "import os, signal, time\nfrom samplewise.tables import Run\n"
            f"log = {str(root / 'log')!r}\n"
            f"run = Run.create('p', {f'r{number}'!r}, root_url={str(root)!r})\n" + ending
        )
        processes[number] = subprocess.Popen(
            [sys.executable, "-c", program], stderr=subprocess.DEVNULL
        )
        if number % 2:  # two at a time
            processes[number - 1].wait()
            processes[number].wait()
    for process in processes.values():
        process.wait()
    runs = [Run.from_names(f"r{number}", "p", str(root)) for number in range(len(ENDINGS))]
    assert Path(root, "log").read_text() == "running"  # what the parent saw after its child ended
    return {ending: (run.status, run.error) for ending, run in zip(ENDINGS, runs, strict=True)}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_program_that_ends_without_closing_tells_how_it_ended(ended, ending):
    assert ended[ending] == ENDINGS[ending]


def test_a_living_owner_is_known_by_its_number_and_its_start():
    owner = Owner.this_process().to_json()
    assert is_alive(owner, None)
    assert not is_alive({**owner, "started": owner["started"] - 60}, time.time())
    assert not is_alive({**owner, "pid": 2**22 + 1}, time.time())


def test_an_owner_on_another_machine_is_known_by_its_heart():
    owner = {**Owner.this_process().to_json(), "host": "elsewhere", "boot": "another"}
    assert is_alive(owner, time.time() - 2 * BEAT_S)
    assert not is_alive(owner, time.time() - 60 * BEAT_S)
    assert not is_alive(owner, None)


def test_a_process_that_waits_for_its_parent_to_notice_is_dead():
    child = os.fork()
    if child == 0:
        time.sleep(60)
    import psutil

    owner = {**Owner.this_process().to_json(), "pid": child}
    owner["started"] = psutil.Process(child).create_time()
    assert is_alive(owner, None)
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # dead, and not yet waited for: a zombie
    try:
        assert not is_alive(owner, None)
    finally:
        os.waitpid(child, 0)


def test_the_heart_of_a_removed_run_stops(root, monkeypatch):
    monkeypatch.setattr("samplewise.records.liveness.BEAT_S", 0.01)
    run = Run.create("p", "r", root_url=root)
    beat = Path(run.data_url, "heartbeat")
    first = beat.stat().st_mtime_ns
    time.sleep(0.1)
    assert beat.stat().st_mtime_ns > first
    run.delete()
    time.sleep(0.1)
    assert not beat.exists()
    assert json.dumps(os.listdir(root)) == '["p"]'
