from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from samplewise.errors import AliasError, InvalidArgumentError
from samplewise.storage import Aliases, Store, load_aliases, remember_aliases

ALIASES = Aliases({"DATA": "/data", "COCO": "/data/coco", "FAR": "s3://bucket/far/"})


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("/data/a.jpg", "<DATA>/a.jpg"),
        ("/data/coco/a b#%.jpg", "<COCO>/a b#%.jpg"),
        ("/data/coco2/a.jpg", "<DATA>/coco2/a.jpg"),
        ("/data/coco/../b.jpg", "<DATA>/b.jpg"),
        ("/data", "<DATA>"),
        ("/database/a.jpg", "/database/a.jpg"),
        ("s3://bucket/far/a.jpg", "<FAR>/a.jpg"),
        ("https://host/a.jpg", "https://host/a.jpg"),
        ("file:///data/a%20b.jpg", "<DATA>/a b.jpg"),
        ("<OTHER>/a.jpg", "<OTHER>/a.jpg"),
        ("data:image/png;base64,AA/A", "data:image/png;base64,AA/A"),
    ],
)
def test_a_url_is_stored_with_the_alias_of_the_innermost_folder(url: str, stored: str):
    assert ALIASES.to_stored(url) == stored


def test_a_relative_path_is_stored_absolute(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Aliases({}).to_stored("x/a.jpg") == str(tmp_path / "x" / "a.jpg")
    assert Aliases({"HERE": tmp_path}).to_stored(Path("a.jpg")) == "<HERE>/a.jpg"


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_what_was_stored_resolves_to_the_same_file(name: str):
    url = Aliases({}).to_stored(f"/data/coco/{name}")
    assert ALIASES.resolve(ALIASES.to_stored(url)) == url


def test_an_unknown_alias_is_an_error_that_names_it():
    with pytest.raises(AliasError) as caught:
        ALIASES.resolve("<IMAGES>/a.jpg")
    assert caught.value.message == snapshot(
        "`<IMAGES>/a.jpg` starts with the alias <IMAGES>, and no folder is known under it "
        "(known: COCO, DATA, FAR)."
    )
    assert caught.value.hint == snapshot(
        "set SAMPLEWISE_ALIAS_IMAGES=/the/folder, or pass aliases={'IMAGES': '/the/folder'}"
    )


def test_angle_brackets_that_are_no_alias_are_left_alone():
    assert Aliases({}).resolve("<a b>/c.jpg") == "<a b>/c.jpg"


def test_the_argument_wins_over_the_environment_over_the_project(store: Store, monkeypatch):
    remember_aliases(store, "p", {"A": "/project", "B": "/project", "C": "/project"})
    monkeypatch.setenv("SAMPLEWISE_ALIAS_B", "/environment")
    monkeypatch.setenv("SAMPLEWISE_ALIAS_C", "/environment")
    monkeypatch.setenv("SAMPLEWISE_ALIAS_EMPTY", "")
    known = load_aliases(store, "p", {"<C>": "/argument"})
    assert known.folders == {"A": "/project", "B": "/environment", "C": "/argument"}


def test_an_alias_of_the_project_stays_and_a_note_says_so(store: Store, capfd):
    remember_aliases(store, "p", {"DATA": "/old"})
    remember_aliases(store, "p", {"DATA": "/new", "MORE": "/more"})
    assert store.read("p/project.json")["aliases"] == {"DATA": "/old", "MORE": "/more"}
    assert "alias <DATA> is /new here, and /old for all who open" in capfd.readouterr().err


def test_no_alias_is_lost_when_processes_add_theirs_at_once(store: Store, run_python):
    programs = [
        "from samplewise.storage import Store, remember_aliases\n"
        f"for i in range(20): remember_aliases(Store({store.root!r}), 'p', {{f'A{n}_{{i}}': '/x'}})"
        for n in range(3)
    ]
    run_python(*programs)
    assert len(store.read("p/project.json")["aliases"]) == 60


@pytest.mark.parametrize("name", ["", "data", "1A", "A-B", "A B"])
def test_what_is_no_alias_is_refused(name: str):
    with pytest.raises(InvalidArgumentError, match="an alias must be capitals"):
        Aliases({name: "/x"})
