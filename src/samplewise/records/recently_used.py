"""Values that were made lately, kept up to a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


def _one(_: object) -> int:
    return 1


class RecentlyUsed(Generic[V]):
    """Values by key, the least used ones forgotten first; may be shared by threads.

    Args:
        most: How much is kept, in the unit of `size_of`. One value larger than that is kept alone.
        size_of: How much of it a value takes; without it, each takes 1.
    """

    def __init__(self, most: int, size_of: Callable[[V], int] = _one) -> None:
        self._most = most
        self._size_of = size_of
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self.size = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key; made by the first who asks, while others wait for this one only.

        A value that cannot be made is not remembered: who asks next tries again.

        Args:
            key: Names the value and the version of what it is made from.
            make: Makes it.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key][0]
            try:
                value = make()
                self.put(key, value)
            finally:
                with self._lock:  # also after a failure, or every bad key would leave a lock
                    self._making.pop(key, None)
        return value

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value."""
        size = self._size_of(value)
        with self._lock:
            self.size += size - self._kept.pop(key, (value, 0))[1]
            self._kept[key] = (value, size)
            while self.size > self._most and len(self._kept) > 1:
                self.size -= self._kept.popitem(last=False)[1][1]

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept
