"""How a model predicts: the keyword arguments of SuperGradients' `predict`, for all tasks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from samplewise._arguments import check_fields
from samplewise.errors import InvalidArgumentError, did_you_mean


@dataclass(frozen=True)
class PipelineParams:
    """The keyword arguments of `model.predict`, with the defaults of SuperGradients.

    None means: what the model itself was given with its dataset, or else its own default. Every
    other value is used as it is, 0 too (SuperGradients' pose models and YoloX would silently take
    their default for it). A value that a model's task does not know is refused when the
    predictor is made.

    Attributes:
        iou: Boxes of one class that overlap by more than this are the same object; in [0, 1].
            Detection, pose.
        conf: Predictions with a lower confidence are left out; in [0, 1]. Detection, pose.
        nms_top_k: How many of the most confident boxes take part in non-maximum suppression.
            Detection; for pose the same as `pre_nms_max_predictions`.
        max_predictions: How many predictions an image has at most. Detection; for pose the same
            as `post_nms_max_predictions`.
        multi_label_per_box: Whether one box may have several classes. Detection.
        class_agnostic_nms: Whether boxes of different classes suppress each other. Detection.
        pre_nms_max_predictions: Pose.
        post_nms_max_predictions: Pose.
        fuse_model: Run a copy of the network whose layers are merged where possible: faster by a
            quarter on a CPU, with differences of less than a tenth of a pixel. The copy is made
            anew for every collection.
        skip_image_resizing: Take images in their own size, padded to a multiple of 32.
            Detection, pose.
        fp16: Half precision where the device has it (CUDA).
    """

    iou: float | None = None
    conf: float | None = None
    nms_top_k: int | None = None
    max_predictions: int | None = None
    multi_label_per_box: bool | None = None
    class_agnostic_nms: bool | None = None
    pre_nms_max_predictions: int | None = None
    post_nms_max_predictions: int | None = None
    fuse_model: bool = True
    skip_image_resizing: bool = False
    fp16: bool = True

    def __post_init__(self) -> None:
        for name in ("iou", "conf"):
            _check_fraction(name, getattr(self, name))
        for name in (
            "nms_top_k",
            "max_predictions",
            "pre_nms_max_predictions",
            "post_nms_max_predictions",
        ):
            _check_count(name, getattr(self, name))
        check_fields(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "PipelineParams":
        """From keyword arguments in a dictionary.

        Raises:
            InvalidArgumentError: One is unknown, or out of its range.
        """
        known = {each.name for each in fields(cls)}
        for name in values:
            if name not in known:
                raise InvalidArgumentError(
                    f"`pipeline_params` must hold arguments of `predict`, but `{name}` is none.",
                    hint=did_you_mean(str(name), known),
                )
        return cls(**values)

    @classmethod
    def of(cls, value: "PipelineParams | Mapping[str, Any] | None") -> "PipelineParams":
        """From what the callback takes: an instance, a dictionary or None.

        Raises:
            InvalidArgumentError: It is something else, or a value is wrong.
        """
        if value is None:
            return cls()
        if isinstance(value, Mapping):
            return cls.from_dict(value)
        if isinstance(value, cls):
            return value
        raise InvalidArgumentError(
            "`pipeline_params` must be a PipelineParams, a dictionary or None, "
            f"but it is {type(value).__name__}."
        )

    def to_dict(self) -> dict[str, Any]:
        """All values by name, as they go into a Run."""
        return asdict(self)

    def explicit_values(self) -> dict[str, Any]:
        """Thresholds and limits that are not None."""
        switches = {"fuse_model", "skip_image_resizing", "fp16"}
        return {
            name: value
            for name, value in self.to_dict().items()
            if value is not None and name not in switches
        }


def _check_fraction(name: str, value: Any) -> None:
    if value is None or (isinstance(value, int | float) and 0 <= value <= 1):
        return
    raise InvalidArgumentError(
        f"`pipeline_params` `{name}` must be a number in [0, 1] or None, but it is {value!r}."
    )


def _check_count(name: str, value: Any) -> None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return
    raise InvalidArgumentError(
        f"`pipeline_params` `{name}` must be a positive number or None, but it is {value!r}."
    )
