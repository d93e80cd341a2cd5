import json
import os
import threading
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError, NewerFormatError, StoreError
from samplewise.storage import FORMAT_VERSION, Store, default_root

NAMES = ["plain", "a b", "ü日本", "100%", "a#b", "a%20b", "[x]{y}^~", "it's & co; $5 + 1=6, @!"]


def test_a_document_comes_back_with_the_version_of_the_format(any_store: Store):
    assert any_store.create("p/x.json", {"a": [1, "ü"]})
    assert any_store.read("p/x.json") == {"a": [1, "ü"], "format": FORMAT_VERSION}
    assert any_store.read("p/y.json") is None


def test_what_exists_is_not_created_a_second_time(any_store: Store):
    assert any_store.create("p/x.json", {"a": 1})
    assert not any_store.create("p/x.json", {"a": 2})
    any_store.replace("p/x.json", {"a": 3})
    assert any_store.read("p/x.json")["a"] == 3


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_stored_listed_and_deleted(any_store: Store, name: str):
    any_store.create(f"{name}/deep/{name}.json", {})
    assert any_store.children("") == [name]
    assert any_store.documents(f"{name}/deep") == [name]
    assert [Path(file.path).name for file in any_store.files(name)] == [f"{name}.json"]
    any_store.remove(name)
    assert any_store.children("") == any_store.documents(f"{name}/deep") == []


def test_of_many_threads_that_create_a_document_one_succeeds(any_store: Store):
    won = []
    threads = [
        threading.Thread(target=lambda i=i: won.append(any_store.create("x.json", {"i": i})))
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_no_update_is_lost_among_threads(any_store: Store):
    any_store.create("x.json", {"seen": []})

    def add(number: int) -> None:
        for _ in range(3):
            any_store.update("x.json", lambda old: {"seen": [*old["seen"], number]})

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(any_store.read("x.json")["seen"]) == 12


def test_an_update_of_nothing_changes_nothing(any_store: Store):
    assert any_store.update("p/x.json", lambda old: {**old, "a": 1}) is None
    assert any_store.children("") == []


def test_no_update_is_lost_among_processes(store: Store, run_python):
    store.create("x.json", {"count": 0})
    program = (
        "from samplewise.storage import Store\n"
        f"store = Store({store.root!r})\n"
        "for _ in range(50): store.update('x.json', lambda old: {'count': old['count'] + 1})"
    )
    run_python(program, program, program)
    assert store.read("x.json")["count"] == 150


def test_a_newer_format_is_refused_and_says_what_to_do(any_store: Store):
    any_store.write_file("x.json", json.dumps({"format": FORMAT_VERSION + 1}).encode())
    for use in (any_store.read, lambda path: any_store.update(path, lambda old: old)):
        with pytest.raises(NewerFormatError) as caught:
            use("x.json")
        assert caught.value.hint == snapshot("pip install --upgrade samplewise")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "1"}', "\x00"])
def test_a_damaged_document_is_an_error_that_names_it(any_store: Store, content: str):
    any_store.write_file("x.json", content.encode())
    with pytest.raises(StoreError, match=r"x\.json"):
        any_store.read("x.json")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_no_json_is_refused_and_leaves_nothing(store: Store, value: object):
    with pytest.raises(InvalidArgumentError, match="must hold JSON values only"):
        store.create("p/x.json", {"value": value})
    assert store.children("") == []


def test_names_of_files_that_are_no_unicode_come_back(store: Store):
    name = os.fsdecode(b"caf\xe9.jpg")
    store.create("x.json", {"name": name})
    assert store.read("x.json")["name"] == name


def test_deleting_leaves_no_empty_folders(store: Store):
    store.create("p/a/b/x.json", {})
    store.create("p/y.json", {})
    store.remove("p/a/b")
    assert os.listdir(Path(store.root, "p")) == ["y.json"]
    store.remove("p/y.json")
    assert os.listdir(store.root) == []


def test_half_written_and_half_deleted_things_are_not_listed(store: Store):
    Path(store.root, "p", ".deleted-1-x").mkdir(parents=True)
    Path(store.root, "p", ".writing-abc").touch()
    assert store.children("p") == store.documents("p") == []
    assert sorted(store.leftovers("p")) == ["p/.deleted-1-x", "p/.writing-abc"]


def test_touching_tells_when(any_store: Store):
    assert any_store.touch_time("p/beat") is None
    any_store.touch("p/beat")
    assert any_store.touch_time("p/beat") > 1.6e9


def test_a_root_may_be_a_path_a_file_url_or_relative(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    roots = [tmp_path / "a b", f"file://{tmp_path}/a%20b", "a b", "x/../a b", f"{tmp_path}/a b/"]
    assert {Store(root).root for root in roots} == {str(tmp_path / "a b")}


def test_a_root_of_an_unknown_scheme_is_refused():
    with pytest.raises(InvalidArgumentError, match="but is 'ftp://x'"):
        Store("ftp://x")


def test_the_root_comes_from_the_environment(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path))
    assert Store().root == default_root() == str(tmp_path)
    monkeypatch.delenv("SAMPLEWISE_ROOT")
    assert "samplewise" in default_root()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        Store(tmp_path / "root").create("x.json", {})


def test_a_file_where_a_folder_should_be_is_an_error_with_a_hint(tmp_path: Path):
    (tmp_path / "root").touch()
    with pytest.raises(StoreError, match="cannot be written") as caught:
        Store(tmp_path / "root").create("x.json", {})
    assert "SAMPLEWISE_ROOT" in caught.value.hint


def test_a_bucket_that_does_not_exist_is_an_error_with_a_hint(s3_root: str):
    with pytest.raises(StoreError, match="cannot be written") as caught:
        Store("s3://no-such-bucket/x").create("x.json", {})
    assert "AWS_" in caught.value.hint
