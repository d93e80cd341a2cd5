"""Whatever stands in a store, the terminal shows it and does not obey it."""

import json
import re
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest

import samplewise as sw
from samplewise._visible import json_visible, visible
from samplewise.errors import StoreError
from samplewise.tables import Run

PLANT = (
    "\x1b]0;title\x07\x1b[2J\x9b31m\x08\r\x7f\u202e\u2066\u2028\x00"
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>[b](javascript:x)'
)
OBEYED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
IN_NAMES = "\x1b]0;title\x07 name \u202e'\"><img src=x onerror=alert(1)>"
PLAIN = {"project_name": "p", "dataset_name": "d"}

COMMANDS = [
    ("ls",),
    ("ls", "--json"),
    ("ls", "p"),
    ("ls", "p", "--json"),
    ("show", "p/r", "--all"),
    ("show", "p/r", "--json"),
    ("show", "p/d/t", "--all"),
    ("show", "p/d/t", "--json"),
    ("sql", "select * from rows", "--table", "p/d/t"),
    ("sql", "select * from rows", "--table", "p/d/t", "--csv"),
    ("sql", "select * from rows", "--table", "p/d/t", "--json"),
    ("sql", "select * from metrics", "--run", "p/r", "--limit", "0"),
    ("sql", "select * from aggregates", "--run", "p/r", "--csv"),
    ("sql", f"select '{PLANT}", "--run", "p/r"),
    ("rm", "p", "--dry-run"),
    ("rm", "p/r", "--dry-run", "--json"),
    ("vacuum", "--dry-run"),
    ("show", f"p/{PLANT}"),
    ("show", f"p/d/{PLANT}"),
    ("show", "p/r", "--metric", PLANT),
    ("show", "p/r", "--by", PLANT),
    ("show", "p/r", f"--{PLANT}"),
    ("show", "p/r", "--root", PLANT),
    ("export", "p/d/t", f"/nowhere/{PLANT}.csv"),
    ("import", "coco", f"/nowhere/{PLANT}", "--project", "p", "--dataset", "d"),
    ("import", PLANT, "x"),
    (PLANT,),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with that text in every place where the library takes one."""
    root = tmp_path_factory.mktemp("planted") / "root"
    kinds = {
        "image": sw.schemas.ImageSchema(description=PLANT),
        IN_NAMES: sw.schemas.CategoricalLabelSchema([PLANT, "b"], description=PLANT),
        "bbs": sw.schemas.BoundingBoxes2DSchema({0: PLANT}, description=PLANT),
        "text": sw.schemas.String(description=PLANT),
    }
    boxes = sw.data_types.BoundingBoxes2D.create_empty(64, 48)
    boxes.add_instance([0, 0, 9, 9], label=0)
    rows = {
        "image": [f"/{PLANT}", None],
        IN_NAMES: [0, 1],
        "bbs": [boxes, None],
        "text": [PLANT] * 2,
    }
    table = sw.Table.from_dict(
        rows, kinds, table_name="t", description=PLANT, root_url=str(root), **PLAIN
    )
    table.edit({IN_NAMES: {0: 1}}, description=PLANT)
    run = Run.create("p", "r", PLANT, {PLANT: {PLANT: PLANT}, "list": [PLANT]}, root_url=str(root))
    run.annotate(notes=PLANT, tags=[PLANT])
    kinds = {
        IN_NAMES: sw.schemas.Float(description=PLANT, title=PLANT, unit=PLANT, better="higher")
    }
    for epoch in range(2):
        run.log({PLANT: 1.0 + epoch}, epoch=epoch, split=PLANT, better={PLANT: "higher"})
        metrics = {IN_NAMES: [0.5, 0.1], "said": [PLANT, PLANT]}
        run.add_metrics(metrics, kinds, table.url, epoch=epoch, split=PLANT)
    run.add_collection({"epoch": 0, "split": PLANT, "table": PLANT, "rows": 2, "error": PLANT})
    run.close("failed", error=PLANT)
    return root


@pytest.fixture
def all_planted(planted: Path, tmp_path: Path) -> Path:
    """The same store; every text of its documents that names nothing is that one."""
    root = tmp_path / "root"
    root.mkdir()
    for path in planted.rglob("*"):
        target = root / path.relative_to(planted)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif path.name == "run.json":
            target.write_text(json.dumps(_with_plants(json.loads(path.read_text()))))
        else:
            target.write_bytes(path.read_bytes())
    return root


def _with_plants(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _with_plants(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_plants(each, name) for each in value]
    is_read = name in {"id", "root", "dataset", "project", "rows", "created", "ended"}
    return PLANT if isinstance(value, str) and not is_read else value


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:20])
@pytest.mark.parametrize("store", ["planted", "all_planted"])
def test_no_command_prints_what_a_terminal_obeys(command, store, samplewise, request, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(request.getfixturevalue(store)))
    monkeypatch.setenv("COLUMNS", "100")
    _, out, said = samplewise(*command)
    assert OBEYED.findall(out + said) == []
    assert out + said


def test_json_is_still_the_value_that_is_stored(planted, samplewise, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(planted))
    query = ("sql", "select text from rows limit 1", "--table", "p/d/t")
    assert json.loads(samplewise(*query, "--json")[1]) == [{"text": PLANT}]
    assert "printed as \\x1b; -o writes them" in samplewise(*query, "--csv")[2]


class Tags(HTMLParser):
    """What a browser would make of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("store", ["planted", "all_planted"])
def test_no_text_becomes_part_of_a_notebook_page(store: str, request):
    root = str(request.getfixturevalue(store))
    shown = [sw.Table.from_names(name, "d", "p", root)._repr_html_() for name in ("t", "t_0000")]
    with suppress(StoreError):  # a status that is none is damage
        shown.append(Run.from_names("r", "p", root)._repr_html_())
    assert len(shown) == 3 or store == "all_planted"
    for html in shown:
        page = Tags(html)
        assert not page.tags & {"script", "img", "a", "iframe"}
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "&lt;script&gt;" in html


def test_json_and_text_say_the_same_in_their_own_way():
    assert visible("a\tb\n\x1b[0m\u202e") == "a\tb\n\\x1b[0m\\u202e"
    assert json.loads(json_visible(json.dumps(PLANT, ensure_ascii=False))) == PLANT


def test_commands_print_through_one_door(repository: Path):
    rooms = [repository / "src" / "samplewise" / name for name in ("cli", "demo")]
    doors = re.compile(r"click\.(echo|secho|style)\(|(?<!\.)\bprint\(|\bConsole\(")
    found = {p.name for room in rooms for p in room.rglob("*.py") if doors.search(p.read_text())}
    # Probes are read by the doctor, and no person.
    assert found == {"_output.py", "convolution_probe.py", "torch_probe.py"}
