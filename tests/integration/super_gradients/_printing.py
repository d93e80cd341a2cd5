"""Run with a folder of programs: each prints in a fork of this process, into files of its own.

SuperGradients and Samplewise are imported once, with a file as stdout; what a program does to the
streams and how it ends is real, as its fork ends by itself.
"""

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from unittest.mock import MagicMock

# Its threads do not survive a fork, and the end of the fork would wait for them for ever.
sys.modules["onnxruntime"] = MagicMock(__spec__=ModuleSpec("onnxruntime", None))

import samplewise.integration.super_gradients  # noqa: E402, F401 -- the programs print through it


def connect(number: int, path: Path) -> None:
    """Send a descriptor of this process into a file; both may append to one."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, number)
    os.close(file)


for program in sorted(Path(sys.argv[1]).glob("*.py")):
    pid = os.fork()
    if pid == 0:
        connect(1, program.with_suffix(".out"))
        connect(2, program.with_suffix(".err"))
        exec(compile(program.read_text(), program, "exec"), {"__name__": "__main__"})
        break  # to the end of the file, as a script ends
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    program.with_suffix(".code").write_text(str(code))
