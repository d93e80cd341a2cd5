"""Trainings on the processor, which some torch releases crash."""

from typing import Any

from samplewise.cli._doctor.diagnosis import Diagnosis

NAME = "Training on the processor"
_HARM = (
    "Its oneDNN writes past a buffer when the first layer of YOLO-NAS learns from channels-last "
    "images, as SuperGradients' collate function makes them; a crash follows sooner or later "
    "(https://github.com/uxlfoundation/oneDNN/issues/6035)."
)
_WAY_AROUND = (
    "Trainings with the callback are mended, and so are those inside "
    "`with patched_super_gradients():`, from "
    "`samplewise.integration.super_gradients.compatibility`. Elsewhere, let the collate function "
    "of the loader return images.contiguous(). Trainings on a GPU are safe."
)


def check_convolution(probe: dict[str, Any] | None) -> Diagnosis:
    """Whether the first layer of YOLO-NAS can be trained without damage.

    Args:
        probe: What `convolution_probe` reported; None if torch does not work here.
    """
    if probe is None:
        return Diagnosis(NAME, "note", "not looked at, because torch does not work here.")
    if "error" in probe:
        details = (f"The trial {probe['error']}.", _HARM, _WAY_AROUND)
        return Diagnosis(NAME, "note", "this torch can crash while it trains.", details)
    return Diagnosis(NAME, "ok", "works")
