"""Object stores, opened once in a process, with credentials from the environment."""

import os
from typing import Any

from samplewise.errors import ForkError, StoreError

AWS_ENDPOINT = "AWS_ENDPOINT_URL"

_opened: dict[str, Any] = {}
_process: int | None = None


def object_store(url: str) -> Any:
    """The object store at a URL such as `s3://bucket/folder`.

    Plain `http` is allowed where `AWS_ENDPOINT_URL` says so.

    Raises:
        ForkError: One was opened before this process forked: its threads are gone, and a call
            would wait for ever.
    """
    global _process  # noqa: PLW0603  # a connection belongs to its process
    if _process not in (None, os.getpid()):
        raise ForkError(
            f"`{url}` cannot be read here: an object store was opened before this process forked, "
            "and its connection does not survive that.",
            hint='pass multiprocessing_context="spawn" to the DataLoader',
        )
    if url not in _opened:
        from obstore.store import from_url

        _process = os.getpid()
        _opened[url] = from_url(url, client_options={"allow_http": allows_http(url)})
    return _opened[url]


def object_bytes(url: str) -> bytes:
    """The object at a URL such as `s3://bucket/folder/image.jpg`.

    Raises:
        FileNotFoundError: There is none.
        StoreError: It cannot be read.
        ForkError: See `object_store`.
    """
    from obstore.exceptions import BaseError

    scheme, _, rest = url.partition("://")
    bucket, _, path = rest.partition("/")
    try:
        return bytes(object_store(f"{scheme}://{bucket}").get(path).bytes())
    except BaseError as error:
        first = str(error).strip().partition("\n")[0]
        raise StoreError(
            f"`{url}` cannot be read: {first}",
            hint="check the credentials in the environment (AWS_...)",
        ) from error


def allows_http(url: str) -> bool:
    """Whether the endpoint of a URL is a plain `http` one."""
    return url.startswith("s3://") and os.environ.get(AWS_ENDPOINT, "").startswith("http:")
