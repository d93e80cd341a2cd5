"""A store in a folder of a group: two users write it, and neither loses what the other wrote."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samplewise.storage import Store

GROUP, FIRST, SECOND, STRANGER = 54321, 54001, 54002, 54003

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be two users"
)

# Python itself may lie where only root may read: so all that is used is loaded before.
BECOME = """
import os, sys, tempfile
import numpy as np, samplewise as sw
from samplewise.storage import Store

def write(root, name):
    table = sw.Table.from_dict({"x": np.arange(9)}, table_name=name, dataset_name="d",
                               project_name="p", root_url=root)
    run = sw.init("p", "r", if_exists="reuse", root_url=root)
    run.log({name: 1.0}, epoch=0, split=name)
    run.add_metrics({"m": np.arange(9)}, None, table.url, epoch=0, split=name)
    run.close()
    table.edit({"x": {0: 5}})

def add(root, _):
    Store(root).create("x.json", {"count": 0})
    for _ in range(100):
        Store(root).update("x.json", lambda old: {"count": old["count"] + 1})

def refused(root, _):
    try:
        Store(root).update("x.json", lambda old: {"count": old["count"] + 1})
    except OSError as error:
        print(error.message)

root, user, group, work, name = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    globals()[work](folder, name)
os.umask(0o077)
os.setgroups([int(group)])
os.setresgid(int(user), int(user), int(user))
os.setresuid(int(user), int(user), int(user))
globals()[work](root, name)
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that the group may write, where all users may come to."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # pytest's own are for one user
        os.chmod(folder, 0o755)
        root = Path(folder, "root")
        root.mkdir()
        os.chown(root, FIRST, GROUP)
        root.chmod(0o2770)
        yield root


@pytest.fixture
def start_as(shared: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Starts some work as another user, whose umask keeps everybody else out."""

    def start(user: int, work: str, name: str = "", group: int = GROUP) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", BECOME, str(shared), str(user), str(group), work, name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def everything(root: Path) -> list[Path]:
    return list(root.rglob("*"))


def count_of(root: Path) -> int:
    document = Store(root).read("x.json")
    assert document is not None
    return document["count"]


def test_two_users_continue_each_other_s_tables_and_runs(shared: Path, start_as):
    for user, name in ((FIRST, "a"), (SECOND, "b"), (FIRST, "c")):
        done = start_as(user, "write", name)
        out, err = done.communicate()
        assert done.returncode == 0, out + err
    closed = [p for p in everything(shared) if not p.stat().st_mode & stat.S_IWGRP]
    assert closed == []
    assert {p.stat().st_gid for p in everything(shared)} == {GROUP}
    assert {p.stat().st_uid for p in everything(shared)} == {FIRST, SECOND}


@pytest.mark.parametrize("is_old", [False, True])
def test_no_change_of_two_users_is_lost(shared: Path, start_as, is_old: bool):
    if is_old:  # earlier versions made the lock so that only its owner could write it
        lock = shared / ".lock"
        lock.touch()
        os.chown(lock, FIRST, GROUP)
        lock.chmod(0o644)
    started = [start_as(user, "add") for user in (FIRST, SECOND)]
    for each in started:
        out, err = each.communicate()
        assert each.returncode == 0, out + err
    assert count_of(shared) == 200


def test_who_cannot_lock_is_told_so_and_writes_nothing(shared: Path, start_as):
    Store(shared).create("x.json", {"count": 0})
    shared.chmod(0o2777)
    lock = shared / ".lock"
    lock.touch()
    lock.chmod(0o600)
    said, err = start_as(STRANGER, "refused", group=STRANGER).communicate()
    assert said.startswith(f"`{lock}` cannot be locked, so nothing is written: Permission denied.")
    assert err == ""
    assert count_of(shared) == 0


def test_where_only_one_user_writes_files_are_as_the_umask_says(tmp_path: Path):
    root = tmp_path / "own"
    root.mkdir(mode=0o755)
    Store(root).create("p/x.json", {})
    assert stat.S_IMODE((root / "p/x.json").stat().st_mode) == 0o644
    assert not (root / "p").stat().st_mode & stat.S_IWGRP
