"""What every message between the dashboard and its server is."""

from msgspec import Struct


class Wire(Struct, forbid_unknown_fields=True):
    """Base of all messages: unknown fields are refused."""
