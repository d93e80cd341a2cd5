"""Arguments are compared with their annotations."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from samplewise._arguments import check_arguments, check_value
from samplewise.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (str, "a"),
        (int, 3),
        (int, np.int64(3)),
        (int, np.array(3)),
        (float, 3),
        (float, np.float32(0.5)),
        (bool, True),
        (bool, np.bool_(False)),
        (bool, 1),
        (str | None, None),
        (str | Path, Path("a")),
        (Literal["a", "b"], "b"),
        (Mapping[str, int], {}),
        (Sequence[int] | np.ndarray, np.arange(3)),
        (Sequence[int], range(3)),
        (Sequence[str], ("a", "b")),
        (Iterable[str] | Mapping[int, str], {0: "a"}),
        (Any, object()),
        ("pd.DataFrame", object()),
    ],
)
def test_what_an_annotation_says_is_taken(annotation: Any, value: Any):
    assert check_value("x", value, annotation) is None


@pytest.mark.parametrize(
    ("annotation", "value", "said"),
    [
        (str, None, "a string, but is None"),
        (str, b"a", "a string, but is b'a'"),
        (int, 3.5, "an integer, but is 3.5"),
        (int, True, "an integer, but is True"),
        (int | None, "3", "an integer, but is '3'"),
        (float, "3", "a number, but is '3'"),
        (bool, None, "true or false, but is None"),
        (Literal["a", "b"], "c", "one of a, b, but is 'c'"),
        (Mapping[str, int], [1], "a mapping, but is [1]"),
        (Sequence[int], "abc", "a sequence, but is 'abc'"),
        (Sequence[str], ["a", 1], "a sequence of strings, but is ['a', 1]"),
    ],
)
def test_anything_else_is_refused_in_words(annotation: Any, value: Any, said: str):
    with pytest.raises(InvalidArgumentError) as error:
        check_value("x", value, annotation)
    assert str(error.value).startswith(f"`x` must be {said}")


@pytest.mark.parametrize("path", ["a\0b", "a\ud800", Path("\0")])
def test_a_path_that_no_disk_has_is_refused(path: Any):
    with pytest.raises(InvalidArgumentError, match="has characters that no path has"):
        check_value("x", path, str | Path)


def test_an_unknown_keyword_names_the_function():
    @check_arguments
    def measure(x: int, *, y: str = "") -> int:
        return x

    assert measure(3) == 3
    with pytest.raises(TypeError, match=r"measure\(\) got an unexpected keyword argument 'z'"):
        measure(3, z=1)  # type: ignore[call-arg]
    with pytest.raises(InvalidArgumentError, match="`y` must be a string, but is 5"):
        measure(3, y=5)  # type: ignore[arg-type]
