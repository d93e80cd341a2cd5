"""Try something in a process of its own, which may be slow, change things, or crash."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import Any


def run_probe(module: str, *, timeout_s: float) -> dict[str, Any]:
    """Run a module of this room in a fresh interpreter.

    Args:
        module: Its name, such as `torch_probe`. It prints a JSON object as its last line.
        timeout_s: Seconds to wait for it.

    Returns:
        That object; `{"error": <one line>}` if there is none.
    """
    # -P: files that happen to lie in the current folder are not what is being checked.
    command = [sys.executable, "-P", "-m", f"{__package__}.{module}"]
    with tempfile.TemporaryDirectory() as folder:
        quiet = {**os.environ, "SUPER_GRADIENTS_LOG_DIR": folder, "CRASH_HANDLER": "FALSE"}
        try:
            done = subprocess.run(
                command, env=quiet, capture_output=True, text=True, timeout=timeout_s, check=False
            )
        except subprocess.TimeoutExpired:
            return {"error": f"did not finish within {timeout_s:.0f} s"}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        return json.loads(lines[-1])
    return {"error": _last_words(done)}


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode < 0:
        return f"crashed ({signal.Signals(-done.returncode).name})"
    said = done.stderr.strip().splitlines()
    return said[-1] if said else f"ended with exit code {done.returncode}"
