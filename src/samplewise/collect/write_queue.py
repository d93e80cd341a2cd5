"""What a training notes on an object store is written beside it: no hanging store makes it wait."""

import threading
from collections.abc import Callable
from queue import Empty, Full, Queue

from samplewise._notes import warn

MOST_WAITING = 256
"""Writes that wait at most; those that come on top are dropped, and counted."""

Write = Callable[[], object]


class WriteQueue:
    """Writes one thing after another on a thread of its own, in the order in which they came.

    What fails or is dropped is said once when it happens first, and counted at the end.

    Args:
        name: Of the run, for people.
        most: How many may wait.
    """

    def __init__(self, name: str, most: int = MOST_WAITING) -> None:
        self._name = name
        self._waiting: Queue[Write] = Queue(most)
        self._is_closed = threading.Event()
        self._given_up = False
        self._lost = 0
        self._thread = threading.Thread(target=self._work, name="samplewise-queue", daemon=True)
        self._thread.start()

    def put(self, write: Write) -> None:
        """Have something written soon; never waits, and never fails."""
        try:
            self._waiting.put_nowait(write)
        except Full:
            self._lose("too much waits for the store already")

    def close(self, patience_s: float) -> int:
        """Wait for what is left, as long as that; says and returns how much was lost."""
        self._is_closed.set()
        self._thread.join(patience_s)
        self._given_up = True
        left = self._waiting.qsize() + self._thread.is_alive()
        lost = self._lost + left
        if lost:
            warn(f"{lost} notes of the training are not in run `{self._name}`: the store failed.")
        return lost

    def _work(self) -> None:
        while not self._given_up:
            try:
                write = self._waiting.get(timeout=0.1)
            except Empty:
                if self._is_closed.is_set():
                    return
                continue
            try:
                write()
            except Exception as error:  # noqa: BLE001  # anything: it must not end the training
                self._lose(str(error))

    def _lose(self, why: str) -> None:
        self._lost += 1
        if self._lost == 1:
            warn(f"a note of the training is not in run `{self._name}`, which goes on: {why}")
