"""Images that are not on this machine: which may be read, and from which addresses.

A Table names URLs and may be somebody else's, so nothing remote is asked for until a person has
named it, and a web address never leads into the person's own network.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import time
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from samplewise.errors import ImageError, ImageRefusedError, StoreError
from samplewise.schema.image_limits import MAX_BYTES, TIMEOUT, max_bytes, timeout_s
from samplewise.schema.object_store import object_bytes

REMOTE = "SAMPLEWISE_REMOTE_IMAGES"
PRIVATE = "SAMPLEWISE_PRIVATE_ADDRESSES"

_ALIAS = "SAMPLEWISE_ALIAS_"
_ROOT = "SAMPLEWISE_ROOT"
_WEB = ("http", "https")
_OBJECT_STORES = ("s3", "s3a", "gs", "az", "abfs", "abfss", "azure", "adl", "memory")
_REDIRECTS = 5
_CHUNK = 2**16


def read_remote(url: str) -> bytes:
    """The bytes of an image on an object store or on the web.

    Raises:
        ImageRefusedError: Nobody has allowed that place, or it leads into the private network.
        ImageError: It cannot be read.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    scheme = urlsplit(url).scheme.lower()
    if scheme not in (*_WEB, *_OBJECT_STORES):
        raise ImageRefusedError(
            f"image `{url}` cannot be read: `{scheme}` is no place for images.",
            hint="images are files, or lie on s3://, gs://, az://, http:// or https://",
        )
    if not is_allowed(url):
        place = "://".join(urlsplit(url)[:2])
        raise ImageRefusedError(
            f"image `{url}` is not asked for: it is not on this machine, and nobody has allowed "
            "that place.",
            hint=f"{REMOTE}={place} allows it, or a list of such beginnings; `*` all of them",
        )
    if scheme in _WEB:
        return _fetch(url)
    try:
        return object_bytes(url, max_bytes=max_bytes(), timeout_s=timeout_s())
    except (StoreError, FileNotFoundError) as error:
        reason = error.message if isinstance(error, StoreError) else "there is no such object."
        raise ImageError(f"image `{url}` cannot be read: {reason}") from None


def is_allowed(url: str) -> bool:
    """Whether a person has named the place of a URL.

    Places are named by `SAMPLEWISE_REMOTE_IMAGES`; a folder that an alias in the environment
    stands for, and the store's own root, count too. What a project's file names does not: it may
    be somebody else's.
    """
    named = os.environ.get(REMOTE, "").replace(",", " ").split()
    if "*" in named:
        return True
    folders = [value for name, value in os.environ.items() if name.startswith(_ALIAS)]
    return any(_is_below(url, place) for place in (*named, *folders, os.environ.get(_ROOT, "")))


def _is_below(url: str, place: str) -> bool:
    if "://" not in place:
        return False
    asked, allowed = urlsplit(url), urlsplit(place)
    if (asked.scheme, asked.netloc) != (allowed.scheme, allowed.netloc):
        return False
    folder = allowed.path.rstrip("/")
    is_inside = not folder or f"{asked.path}/".startswith(f"{folder}/")
    return is_inside and ".." not in asked.path.split("/")


def _fetch(url: str) -> bytes:
    """What a web server answers, also after redirects; each address is looked at before."""
    until = time.monotonic() + timeout_s()
    here = url
    for _ in range(_REDIRECTS + 1):
        try:
            found = _ask(here, url, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, ImageError):
                raise
            reason = _reason(error)
            raise ImageError(f"image `{url}` cannot be read: {reason}.") from None
        if isinstance(found, bytes):
            return found
        here = found
    raise ImageError(
        f"image `{url}` cannot be read: it is redirected more than {_REDIRECTS} times."
    )


def _ask(here: str, url: str, until: float) -> bytes | str:
    """The content, or where it has moved to."""
    parts = urlsplit(here)
    if parts.scheme not in _WEB or not parts.hostname:
        raise ImageError(f"image `{url}` cannot be read: it is redirected to `{here}`.")
    connection = _connect(parts, url, until)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "samplewise", "Accept": "image/*"})
        with connection.getresponse() as answer:
            if 300 <= answer.status < 400 and answer.headers["Location"]:
                return urljoin(here, answer.headers["Location"])
            if answer.status != http.HTTPStatus.OK:
                raise ImageError(
                    f"image `{url}` cannot be read: the server answers {answer.status}."
                )
            return _body(answer, url, until)
    finally:
        connection.close()


def _body(answer: Any, url: str, until: float) -> bytes:
    most, content = max_bytes(), bytearray()
    while chunk := answer.read1(_CHUNK):
        content += chunk
        if len(content) > most:
            raise ImageRefusedError(
                f"image `{url}` must have at most {most:,} bytes, but has more.",
                hint=f"{MAX_BYTES} raises the limit",
            )
        if time.monotonic() > until:
            raise _too_slow(url)
    return bytes(content)


def _connect(parts: SplitResult, url: str, until: float) -> http.client.HTTPConnection:
    """A connection to an address that was looked at: no name is resolved a second time."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port, url)
    left = until - time.monotonic()
    if left <= 0:
        raise _too_slow(url)
    connection = http.client.HTTPConnection(host, port, timeout=left)
    connection.sock = socket.create_connection((address, port), timeout=left)
    if parts.scheme == "https":
        connection.default_port = 443  # so that `Host` is sent without it
        try:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        except (OSError, ValueError):
            connection.close()
            raise
    return connection


def _address(host: str, port: int, url: str) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if os.environ.get(PRIVATE) == "1":
        return addresses[0]
    for address in addresses:
        if not _is_public(address):
            raise ImageRefusedError(
                f"image `{url}` is not asked for: `{host}` is an address of a private network, or "
                "of this machine.",
                hint=f"{PRIVATE}=1 allows such addresses",
            )
    return addresses[0]


def _is_public(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    # The well-known prefix of NAT64 leads to any address of the old kind.
    if number.version == 6 and number in ipaddress.ip_network("64:ff9b::/96"):
        mapped = ipaddress.ip_address(int(number) & 0xFFFFFFFF)
    return number.is_global and not number.is_multicast and (mapped is None or mapped.is_global)


def _reason(error: Exception) -> str:
    return "the server does not answer in time" if isinstance(error, TimeoutError) else str(error)


def _too_slow(url: str) -> ImageError:
    return ImageError(
        f"image `{url}` cannot be read within {timeout_s():g} s.",
        hint=f"{TIMEOUT} sets another limit, in seconds",
    )
