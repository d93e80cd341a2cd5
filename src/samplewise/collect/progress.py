"""A progress bar for a collection, where a person watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def collection_progress(
    rows: int, what: str, *, shown: bool = True
) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, gone when done; nothing elsewhere.

    Args:
        rows: How many rows there are.
        what: What is collected, in one word.
        shown: Whether this process should show it at all.

    Yields:
        A function to call with the number of rows that were done since the last call.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"collecting {what}", total=rows)
        yield lambda count: progress.advance(task, count)
