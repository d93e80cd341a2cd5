import io
import os
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from samplewise.embeddings import PCAReducer, describe_reducer, load_reducer, save_reducer
from samplewise.errors import (
    FormatError,
    InvalidArgumentError,
    NewerFormatError,
    NotFoundError,
    StoreError,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reducers" / "pca.reducer"


@pytest.fixture
def reducer(clusters: np.ndarray) -> PCAReducer:
    reducer = PCAReducer(3, seed=5)
    reducer.fit(clusters)
    return reducer


class Bomb:
    """Leaves a trace where it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


def test_a_reducer_comes_back_as_it_was(path: Path, reducer: PCAReducer, draw):
    again = load_reducer(path, save_reducer(reducer, path))
    assert np.array_equal(again.embedding_, reducer.embedding_)
    assert np.array_equal(again.transform(draw(9, seed=1)), reducer.transform(draw(9, seed=1)))
    assert [file.name for file in path.parent.iterdir()] == ["pca.reducer"]


def test_the_same_reducer_has_the_same_hash(path: Path, reducer: PCAReducer):
    first = save_reducer(reducer, path)
    assert save_reducer(load_reducer(path, first), path) == first


def test_a_changed_file_is_refused_by_its_hash(path: Path, reducer: PCAReducer):
    noted = save_reducer(reducer, path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(FormatError, match=f"must have the SHA-256 {noted}, but has"):
        load_reducer(path, noted)


@pytest.mark.parametrize("version", [1, 2])
def test_a_program_in_a_file_is_never_run(path: Path, reducer: PCAReducer, version: int):
    save_reducer(reducer, path)
    head = path.read_bytes().split(b"\n")[1]
    bomb = pickle.dumps(Bomb(path.parent / "trace"))
    objects = io.BytesIO()
    np.savez(objects, embedding=np.array([Bomb(path.parent / "trace")], object))
    for body in (bomb, objects.getvalue()):
        path.write_bytes(b"samplewise-reducer %d\n%s\n%s" % (version, head, body))
        with pytest.raises(FormatError):
            load_reducer(path)
    assert not (path.parent / "trace").exists()


def test_a_reducer_of_the_old_format_says_how_to_fit_again(path: Path):
    path.parent.mkdir()
    path.write_bytes(b"samplewise-reducer 1\n{}\n" + pickle.dumps(1))
    with pytest.raises(FormatError, match="a reducer of format 1, a program") as caught:
        load_reducer(path)
    assert "run.reduce_embeddings" in caught.value.hint


def test_a_reducer_that_is_not_fitted_is_not_stored(path: Path):
    with pytest.raises(InvalidArgumentError, match="must be fitted to be stored"):
        save_reducer(PCAReducer(), path)


def _with(path: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    """Change the arrays of a stored reducer."""
    magic, head, body = path.read_bytes().split(b"\n", 2)
    arrays = dict(np.load(io.BytesIO(body)))
    change(arrays)
    changed = io.BytesIO()
    np.savez(changed, **arrays)
    path.write_bytes(b"\n".join([magic, head, changed.getvalue()]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a.pop("frame.centre"), "`centre` is missing"),
        (lambda a: a.update({"embedding": a["embedding"][:, :2]}), "`embedding` must be floats"),
        (lambda a: a.update({"map.centre": a["map.centre"][:-1]}), "`centre` must be floats"),
        (lambda a: a.update({"map.directions": a["map.directions"] * np.nan}), "must be finite"),
        (lambda a: a.update({"frame.peak": np.array("ten")}), "must hold floats"),
        (lambda a: a.update({"frame.peak": np.array(3)}), "must hold floats"),
    ],
)
def test_arrays_of_a_stranger_are_checked(
    path: Path, reducer: PCAReducer, change: Callable, said: str
):
    save_reducer(reducer, path)
    _with(path, change)
    with pytest.raises(FormatError, match=f"is a damaged reducer: .*{said}"):
        load_reducer(path)


def test_a_file_that_claims_more_than_it_holds_takes_no_memory(path: Path, reducer: PCAReducer):
    save_reducer(reducer, path)
    magic, head, _ = path.read_bytes().split(b"\n", 2)
    for shape, method in (((2**40, 3), zipfile.ZIP_STORED), ((2, 3), zipfile.ZIP_DEFLATED)):
        member, body = io.BytesIO(), io.BytesIO()
        np.lib.format.write_array_header_1_0(
            member, {"shape": shape, "fortran_order": False, "descr": "<f4"}
        )
        with zipfile.ZipFile(body, "w", method) as archive:
            archive.writestr("embedding.npy", member.getvalue() + b"\0" * 24)
        path.write_bytes(b"\n".join([magic, head, body.getvalue()]))
        with pytest.raises(FormatError, match="is a damaged reducer"):
            load_reducer(path)


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_or_cut_file_is_ours_to_refuse(path: Path, reducer: PCAReducer, seed: int):
    """It may also load, where a flip changes a number: that is what the hash is for."""
    save_reducer(reducer, path)
    whole, drawn = path.read_bytes(), np.random.default_rng(seed)
    for place in drawn.integers(0, len(whole), 150).tolist():
        flipped = bytearray(whole)
        flipped[place] ^= int(drawn.integers(1, 256))
        for content in (bytes(flipped), whole[:place]):
            path.write_bytes(content)
            with suppress(FormatError, NewerFormatError):
                assert load_reducer(path).transform(np.zeros((1, 12))).shape[0] == 1


def test_what_it_is_can_be_read_without_running_it(path: Path, reducer: PCAReducer):
    save_reducer(reducer, path)
    described = describe_reducer(path)
    assert described["packages"] == {"numpy": np.__version__}
    del described["packages"]
    assert described == {
        "method": "pca",
        "used_method": "pca",
        "n_components": 3,
        "seed": 5,
        "notes": [],
        "options": {},
    }


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", FormatError, "is no stored reducer"),
        (b"samplewise-reducer one\n{}\n", FormatError, "is no stored reducer"),
        (b"samplewise-reducer 2\n{\n", FormatError, "is a damaged reducer"),
        (b"samplewise-reducer 2\n{}\n", FormatError, "missing required field `method`"),
        (b"samplewise-reducer 3\n{}\n", NewerFormatError, "format 3, .* reads up to 2"),
    ],
)
def test_another_file_is_refused_with_its_reason(
    path: Path, content: bytes, error: type[Exception], said: str
):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(error, match=said):
        load_reducer(path)


def test_no_file_is_an_error_of_its_own(path: Path):
    with pytest.raises(NotFoundError, match="there is no reducer at"):
        load_reducer(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, reducer: PCAReducer):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written to"):
        save_reducer(reducer, tmp_path / "file" / "pca.reducer")
