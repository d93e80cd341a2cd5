"""Nothing printed is lost or doubled once SuperGradients stands between a script and its output."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAMS = {
    "every way to print": """
        import sys
        print("line")
        sys.stdout.write("written, ")
        print("flushed, ", end="", flush=True)
        sys.stdout.writelines(["two ", "parts\\n"])
        print("no line ends here: \\u00e9", end="")
    """,
    "exit code": """
        import sys
        print("before", end="")
        sys.exit(3)
    """,
    "exception": """
        print("before the fault")
        def divide(number):
            return number / 0
        divide(1)
    """,
    "one file for both": """
        import os, sys
        os.dup2(1, 2)
        print("printed first")
        print("told second", file=sys.stderr)
        print("printed third")
        raise RuntimeError("last")
    """,
    "terminated": """
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        print("a line")
        print("flushed", end="", flush=True)
        os.kill(os.getpid(), signal.SIGTERM)
    """,
    "interrupted": """
        import signal
        signal.signal(signal.SIGINT, signal.default_int_handler)
        print("before Ctrl-C", end="")
        signal.raise_signal(signal.SIGINT)
    """,
    "child program": """
        import subprocess, sys
        print("parent")
        subprocess.run([sys.executable, "-c", "print('child')"], check=True)
        print("parent again")
    """,
    "fork": """
        import os
        print("once, ", end="")
        if os.fork() == 0:
            print("child")
        else:
            os.wait()
            print("parent")
    """,
    "workers of a loader": """
        import os
        from torch.utils.data import DataLoader
        class Numbers:
            def __len__(self):
                return 4
            def __getitem__(self, row):
                print(f"row {row}\\n", end="", flush=True)
                return row
        print("start, ", end="")
        for batch in DataLoader(Numbers(), batch_size=2, num_workers=2):
            pass
        print("end")
    """,
    "redirected": """
        import contextlib, io, os
        kept = io.StringIO()
        with contextlib.redirect_stdout(kept):
            print("aside")
        print(f"printed, {kept.getvalue()!r} kept")
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            print("nowhere")
    """,
    "progress": """
        import sys, time
        from tqdm import tqdm
        from rich.console import Console
        for _ in tqdm(range(3), file=sys.stdout, bar_format="{n_fmt}", mininterval=0):
            pass
        for _ in tqdm(range(3), bar_format="{n_fmt}", mininterval=0):
            pass
        Console().print("[bold]rich[/bold]")
    """,
    "question": """
        import os, sys
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        try:
            input("Continue? ")
        except EOFError:
            os._exit(0)
    """,
}


class Ended(NamedTuple):
    out: bytes
    err: bytes
    code: int


def clean_environment(home: Path) -> dict[str, str]:
    """As on a machine where nobody has set anything: Python keeps back what goes into a pipe."""
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """What each program left in its files, and its exit code."""
    folder = tmp_path_factory.mktemp("programs")
    for name, text in PROGRAMS.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    script = Path(__file__).with_name("_printing.py")
    with (folder / "unused").open("wb") as file:
        subprocess.run(
            [sys.executable, script, folder],
            env=clean_environment(folder),
            stdout=file,
            stderr=file,
            check=True,
            timeout=300,
        )
    return {name: read_files(folder / name) for name in PROGRAMS}


def read_files(path: Path) -> Ended:
    out, err = (path.with_suffix(suffix).read_bytes() for suffix in (".out", ".err"))
    return Ended(out, err, int(path.with_suffix(".code").read_text()))


def test_every_way_to_print_arrives_in_its_order(ended):
    printed = "line\nwritten, flushed, two parts\nno line ends here: é"
    assert ended["every way to print"] == (printed.encode(), b"", 0)


def test_an_exit_code_stays_and_loses_nothing(ended):
    assert ended["exit code"] == (b"before", b"", 3)


def test_an_uncaught_exception_tells_all_of_its_traceback(ended):
    out, err, code = ended["exception"]
    assert (out, code) == (b"before the fault\n", 1)
    assert err.startswith(b"Traceback (most recent call last):\n")
    assert b", in divide\n" in err
    assert err.endswith(b"ZeroDivisionError: division by zero\n")


def test_what_goes_into_one_file_keeps_its_order(ended):
    lines = ended["one file for both"].out.splitlines()
    assert lines[:3] == [b"printed first", b"told second", b"printed third"]
    assert lines[3] == b"Traceback (most recent call last):"
    assert lines[-1] == b"RuntimeError: last"


def test_a_terminated_process_has_printed_its_lines(ended):
    assert ended["terminated"] == (b"a line\nflushed", b"", -signal.SIGTERM)


def test_an_interrupted_script_has_printed_all(ended):
    out, err, code = ended["interrupted"]
    assert (out, code) == (b"before Ctrl-C", -signal.SIGINT)
    assert err.endswith(b"KeyboardInterrupt\n")


def test_a_child_program_prints_in_between(ended):
    assert ended["child program"] == (b"parent\nchild\nparent again\n", b"", 0)


def test_a_forked_child_does_not_print_again_what_its_parent_printed(ended):
    assert ended["fork"] == (b"once, child\nparent\n", b"", 0)


def test_workers_of_a_loader_print_once(ended):
    out, _, code = ended["workers of a loader"]
    assert sorted(out.removeprefix(b"start, ").splitlines()) == sorted(
        [b"row 0", b"row 1", b"row 2", b"row 3", b"end"]
    )
    assert (out[:7], code) == (b"start, ", 0)


def test_redirected_output_goes_where_it_was_sent(ended):
    assert ended["redirected"].out == b"printed, 'aside\\n' kept\n"


def test_bars_of_tqdm_and_texts_of_rich_arrive(ended):
    out, err, _ = ended["progress"]
    assert out == b"\r0\r1\r2\r3\r3\nrich\n"
    assert err == b"\r0\r1\r2\r3\r3\n"


def test_a_question_is_asked_before_the_answer(ended):
    assert ended["question"].out == b"Continue? "


@pytest.mark.parametrize("first", ["", "super_gradients"])
def test_what_a_script_prints_is_in_the_pipe_whoever_is_imported_first(first, tmp_path):
    program = f"""
        print("before")
        {f"import {first}" if first else ""}
        print("between")
        import samplewise.integration.super_gradients
        print("after")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=clean_environment(tmp_path),
        capture_output=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if b" " not in line] == [b"before", b"between", b"after"]


def test_pytest_still_sees_what_is_printed(capsys):
    import samplewise.integration.super_gradients  # noqa: F401

    capsys.readouterr()  # the import itself may print
    print("captured", end="", flush=True)  # noqa: T201
    assert capsys.readouterr().out == "captured"
