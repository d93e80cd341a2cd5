"""`web/src/wire.ts` says what the server's messages are."""

import runpy
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"


def test_the_types_of_the_dashboard_are_those_of_the_server():
    generate = runpy.run_path(str(WEB / "generate_wire.py"))
    assert generate["TARGET"].read_text() == generate["typescript"](), "run `make web-types`"
