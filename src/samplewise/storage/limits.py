"""How long an object store may take, and what to say of one that fails."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from samplewise.errors import InvalidArgumentError, StoreError

TIMEOUT = "SAMPLEWISE_STORE_TIMEOUT"
_DEFAULT_S = 30.0

_REACH = f"look after the network and the endpoint; {TIMEOUT} sets another limit, in seconds"
_RIGHTS = "check the bucket, and the credentials in the environment (AWS_...)"
_GONE = "somebody may have removed it just now; `samplewise check` tells what is missing"
_LATER = "try again later; the server's own log says what is wrong with it"

_REASONS: tuple[tuple[str, str, str], ...] = (
    (r"NoSuchBucket", "there is no such bucket", _RIGHTS),
    (r"[Nn]ot ?[Ff]ound|NoSuchKey|\b404 ", "it is not there", _GONE),
    (r"\b401 |Unauthenticated", "the credentials are not accepted (401)", _RIGHTS),
    (r"credential|169\.254\.|metadata server|IMDS", "there are no credentials", _RIGHTS),
    (r"\b403 |PermissionDenied|AccessDenied", "access is denied (403)", _RIGHTS),
    (r"\b429 |\b503 |SlowDown", "the server has too much to do (503)", _LATER),
    (r"status code: 5\d\d", "the server fails (500)", _LATER),
    (r"[Cc]onnection ?[Rr]efused", "nothing answers there", _REACH),
    (r"dns error|lookup address", "no machine of that name is known", _REACH),
    (r"[Tt]imed ?[Oo]ut|timeout", "there was no answer in time", _REACH),
    (r"error sending request|[Cc]onnection|HTTP error", "it cannot be reached", _REACH),
)


def store_timeout_s() -> float:
    """How long one call to an object store may take in all, seconds.

    Raises:
        InvalidArgumentError: The environment says something else than a number above 0.
    """
    text = os.environ.get(TIMEOUT, "")
    try:
        seconds = float(text) if text else _DEFAULT_S
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise InvalidArgumentError(f"`{TIMEOUT}` must be seconds above 0, but is {text!r}.")
    return seconds


def client_limits() -> dict[str, Any]:
    """Options of obstore: what a request and its repetitions may take."""
    half = timedelta(seconds=store_timeout_s() / 2)
    return {
        "client_options": {"timeout": half, "connect_timeout": half},
        "retry_config": {"retry_timeout": half},
    }


def lance_limits() -> Mapping[str, str]:
    """The same for Lance, which repeats its requests and then the whole once more."""
    half = f"{store_timeout_s() / 2:.3f}s"
    return {
        "timeout": half,
        "connect_timeout": half,
        "client_max_retries": "3",
        "client_retry_timeout": str(max(1, round(store_timeout_s() / 2))),
    }


def remote_error(url: str, what: str, error: object) -> StoreError:
    """What to say where a call failed, in one sentence.

    Args:
        url: What it was about.
        what: What cannot be done to it, such as `read`.
        error: What the client said.
    """
    text = str(error)
    for pattern, reason, hint in _REASONS:
        if re.search(pattern, text):
            return StoreError(f"`{url}` cannot be {what}: {reason}.", hint=hint)
    first = text.strip().partition("\n")[0][:200]
    return StoreError(f"`{url}` cannot be {what}: {first}", hint=_RIGHTS)
