"""Columns that were read lately, kept in memory up to a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MOST_BYTES = 2**30


class HotColumns:
    """Values by key, the least used ones forgotten first; may be shared by threads.

    Args:
        most_bytes: How much is kept. One value that is larger than that is kept alone.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._busy: dict[Hashable, threading.Lock] = {}

    @property
    def size_bytes(self) -> int:
        """How much is kept now."""
        return sum(size for _, size in self._kept.values())

    def get(self, key: Hashable, read: Callable[[], Any]) -> Any:
        """The value of a key; read by the first who asks, while the others wait.

        Args:
            key: Names the value and the version of what it is read from.
            read: Reads it; the value has `nbytes`.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            busy = self._busy.setdefault(key, threading.Lock())
        with busy:
            with self._lock:
                if key in self._kept:
                    return self._kept[key][0]
            try:
                value = read()
                self.put(key, value)
            finally:
                with self._lock:
                    self._busy.pop(key, None)
        return value

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value; it has `nbytes`."""
        with self._lock:
            self._kept[key] = (value, int(value.nbytes))
            while self.size_bytes > self._most and len(self._kept) > 1:
                self._kept.popitem(last=False)
