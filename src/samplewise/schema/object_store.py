"""Object stores, opened once in a process, with credentials from the environment."""

import os
from datetime import timedelta
from typing import Any

from samplewise.errors import ForkError, StoreError

AWS_ENDPOINT = "AWS_ENDPOINT_URL"

CLOUD_METADATA = "SAMPLEWISE_CLOUD_METADATA"

# Without any of these the clients ask an address inside the cloud who they are.
_CREDENTIALS = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_"),
    "gs": ("GOOGLE_SERVICE_ACCOUNT", "GOOGLE_APPLICATION_CREDENTIALS"),
    "az": ("AZURE_",),
}
_SAME = {"s3a": "s3", "abfs": "az", "abfss": "az", "azure": "az", "adl": "az"}

_opened: dict[Any, Any] = {}
_process: int | None = None


def object_store(url: str, **options: Any) -> Any:
    """The object store at a URL such as `s3://bucket/folder`.

    Plain `http` is allowed where `AWS_ENDPOINT_URL` says so.

    Args:
        url: Where it is.
        options: For obstore's `from_url`.

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
    client = {"allow_http": allows_http(url), **options.pop("client_options", {})}
    key = (url, repr(client), repr(options))
    if key not in _opened:
        from obstore.store import from_url

        _process = os.getpid()
        _opened[key] = from_url(url, client_options=client, **options)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return _opened[key]


def object_bytes(url: str, *, max_bytes: int, timeout_s: float) -> bytes:
    """The object at a URL such as `s3://bucket/folder/image.jpg`.

    Where the environment holds no credentials it is asked for without any: who runs inside of a
    cloud allows its metadata address with `SAMPLEWISE_CLOUD_METADATA=1`.

    Args:
        url: Where it is.
        max_bytes: How large it may be.
        timeout_s: How long to wait for it.

    Raises:
        FileNotFoundError: There is none.
        StoreError: It cannot be read, or is larger.
        ForkError: See `object_store`.
    """
    from obstore.exceptions import BaseError

    scheme, _, rest = url.partition("://")
    bucket, _, path = rest.partition("/")
    options: dict[str, Any] = {"client_options": {"timeout": timedelta(seconds=timeout_s)}}
    if is_anonymous(scheme):
        options["skip_signature"] = True
    try:
        found = object_store(f"{scheme}://{bucket}", **options).get(path)
        if found.meta["size"] > max_bytes:
            raise StoreError(f"`{url}` must have at most {max_bytes:,} bytes.")
        return bytes(found.bytes())
    except BaseError as error:
        first = str(error).strip().partition("\n")[0]
        raise StoreError(
            f"`{url}` cannot be read: {first}",
            hint="check the credentials in the environment (AWS_...)",
        ) from error


def is_anonymous(scheme: str) -> bool:
    """Whether objects are asked for without credentials, since the environment has none."""
    names = _CREDENTIALS.get(_SAME.get(scheme, scheme))
    if names is None or os.environ.get(CLOUD_METADATA) == "1":
        return False
    return not any(name.startswith(names) for name, value in os.environ.items() if value)


def allows_http(url: str) -> bool:
    """Whether the endpoint of a URL is a plain `http` one."""
    return url.startswith("s3://") and os.environ.get(AWS_ENDPOINT, "").startswith("http:")
