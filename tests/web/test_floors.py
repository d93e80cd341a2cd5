"""`web/src` is built as the drawing in docs/architecture.md says: imports go down only."""

import os.path
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "web" / "src"
# `from "..."`, `import "..."` and `import("...")` of files of ours.
IMPORT = re.compile(r'\b(?:from|import)\s*\(?\s*"(\.[^"]+)"')


def drawn_floors() -> list[set[str]]:
    """Floors, the uppermost first: names of folders, or of files in `web/src` itself."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawing = text.split("## The page")[1].split("```")[1].strip()
    return [set(re.split(r"\s{2,}", line)[0].split(" | ")) for line in drawing.splitlines()]


def floor_of(path: str) -> str:
    """`charts/scatter/axes.tsx` stands on `charts/scatter`, `api.ts` on `api`."""
    return os.path.dirname(path) or path.partition(".")[0]


def imports() -> set[tuple[str, str]]:
    """Paths of every source and of what it imports, relative to `web/src`; not of tests."""
    sources = [p for p in SOURCES.rglob("*.ts*") if ".test." not in p.name]
    return {
        (str(path.relative_to(SOURCES)), os.path.normpath(path.relative_to(SOURCES).parent / named))
        for path in sources
        for named in IMPORT.findall(path.read_text())
    }


def test_every_import_goes_down():
    heights = {
        name: height for height, names in enumerate(reversed(drawn_floors())) for name in names
    }
    upwards = [
        f"{path} -> {imported}"
        for path, imported in imports()
        if not imported.endswith(".css")
        and floor_of(path) != floor_of(imported)
        and heights[floor_of(path)] <= heights[floor_of(imported)]
    ]
    assert sorted(upwards) == []


def test_every_folder_is_drawn_and_what_is_drawn_is_there():
    drawn = set().union(*drawn_floors())
    found = {floor_of(str(p.relative_to(SOURCES))) for p in SOURCES.rglob("*.ts*")}
    assert found == drawn


def test_the_check_sees_static_imports_and_those_at_run_time():
    text = 'import { a } from "../b.ts";\nimport "./c.css";\nconst d = () => import("./d.tsx");'
    assert IMPORT.findall(text) == ["../b.ts", "./c.css", "./d.tsx"]
