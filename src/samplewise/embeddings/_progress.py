"""Progress of packages that only print it."""

import contextlib
import io
import re
from collections.abc import Callable, Iterator

_PACMAP_STEP = re.compile(r"Iteration:\s*(\d+)")
_TQDM_STEP = re.compile(r"(\d+)/(\d+)")


class _StepLines(io.TextIOBase):
    """Swallows text; steps that are mentioned in it are reported as a share."""

    def __init__(self, n_steps: int | None, report: Callable[[float], None]) -> None:
        self._n_steps = n_steps
        self._report = report

    def write(self, text: str, /) -> int:
        if self._n_steps is not None and (step := _PACMAP_STEP.search(text)):
            self._report(min(1.0, int(step[1]) / self._n_steps))
        elif step := _TQDM_STEP.search(text):
            self._report(min(1.0, int(step[1]) / max(1, int(step[2]))))
        return len(text)


@contextlib.contextmanager
def report_steps(
    n_steps: int | None, progress: Callable[[float], None] | None
) -> Iterator[io.TextIOBase | None]:
    """Reports the steps that are printed within it, and keeps the screen clean.

    Standard output belongs to the whole process, so it is caught only where somebody asked for
    progress.

    Args:
        n_steps: How many there are, where the lines do not say.
        progress: Called with the share that is done; None changes nothing.

    Yields:
        Where a package may write its lines instead of standard output.
    """
    if progress is None:
        yield None
        return
    lines = _StepLines(n_steps, progress)
    with contextlib.redirect_stdout(lines):
        yield lines
