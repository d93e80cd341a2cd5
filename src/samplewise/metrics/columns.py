"""What the columns of our own metrics mean: one value per image, in the order of their storage.

Whoever adds a metric declares it here, and every view knows which way is better, how prominent it
is and what it is called.
"""

from collections.abc import Mapping
from dataclasses import replace

from samplewise.schema import Bool, ColumnSchema, Float, Int

_HIGHER = Float(minimum=0.0, maximum=1.0, better="higher")
_LOWER = Float(minimum=0.0, better="lower")
_NEITHER = Float(minimum=0.0)  # how sure a model is says nothing about whether it is right


def _matching(predictions: str, truths: str, overlap: str) -> dict[str, ColumnSchema]:
    """Columns of predictions that are matched with ground truths."""
    return {
        "n_predictions": Int(description=predictions, title="predicted", prominence=1),
        "n_ground_truths": Int(description=truths, title="labels", prominence=1),
        "true_positives": Int(
            description=f"predictions that match a ground truth {overlap} 0.5",
            title="TP",
            better="higher",
            prominence=3,
        ),
        "false_positives": Int(
            description="predictions that match none", title="FP", better="lower", prominence=7
        ),
        "false_negatives": Int(
            description="ground truths that no prediction matches",
            title="FN",
            better="lower",
            prominence=8,
        ),
    }


def _ratios(mean_overlap: dict[str, ColumnSchema], overlap: str) -> dict[str, ColumnSchema]:
    """Their ratios."""
    return {
        "precision": replace(
            _HIGHER,
            description="share of the predictions that match; null without predictions",
            prominence=4,
        ),
        "recall": replace(
            _HIGHER,
            description="share of the ground truths that are matched; null without ground truths",
            prominence=4,
        ),
        "f1": replace(
            _HIGHER,
            description="harmonic mean of precision and recall; null without predictions and "
            "ground truths",
            prominence=9,
        ),
        **mean_overlap,
        "ap_50": replace(
            _HIGHER,
            description=f"average precision of this image at {overlap} 0.5; null without ground "
            "truths",
            prominence=6,
        ),
        "ap_50_95": replace(
            _HIGHER,
            description=f"average precision over {overlap} 0.50 to 0.95; null without ground "
            "truths",
            prominence=5,
        ),
    }


DETECTION: Mapping[str, ColumnSchema] = {
    **_matching("predictions", "ground truths", "of their class at IoU"),
    **_ratios(
        {
            "mean_iou": replace(
                _HIGHER,
                description="mean overlap of the matches; null without matches",
                prominence=5,
            )
        },
        "IoU",
    ),
}

POSE: Mapping[str, ColumnSchema] = {
    **_matching("predicted poses", "labelled poses", "at OKS"),
    "labelled_joints": Int(description="labelled joints of the ground truths"),
    "invisible_joints": Int(description="those among them that are labelled as hidden"),
    "missed_joints": Int(
        description="labelled joints that are predicted too far away or not at all",
        better="lower",
        prominence=3,
    ),
    **_ratios(
        {
            "mean_oks": replace(
                _HIGHER, description="mean OKS of the matches; null without matches", prominence=5
            )
        },
        "OKS",
    ),
    "mean_joint_error": replace(
        _LOWER,
        description="mean distance of joints to those of the match; null without",
        unit="px",
        prominence=3,
    ),
    "mean_joint_error_normalised": replace(
        _LOWER,
        description="the same over the square root of the object's area",
        prominence=2,
    ),
}

SEGMENTATION: Mapping[str, ColumnSchema] = {
    "mean_iou": replace(
        _HIGHER,
        description="mean over the classes in the prediction or the ground truth",
        prominence=9,
    ),
    "mean_dice": replace(
        _HIGHER,
        description="likewise, of 2 intersection / (prediction + ground truth)",
        prominence=7,
    ),
    "mean_boundary_iou": replace(
        _HIGHER, description="likewise, of the IoU of the boundaries", prominence=5
    ),
    "pixel_accuracy": replace(
        _HIGHER,
        description="share of the pixels that are right; ignored ones do not count",
        prominence=6,
    ),
}

CLASSIFICATION: Mapping[str, ColumnSchema] = {
    "confidence": replace(_NEITHER, description="probability of the predicted label", prominence=7),
    "margin": replace(
        _NEITHER, description="by how much it exceeds the second largest", prominence=2
    ),
    "entropy": replace(_NEITHER, description="of the probabilities, in nats", prominence=2),
    "cross_entropy": replace(
        _LOWER,
        description="minus the log of the true label's probability, in nats; null without a label",
        prominence=9,
    ),
    "correct": Bool(
        description="whether the predicted label is the true one", better="higher", prominence=8
    ),
    "correct_in_top": Bool(
        description="whether one of the five most probable is", better="higher", prominence=3
    ),
}

SAMPLE_LOSS: Mapping[str, ColumnSchema] = {
    "loss": Float(
        description="the training's criterion on this image alone; null without labels",
        better="lower",
        prominence=6,
    )
}


def find_declarations(name: str) -> list[ColumnSchema]:
    """What the metrics of all tasks declare of a column of that name, which may be several."""
    tasks = (DETECTION, POSE, SEGMENTATION, CLASSIFICATION, SAMPLE_LOSS)
    return [task[name] for task in tasks if name in task]
