"""A proxy before an object store that loses answers: the server has acted, and nobody hears of it.

python lossy.py ENDPOINT [keep]

Prints its own port. The first answer to each way of writing to each object is lost; with `keep`
none is.
"""

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

KEEPS = "keep" in sys.argv
ENDPOINT = urlsplit(sys.argv[1]).netloc if len(sys.argv) > 1 else ""
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Lossy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lost: ClassVar[set[tuple[str, str]]] = set()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        upstream = http.client.HTTPConnection(ENDPOINT, timeout=60)
        upstream.request(self.command, self.path, body, dict(self.headers))
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        key = (self.command, self.path)
        if not KEEPS and self.command not in {"GET", "HEAD"} and key not in self.lost:
            self.lost.add(key)
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        length = answer.getheader("content-length") if self.command == "HEAD" else None
        self.send_header("content-length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815  # names of the base class

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lossy)
    sys.stdout.write(f"port {server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
