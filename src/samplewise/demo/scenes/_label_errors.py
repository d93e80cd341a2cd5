"""Wrong labels planted into right ones, each written down.

An entry of `planted_errors.json`:
`split`, `file_name`, `image_id`, `kind`, `annotation_id`, and `true` and `planted`, each
`{"bbox": [x, y, width, height], "category_id": id, "category": name}` or null: a missing box has
no planted side, a spurious box no true one. The annotation of a missing box is not in the COCO
file; its id stays unused there.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

PLANTED_KINDS = ("wrong_class", "shifted_box", "missing_box", "spurious_box")
_Annotation = dict[str, Any]


@dataclass
class LabelErrors:
    """Plants errors into the splits of one dataset, the kinds in turn.

    Args:
        classes: Name by category id.
        rate: Errors per box; at most one an image, so every bad image has one reason.
        size: Side of the images, pixels.
        rng: Source of randomness.
    """

    classes: dict[int, str]
    rate: float
    size: int
    rng: np.random.Generator
    record: list[dict[str, Any]] = field(default_factory=list)

    def plant(self, split: str, coco: dict[str, Any]) -> None:
        """Change the annotations of a COCO document in place."""
        annotations: list[_Annotation] = coco["annotations"]
        names = {image["id"]: image["file_name"] for image in coco["images"]}
        last = max((annotation["id"] for annotation in annotations), default=0)
        for chosen in self._choose_annotations(annotations):
            siblings = [a for a in annotations if a["image_id"] == chosen["image_id"]]
            kind = PLANTED_KINDS[len(self.record) % len(PLANTED_KINDS)]
            true, planted = self._change(kind, chosen, siblings)
            number = chosen["id"]
            if kind == "missing_box":
                annotations.remove(chosen)
            elif kind == "spurious_box":
                number = last = last + 1
                annotations.append({**planted, "id": number})
            else:
                chosen.update(planted)
            where = {"split": split, "file_name": names[chosen["image_id"]]}
            what = {"image_id": chosen["image_id"], "kind": kind, "annotation_id": number}
            sides = {"true": self._side(true), "planted": self._side(planted)}
            self.record.append({**where, **what, **sides})

    def _choose_annotations(self, annotations: list[_Annotation]) -> list[_Annotation]:
        """One annotation in each of some images, in random order."""
        shuffled = [annotations[place] for place in self.rng.permutation(len(annotations))]
        one_an_image = {found["image_id"]: found for found in reversed(shuffled)}
        return list(one_an_image.values())[: round(self.rate * len(annotations))]

    def _change(
        self, kind: str, chosen: _Annotation, siblings: list[_Annotation]
    ) -> tuple[_Annotation | None, _Annotation]:
        true = {key: chosen[key] for key in ("bbox", "category_id", "area")}
        others = [known for known in self.classes if known != chosen["category_id"]]
        if kind == "wrong_class":
            return true, {**true, "category_id": int(self.rng.choice(others))}
        if kind == "shifted_box":
            box = self._shift(np.array(chosen["bbox"]))
            return true, {**true, "bbox": box.tolist(), "area": _area(box)}
        if kind == "missing_box":
            return true, {}
        box = self._find_vacant_box(np.array([sibling["bbox"] for sibling in siblings]))
        planted = {**chosen, "bbox": box.tolist(), "area": _area(box)}
        return None, {**planted, "category_id": int(self.rng.choice(list(self.classes)))}

    def _shift(self, box: Float[np.ndarray, "4"]) -> Float[np.ndarray, "4"]:
        """The box moved by about half its size, inside the image; IoU with the true one < 0.5."""
        tries = np.tile(box, (64, 1))
        tries[:, :2] += self.rng.uniform(-0.9, 0.9, (64, 2)) * box[2:]
        tries[:, :2] = tries[:, :2].clip(0, np.maximum(self.size - box[2:], 0))
        overlaps = _iou(tries, box)
        # A moved box that still touches its thing looks like a slip of the hand.
        best = np.argmin(np.abs(overlaps - 0.25))
        return tries[best].round(2)

    def _find_vacant_box(self, boxes: Float[np.ndarray, "t 4"]) -> Float[np.ndarray, "4"]:
        """A box that overlaps the least with all there are."""
        sides = self.rng.uniform(0.2, 0.4, (64, 2)) * self.size
        corners = self.rng.uniform(0, 1, (64, 2)) * (self.size - sides)
        tries = np.concatenate([corners, sides], axis=1)
        overlaps = np.max([_iou(tries, box) for box in boxes], axis=0)
        return tries[np.argmin(overlaps)].round(2)

    def _side(self, label: _Annotation | None) -> _Annotation | None:
        if not label:
            return None
        category = label["category_id"]
        return {
            "bbox": label["bbox"],
            "category_id": category,
            "category": self.classes[category],
        }


def _area(box: Float[np.ndarray, "4"]) -> float:
    return round(float(box[2] * box[3]), 2)


def _iou(boxes: Float[np.ndarray, "n 4"], other: Float[np.ndarray, "4"]) -> Float[np.ndarray, " n"]:
    """Overlap of `xywh` boxes with one other."""
    low = np.maximum(boxes[:, :2], other[:2])
    high = np.minimum(boxes[:, :2] + boxes[:, 2:], other[:2] + other[2:])
    shared = (high - low).clip(0).prod(axis=1)
    return shared / (boxes[:, 2:].prod(axis=1) + other[2:].prod() - shared)
