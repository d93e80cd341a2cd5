"""The images that a model and their labels disagree about most, as pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplewise.demo._pictures import Box, picture, save, sheet
from samplewise.schema.ranking import worst_first
from samplewise.tables import Run

CONFIDENT = 0.5
"""Predictions from here on are taken as the model's word."""

# Confident predictions that match nothing, and labels that nothing matches: what a wrong label
# looks like to a model that has learned from the right ones.
_RANKING = f"""
select example_id, image, bbs, bbs_predicted, f1, false_negatives, epoch, split,
    len(list_filter(
        list_zip(bbs_predicted.instances_additional_data.confidence,
                 bbs_predicted.instances_additional_data.matched_ground_truth),
        lambda pair: pair[1] >= {CONFIDENT} and pair[2] is null)) as confident_errors
from metrics
where split = '{{split}}' and epoch = (select max(epoch) from metrics)
order by confident_errors + false_negatives desc, {{ties}}example_id
limit {{most}}
"""  # noqa: S608  # numbers and words of our own


@dataclass(frozen=True)
class WorstImage:
    """One of the worst images.

    Args:
        example_id: Index of its row in the table.
        image: Its URL.
        f1: F1 of its predictions; None where there is nothing to find and nothing was found.
        false_negatives: Labels that no prediction matches.
        confident_errors: Confident predictions that match no label.
        picture: Where the picture with both lies.
    """

    example_id: int
    image: str
    f1: float | None
    false_negatives: int
    confident_errors: int
    picture: Path


def worst_images(
    run: Run, folder: Path | str, *, split: str = "train", most: int = 12
) -> list[WorstImage]:
    """Find them, and write a picture of each and a sheet of all (`worst.png`).

    Args:
        run: A run with predictions in `bbs_predicted`.
        folder: Takes the pictures.
        split: Which split.
        most: How many.

    Returns:
        The images, the worst first.
    """
    folder = Path(folder)
    rows = run.sql(_RANKING.format(split=split, most=most, ties=_ties(run))).to_pylist()
    table = next(t for t in run.input_tables if len(t))
    names = table.get_simple_value_map("bbs.instances_additional_data.label") or {}
    found, pictures = [], []
    for place, row in enumerate(rows, start=1):
        url = table.stored.aliases.resolve(row["image"])
        drawn = picture(url, _boxes(row, names), _caption(row))
        path = folder / f"{place:02d}-example-{row['example_id']}.png"
        save(drawn, path)
        pictures.append(drawn)
        keys = ("example_id", "f1", "false_negatives", "confident_errors")
        found.append(WorstImage(image=url, picture=path, **{key: row[key] for key in keys}))
    if pictures:
        save(sheet(pictures), folder / "worst.png")
    return found


def _ties(run: Run) -> str:
    """The worst of equal ones first, in SQL."""
    orders = worst_first(run.stored.metric_kinds)
    return "".join(f"{o.column} {'desc' if o.descending else 'asc'} nulls last, " for o in orders)


def _boxes(row: dict[str, Any], names: dict[int, str]) -> list[Box]:
    drawn = []
    for column, is_predicted in (("bbs", False), ("bbs_predicted", True)):
        properties = row[column]["instances_additional_data"]
        for place, box in enumerate(row[column]["instances"]):
            caption = names.get(properties["label"][place], "?")
            if is_predicted:
                confidence = properties["confidence"][place]
                if confidence < CONFIDENT:
                    continue
                caption = f"{caption} {confidence:.2f}"
            corners = [box[side] for side in ("x_min", "y_min", "x_max", "y_max")]
            drawn.append(Box(corners, caption, is_predicted))
    return drawn


def _caption(row: dict[str, Any]) -> str:
    f1 = "none" if row["f1"] is None else f"{row['f1']:.2f}"
    return (
        f"{Path(row['image']).name}   F1 {f1}\n"
        f"{row['false_negatives']} missed, {row['confident_errors']} confident errors"
    )
