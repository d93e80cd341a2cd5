import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from samplewise.embeddings import PCAReducer, describe_reducer, load_reducer, save_reducer
from samplewise.errors import (
    FormatError,
    InvalidArgumentError,
    NewerFormatError,
    NotFoundError,
    SamplewiseError,
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


def test_a_file_without_a_hash_is_loaded_on_the_callers_word_only(path: Path, reducer: PCAReducer):
    save_reducer(reducer, path)
    with pytest.raises(InvalidArgumentError, match="a stored reducer is a program"):
        load_reducer(path)
    assert load_reducer(path, trust=True).n_components == 3


@pytest.mark.parametrize("trust", [False, True])
def test_an_exchanged_file_is_refused_before_it_runs(path: Path, reducer: PCAReducer, trust: bool):
    noted = save_reducer(reducer, path)
    head = path.read_bytes().split(b"\n")[:2]
    path.write_bytes(b"\n".join([*head, pickle.dumps(Bomb(path.parent / "trace"))]))
    with pytest.raises(FormatError, match=f"must have the SHA-256 {noted}, but has"):
        load_reducer(path, noted, trust=trust)
    assert not (path.parent / "trace").exists()


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
    }


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", FormatError, "is no stored reducer"),
        (b"samplewise-reducer one\n{}\n", FormatError, "is no stored reducer"),
        (b"samplewise-reducer 1\n{\n", FormatError, "is a damaged reducer"),
        (b"samplewise-reducer 2\n{}\n", NewerFormatError, "format 2, .* reads up to 1"),
        (b"samplewise-reducer 1\n{}\nnothing", SamplewiseError, "cannot be read here: Unpickling"),
        (b"samplewise-reducer 1\n{}\n" + pickle.dumps(1), FormatError, "but holds a int"),
    ],
)
def test_another_file_is_refused_with_its_reason(
    path: Path, content: bytes, error: type[Exception], said: str
):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(error, match=said):
        load_reducer(path, trust=True)


def test_no_file_is_an_error_of_its_own(path: Path):
    with pytest.raises(NotFoundError, match="there is no reducer at"):
        load_reducer(path, trust=True)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, reducer: PCAReducer):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written to"):
        save_reducer(reducer, tmp_path / "file" / "pca.reducer")
