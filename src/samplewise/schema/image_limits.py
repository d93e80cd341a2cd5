"""What bounds the reading of an image: variables of the environment, with defaults."""

import os

from samplewise.errors import InvalidArgumentError

MAX_PIXELS = "SAMPLEWISE_MAX_IMAGE_PIXELS"
MAX_BYTES = "SAMPLEWISE_MAX_IMAGE_BYTES"
TIMEOUT = "SAMPLEWISE_IMAGE_TIMEOUT"

# 16,384 x 16,384: an aerial picture of 0.8 GB in memory. A header is read whatever it says.
_PIXELS = 2**28
_BYTES = 2**30
_SECONDS = 30.0


def max_pixels() -> int:
    """How many pixels an image may have to be decoded.

    Raises:
        InvalidArgumentError: The variable holds no positive number.
    """
    return int(_positive(MAX_PIXELS, _PIXELS))


def max_bytes() -> int:
    """How large the file of an image may be.

    Raises:
        InvalidArgumentError: The variable holds no positive number.
    """
    return int(_positive(MAX_BYTES, _BYTES))


def timeout_s() -> float:
    """How long the reading of an image's bytes may take, decoding not included.

    Raises:
        InvalidArgumentError: The variable holds no positive number.
    """
    return _positive(TIMEOUT, _SECONDS)


def _positive(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise InvalidArgumentError(f"`{name}` must be a positive number, but is {text[:40]!r}.")
    return number
