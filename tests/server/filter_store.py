"""A store for filters, drawn by code: whatever may be missing is missing somewhere.

Project `filters`: Table `nasty` and a collection on it. Numbers are multiples of 1/8, which single
precision holds, so that the browser's columns are exact. Boxes stand in cells of a grid, far from
each other: a label and a prediction match where they share a cell.
"""

from pathlib import Path
from typing import Any

import numpy as np

import samplewise as sw
from samplewise.schema import (
    Bool,
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    EmbeddingSchema,
    Float,
    Int,
    ListSchema,
    String,
)

ROWS = 60
CLASSES = {3: 'it\'s_a "cat"', 7: "ПТИЦА_1", 12: "犬; [x]=1,2"}
WORDS = ["0001_VAL", 'it\'s_a "cat"', "50%", "back\\slash", "Straße", "ÉTÉ", "", "null", "犬;[x]=1"]
KINDS = ["true_positive", "class", "background"]
SOURCE = {
    "kind": "metrics",
    "project": "filters",
    "run": "run",
    "stream": "metrics",
    "epoch": 0,
    "split": "val",
    "input_table_id": 0,
}
PLOTTED = [
    *("f1", "hits", "weight", "group", "flag", "name", "split"),
    *("place.0", "place.1", "place.2", "bbs.count", "bbs_predicted.count"),
]
REMOTE = ["text", "instances", "confusion"]
"""Kinds that the browser has no values for."""


def draw_store(root: Path) -> None:
    """Draw the store; always the same one."""
    rng = np.random.default_rng(5)
    table = sw.Table.from_dict(
        {
            "name": _some(rng, WORDS, ROWS),
            "weight": _numbers(rng, 3),
            "group": _some(rng, list(CLASSES), ROWS),
            "flag": _some(rng, [True, False], ROWS),
            "bbs": [_boxes(rng, {}) for _ in range(ROWS)],
        },
        {
            "name": String(),
            "weight": Float(),
            "group": CategoricalLabelSchema(CLASSES),
            "flag": Bool(),
            "bbs": BoundingBoxes2DSchema(CLASSES),
        },
        table_name="nasty",
        dataset_name="nasty",
        project_name="filters",
        root_url=str(root),
    )
    with sw.Run.create("filters", "run", root_url=str(root)) as run:
        f1 = _numbers(rng, 1)
        f1[4] = f1[17] = float("nan")
        f1[9] = float("inf")
        columns = {
            "f1": f1,
            "hits": _some(rng, list(range(6)), ROWS),
            "place": [
                None if i % 11 == 5 else (rng.integers(-16, 17, 3) / 8).tolist()
                for i in range(ROWS)
            ],
            "truth_kind": [
                None if i % 13 == 2 else _some(rng, [0, 1, 2], int(rng.integers(0, 4)))
                for i in range(ROWS)
            ],
            "bbs_predicted": [
                _boxes(rng, {"confidence": _confidence, "error_kind": _kind}) for _ in range(ROWS)
            ],
        }
        predicted = BoundingBoxes2DSchema(
            CLASSES,
            additional={"confidence": Float(), "error_kind": CategoricalLabelSchema(KINDS)},
            writable=False,
        )
        schema = {
            "f1": Float(),
            "hits": Int(),
            "place": EmbeddingSchema(3),
            "truth_kind": ListSchema(CategoricalLabelSchema(["matched", "missed", "ignored"])),
            "bbs_predicted": predicted,
        }
        run.add_metrics(columns, schema, table.url, epoch=0, split="val")


def _some(rng: np.random.Generator, values: list[Any], count: int) -> list[Any]:
    return [
        None if rng.random() < 0.15 else values[rng.integers(len(values))] for _ in range(count)
    ]


def _numbers(rng: np.random.Generator, most: int) -> list[Any]:
    return _some(rng, [i / 8 for i in range(8 * most + 1)], ROWS)


def _confidence(rng: np.random.Generator) -> float | None:
    known = [i / 8 for i in range(1, 9)]
    return _some(rng, [*known, float("nan")], 1)[0]


def _kind(rng: np.random.Generator) -> int | None:
    return _some(rng, [0, 1, 2], 1)[0]


def _boxes(rng: np.random.Generator, properties: dict[str, Any]) -> dict[str, Any] | None:
    """Boxes in some cells of four, each with a class or none; sometimes no boxes at all."""
    if rng.random() < 0.1:
        return None
    cells = [cell for cell in range(4) if rng.random() < 0.5]
    return {
        "x_min": 0.0,
        "y_min": 0.0,
        "x_max": 80.0,
        "y_max": 20.0,
        "instances": [
            {"x_min": 20.0 * i, "y_min": 0.0, "x_max": 20.0 * i + 10, "y_max": 10.0} for i in cells
        ],
        "instances_additional_data": {
            "label": _some(rng, list(CLASSES), len(cells)),
            **{name: [draw(rng) for _ in cells] for name, draw in properties.items()},
        },
    }
