"""Text from elsewhere, so that a terminal shows it and does not obey it."""

import re

# All control characters but tab and line feed, and what turns the direction of text around:
# a terminal obeys the first (titles, colours, clipboard, clear screen), an eye is fooled by the
# others.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""The text with control characters and turns of direction as `\x1b` and `\u202e`."""
    return _COMMANDS.sub(_escape, text)


def json_visible(text: str) -> str:
    """JSON of the same value in which such characters are escaped."""
    return _COMMANDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
