"""A bar for those who watch."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from samplewise.embeddings import Progress


@contextmanager
def progress_bar(what: str, *, shown: bool) -> Iterator[Progress]:
    """A function to be called with what is being done and the share that is done.

    Args:
        what: In words.
        shown: Whether to show a bar, which is done on a terminal only.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=1.0)
        yield lambda _, share: bars.update(task, completed=share)
