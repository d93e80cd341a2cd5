"""Images on the web: asked for where a person allowed it, and never inside the own network."""

import functools
import http.server
import socket
import threading

import numpy as np
import pytest
from PIL import Image

from samplewise.errors import ImageError, ImageRefusedError
from samplewise.schema.image_reader import read_pixels
from samplewise.schema.object_store import is_anonymous
from samplewise.schema.remote_image import is_allowed

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8)


class _Handler(http.server.SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def server(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    (tmp_path / "secret.txt").write_text("the first bytes")
    handler = functools.partial(_Handler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def _url(server, path="a.png", host="127.0.0.1"):
    return f"http://{host}:{server.server_port}/{path}"


def test_nothing_remote_is_asked_for_until_a_person_allows_it(server):
    for url in (
        _url(server),
        "s3://bucket/a.png",
        "gs://bucket/a.png",
        "https://example.org/a.png",
    ):
        with pytest.raises(ImageRefusedError, match="nobody has allowed that place") as told:
            read_pixels(url)
        assert "SAMPLEWISE_REMOTE_IMAGES=" in str(told.value.hint)
    assert server.asked == []


def test_an_address_of_this_machine_is_not_asked_unless_that_is_allowed_too(server, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "*")
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):
        with pytest.raises(ImageError, match=r"an address of a private network|cannot be read"):
            read_pixels(_url(server, host=host))
    assert server.asked == []
    monkeypatch.setenv("SAMPLEWISE_PRIVATE_ADDRESSES", "1")
    np.testing.assert_array_equal(read_pixels(_url(server)), PIXELS)


PRIVATE = (
    "10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 ::1 fe80::1 fc00::1 "
    "::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::"
)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_a_name_that_leads_into_the_private_network_is_refused(monkeypatch, address):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "https://images.example.org")
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was asked"))
    with pytest.raises(ImageRefusedError, match="an address of a private network"):
        read_pixels("https://images.example.org/a.png")


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(server, monkeypatch):
    """A name server that answers otherwise the second time changes nothing."""
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "*")
    answers = iter(["93.184.215.14", "127.0.0.1"])
    asked = []

    def resolve(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    def connect(address: object, **_: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ImageError, match="cannot be read"):
        read_pixels(_url(server, host="rebinding.example.org"))
    assert [address[0] for address in asked] == ["93.184.215.14"]


def test_redirects_are_followed_and_looked_at_each(server, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "*")
    monkeypatch.setenv("SAMPLEWISE_PRIVATE_ADDRESSES", "1")
    np.testing.assert_array_equal(read_pixels(_url(server, "to//a.png")), PIXELS)
    for place in ("file:///etc/passwd", "ftp://host/x"):
        with pytest.raises(ImageError, match="redirected to"):
            read_pixels(_url(server, f"to/{place}"))
    monkeypatch.delenv("SAMPLEWISE_PRIVATE_ADDRESSES")
    monkeypatch.setattr(
        "samplewise.schema.remote_image._is_public", lambda address: address == "127.0.0.1"
    )
    with pytest.raises(ImageRefusedError, match=r"169\.254\.169\.254. is an address of a private"):
        read_pixels(_url(server, "to/http://169.254.169.254/latest/meta-data"))


def test_what_is_no_image_tells_nothing_of_itself(server, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", _url(server, ""))
    monkeypatch.setenv("SAMPLEWISE_PRIVATE_ADDRESSES", "1")
    with pytest.raises(ImageError) as told:
        read_pixels(_url(server, "secret.txt"))
    assert "first bytes" not in str(told.value)


def test_a_download_is_bounded(server, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "*")
    monkeypatch.setenv("SAMPLEWISE_PRIVATE_ADDRESSES", "1")
    monkeypatch.setenv("SAMPLEWISE_MAX_IMAGE_BYTES", "20")
    with pytest.raises(ImageRefusedError, match="at most 20 bytes"):
        read_pixels(_url(server))


def test_a_place_is_allowed_by_its_beginning_by_an_alias_or_as_the_root(monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", "s3://one/data, https://example.org")
    assert is_allowed("s3://one/data/a.png")
    assert is_allowed("https://example.org/x/a.png")
    assert not is_allowed("s3://one/database/a.png")
    assert not is_allowed("s3://one/data/../keys/a.png")
    assert not is_allowed("https://example.org.evil.net/a.png")
    assert not is_allowed("s3://two/a.png")
    monkeypatch.setenv("SAMPLEWISE_ALIAS_DATA", "s3://two")
    monkeypatch.setenv("SAMPLEWISE_ROOT", "s3://three/store")
    assert is_allowed("s3://two/a.png")
    assert is_allowed("s3://three/store/a.png")


def test_without_credentials_no_metadata_address_is_asked(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "SAMPLEWISE_CLOUD_METADATA"):
        monkeypatch.delenv(name, raising=False)
    assert is_anonymous("s3")
    assert is_anonymous("gs")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    assert not is_anonymous("s3")
    monkeypatch.setenv("SAMPLEWISE_CLOUD_METADATA", "1")
    assert not is_anonymous("gs")
