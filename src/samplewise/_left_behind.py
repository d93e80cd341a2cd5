"""Calls that may never return: made in a thread that nobody has to wait for."""

import threading
from collections.abc import Callable
from typing import Any


class Call(threading.Thread):
    """One call; what hangs in the kernel or in foreign code cannot be interrupted.

    Args:
        name: Name of the thread.
        work: What is called.
    """

    def __init__(self, name: str, work: Callable[[], Any]) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._value: Any = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            self._error = error

    def result(self) -> Any:
        """What it returned; raises what it raised. Once the thread has ended."""
        if self._error is not None:
            raise self._error
        return self._value
