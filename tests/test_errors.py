"""The error tree, its drawing and its wording."""

import inspect
import pickle
import re

import pytest

from samplewise import errors
from samplewise.errors import SamplewiseError, did_you_mean

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, SamplewiseError)
]


def tree_of(kind: type[SamplewiseError]) -> dict[str, dict]:
    children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return {child.__name__: tree_of(child) for child in children}


def drawn_tree() -> dict[str, dict]:
    """The drawing in the docstring, as nested names; three columns a level."""
    path: list[dict] = [drawing := {}]
    for line in re.findall(r"^[│├└].*", errors.__doc__ or "", re.MULTILINE):
        level, name = re.search(r"\w", line).start() // 4, re.search(r"\w+", line)[0]
        del path[level:]
        path[-1][name] = (below := {})
        path.append(below)
    return drawing


def test_the_drawing_in_the_docstring_is_the_tree():
    assert drawn_tree() == tree_of(SamplewiseError)


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawing_names_the_built_in_that_an_error_also_is(kind: type[SamplewiseError]):
    drawn = re.search(rf"\b{kind.__name__}\((\w+)\)", errors.__doc__ or "")
    built_in = [base.__name__ for base in kind.__bases__ if base.__module__ == "builtins"]
    assert ([drawn[1]] if drawn else []) == [name for name in built_in if name != "Exception"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_shows_its_hint_on_a_line_of_its_own(kind: type[SamplewiseError]):
    assert str(kind("`n` must be positive, but is 0.")) == "`n` must be positive, but is 0."
    assert str(kind("no table.", hint="make one.")) == "no table.\nHint: make one."


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_a_trip_to_another_process(kind: type[SamplewiseError]):
    error = pickle.loads(pickle.dumps(kind("no table.", hint="make one.")))
    assert type(error) is kind
    assert (error.message, error.hint) == ("no table.", "make one.")


def test_a_close_name_is_suggested_and_what_exists_is_listed():
    assert did_you_mean("io", ["label", "iou"]) == "did you mean `iou`? There is: iou, label."
    assert did_you_mean("x", []) == "there is none yet."
