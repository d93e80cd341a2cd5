"""Times and durations as people read them."""

from datetime import datetime


def moment(iso: str | None) -> str:
    """A time on the clock of this machine, to the minute; `-` for None.

    Args:
        iso: UTC, ISO 8601.
    """
    if not iso:
        return "-"
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def duration(seconds: float | None) -> str:
    """A duration in its two largest units; `-` for None.

    Examples:
        >>> duration(7.25), duration(3_725)
        ('7.2 s', '1 h 2 min')
    """
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"
