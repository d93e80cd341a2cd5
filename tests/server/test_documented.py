"""`docs/server.md` names every route, every filter, and what is true of them."""

import re
from pathlib import Path
from typing import Any

from samplewise.server import wire
from samplewise.server.answers import LARGEST_REQUEST, SLOWEST_ANSWER_S, SLOWEST_REQUEST_S
from samplewise.server.routes.sources import LONGEST_PAGE

TEXT = (Path(__file__).parents[2] / "docs" / "server.md").read_text()


def paths(routes: Any) -> set[str]:
    """Paths of routes below `/api`."""
    api = next(route for route in routes if getattr(route, "path", "") == "/api")
    return {re.sub(r":\w+}", "}", route.path) for route in api.routes}


def test_every_route_has_its_line(browser):
    lines = " ".join(re.findall(r"`([^`]*)`", TEXT))
    known = {path.replace("{version}/", "") for path in paths(browser.client.app.routes)}
    assert {path for path in known if path not in lines} == set()


def test_every_filter_has_its_line():
    kinds = {kind.__struct_config__.tag for kind in wire.Filter.__args__}
    assert {kind for kind in kinds if f"| `{kind}` |" not in TEXT} == set()


def test_the_limits_are_those_of_the_server():
    assert f"up to {LARGEST_REQUEST // 2**20} MiB within {SLOWEST_REQUEST_S:.0f} s" in TEXT
    assert f"answers within {SLOWEST_ANSWER_S:.0f} s, pages of up to {LONGEST_PAGE:,} rows" in TEXT
