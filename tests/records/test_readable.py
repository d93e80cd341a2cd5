import datetime as dt
import enum
import functools
import json
from collections import OrderedDict, UserDict, deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samplewise.records.readable import readable


class Colour(enum.IntEnum):
    RED = 1


@dataclass
class Settings:
    lr: float
    path: Path


class HpmStruct:
    """As SuperGradients has it."""

    def __init__(self, **entries):
        self.__dict__.update(entries)

    def to_dict(self):
        return self.__dict__


class Loss(torch.nn.Module):
    def __init__(self, inner, alpha, gamma=2.0, *, unkept=1):
        super().__init__()
        self.inner = inner
        self._alpha = alpha
        self.gamma = gamma


class Moody:
    @property
    def shape(self):
        raise RuntimeError("not now")

    def __getattr__(self, name):
        raise RuntimeError("not now")


SHOWN = [
    (None, None),
    (True, True),
    (3, 3),
    (np.int64(3), 3),
    (np.bool_(True), True),
    (torch.tensor(2.5), 2.5),
    (np.array([7]), 7),
    (float("nan"), "nan"),
    (-np.inf, "-inf"),
    (1 + 2j, "(1+2j)"),
    ("text", "text"),
    (b"abc", "3 bytes"),
    (Path("a/b"), "a/b"),
    (Colour.RED, "RED"),
    (dt.date(2026, 1, 2), "2026-01-02"),
    (dt.timedelta(hours=1), "1:00:00"),
    ((1, {2}, [3]), [1, [2], [3]]),
    (deque([1, 2]), [1, 2]),
    (range(3), [0, 1, 2]),
    ({1: "a", (2, 3): "b", None: 4, Colour.RED: 5}, {"1": 5, "(2, 3)": "b", "None": 4}),
    (OrderedDict(a=1), {"a": 1}),
    (UserDict(a=1), {"a": 1}),
    (Settings(0.1, Path("x")), {"class": "Settings", "lr": 0.1, "path": "x"}),
    (HpmStruct(lr=0.1, deep=HpmStruct(a=(1,))), {"lr": 0.1, "deep": {"a": [1]}}),
    (torch.float16, "torch.float16"),
    (torch.device("cpu"), "cpu"),
    (np.dtype("int8"), "int8"),
    (torch.Size([2, 3]), [2, 3]),
    (torch.nn.ReLU, "torch.nn.modules.activation.ReLU"),
    (functools.partial(max, 3), "partial max"),
    (np.zeros((2, 3)), "numpy.ndarray of float64, shape (2, 3)"),
    (torch.zeros(2, 3), "torch.Tensor of torch.float32, shape (2, 3)"),
    (object(), {"class": "object"}),
    (Moody(), {"class": "Moody"}),
    (
        Loss(torch.nn.BCELoss(), 0.25),
        {
            "class": "Loss",
            "inner": {
                "class": "torch.nn.modules.loss.BCELoss",
                "weight": None,
                "reduction": "mean",
            },
            "alpha": 0.25,
            "gamma": 2.0,
        },
    ),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN, ids=[type(v).__name__ for v, _ in SHOWN])
def test_every_object_is_shown_without_its_address(value, shown):
    found = readable(value)
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text.replace("tests.tables.test_readable.", "")) == shown or (
        strip_module(found) == shown
    )


def strip_module(value):
    if isinstance(value, dict):
        return {key: strip_module(item) for key, item in value.items()}
    return value.rpartition("test_readable.")[2] if isinstance(value, str) else value


def test_lambdas_and_methods_have_names():
    assert readable(lambda x: x).endswith("<lambda>")
    assert readable(json.JSONDecoder.decode) == "json.decoder.JSONDecoder.decode"
    assert "0x" not in json.dumps(readable({"f": lambda: 1, object(): object()}))


def test_what_refers_to_itself_ends():
    loop: dict = {"a": 1}
    loop["loop"] = [loop]
    assert readable(loop) == {"a": 1, "loop": ["... dict again"]}
    same = [1]
    assert readable([same, same]) == [[1], [1]]


def test_what_is_deep_or_long_is_cut():
    deep: list = []
    for _ in range(100):
        deep = [deep]
    assert json.dumps(readable(deep)).count("[") == 8
    assert readable(list(range(1_000)))[-1] == "... 1000 in all"
    assert readable({i: i for i in range(1_000)})["..."] == "1000 in all"
    assert len(readable("x" * 100_000)) < 11_000


def test_a_huge_graph_of_objects_takes_no_time():
    level: object = 1
    for _ in range(8):
        level = [level] * 100
    assert len(json.dumps(readable(level))) < 2_000_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=12,
    )
)
def test_json_values_come_back_but_for_numbers_that_json_lacks(value):
    text = json.dumps(readable(value), allow_nan=False)
    if "NaN" not in json.dumps(value) and "Infinity" not in json.dumps(value):
        assert json.loads(text) == value
