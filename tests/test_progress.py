"""A bar for those who watch, and nothing for others."""

from contextlib import redirect_stderr

import pytest

from samplewise._progress import progress_bar, share_bar


class Terminal:
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


def test_a_bar_shows_how_much_is_done(terminal: Terminal):
    with redirect_stderr(terminal), progress_bar("reading", 4) as advance:
        advance(1)
        advance(2)
    assert "reading" in terminal.text
    assert "75%" in terminal.text


def test_shares_add_up(terminal: Terminal):
    with redirect_stderr(terminal), share_bar("reducing") as report:
        for share in (0.25, 0.5, 0.5, 1.0):
            report("fitting", share)
    assert "reducing" in terminal.text
    assert "100%" in terminal.text


def test_nobody_is_shown_a_bar_who_does_not_watch(terminal: Terminal):
    with redirect_stderr(terminal), progress_bar("reading", 4, shown=False) as advance:
        advance(4)
    assert terminal.text == ""
