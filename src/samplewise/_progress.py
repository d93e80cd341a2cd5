"""A progress bar where a person watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(
    what: str, total: float = 1.0, *, shown: bool = True
) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal, gone when done; nothing elsewhere.

    Args:
        what: What is being done, in words.
        total: How much there is to do: rows, files, or 1 for shares.
        shown: Whether to show it at all.

    Yields:
        A function to call with how much was done since the last call.
    """
    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def share_bar(what: str, *, shown: bool = True) -> Iterator[Callable[[str, float], None]]:
    """The same for work that says which share of it is done, such as that of `embeddings`.

    Args:
        what: What is being done, in words.
        shown: Whether to show it at all.

    Yields:
        A function to call with a text, which is not shown, and the share that is done.
    """
    reached = 0.0
    with progress_bar(what, shown=shown) as advance:

        def report(_: str, share: float) -> None:
            nonlocal reached
            advance(share - reached)
            reached = share

        yield report
