"""What `tests/conftest.py` promises of every test, tried on tests that do not keep it."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

LEAKY = """
    import os, subprocess, sys, threading

    def test_variable():
        os.environ["LEFT_BEHIND"] = "1"

    def test_folder(tmp_path):
        os.chdir(tmp_path)

    def test_active_run(tmp_path):
        import samplewise as sw
        sw.init("p", "r", root_url=str(tmp_path))

    def test_thread():
        wait = threading.Event().wait
        threading.Thread(target=wait, name="samplewise-left", daemon=True).start()

    def test_child():
        globals()["child"] = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)

    def test_clean():
        assert "LEFT_BEHIND" not in os.environ
        child.communicate()
"""
CLEAN = "def test_nothing(): pass"


def run_tests(repository: Path, folder: Path, *options: str) -> list[str]:
    """The lines of pytest's output, for the tests of a folder outside of this repository."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-v", "-rE", "--tb=no", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(repository / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def test_a_test_that_leaves_something_behind_fails_and_no_other(repository, tmp_path):
    (tmp_path / "test_leaky.py").write_text(textwrap.dedent(LEAKY))
    lines = run_tests(repository, tmp_path)
    blamed = [line.split("::")[1].split()[0] for line in lines if line.startswith("ERROR ")]
    leaky = ["test_variable", "test_folder", "test_active_run", "test_thread", "test_child"]
    assert blamed == leaky


def test_one_number_stands_for_one_order_of_files(repository, tmp_path):
    for name in "abcdef":
        (tmp_path / f"test_{name}.py").write_text(CLEAN)

    def order(seed: int) -> list[str]:
        lines = run_tests(repository, tmp_path, f"--file-order={seed}")
        return [line.split("::")[0] for line in lines if "::test_nothing" in line]

    first = order(1)
    assert len(first) == 6
    assert order(1) == first
    assert order(2) != first
