"""What the contract calls schemas: our own, see `samplewise.schemas`."""

from samplewise.schemas import *  # noqa: F403
from samplewise.schemas import __all__ as __all__  # noqa: PLC0414
