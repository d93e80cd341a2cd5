"""Graphics processors, and whether torch can use them."""

import shutil
from pathlib import Path
from typing import Any

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.torch_pair import install_pair

NAME = "GPU"


def check_gpu(probe: dict[str, Any] | None) -> Diagnosis:
    """One that torch sees must work; one that it does not see is worth a note.

    Args:
        probe: What `torch_probe` reported; None if torch is not installed.
    """
    if probe is None or "error" in probe:
        return Diagnosis(NAME, "note", "not looked at, because torch does not work here.")
    if probe["gpus"]:
        return _usable(probe["gpus"], probe["gpu_error"])
    if probe["mps"]:
        return Diagnosis(NAME, "ok", "Apple's, through MPS")
    if _has_nvidia_driver():
        return _out_of_reach(probe)
    return Diagnosis(NAME, "ok", "none; trainings run on the processor")


def _usable(gpus: list[dict[str, Any]], error: str | None) -> Diagnosis:
    names = ", ".join(f"{gpu['name']} ({gpu['memory_bytes'] / 1e9:.0f} GB)" for gpu in gpus)
    if error is None:
        return Diagnosis(NAME, "ok", names)
    mend = (install_pair(reinstall=True),)
    return Diagnosis(NAME, "broken", f"{names}: torch sees it, but cannot use it.", (error,), mend)


def _has_nvidia_driver() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def _out_of_reach(probe: dict[str, Any]) -> Diagnosis:
    if probe["cuda_build"] is None:
        summary = "there is an NVIDIA driver, but this torch was built for the processor only."
        return Diagnosis(NAME, "note", summary, mend=(install_pair(reinstall=True),))
    summary = "there is an NVIDIA driver, but torch finds no GPU."
    details = (*probe["warnings"], f"torch was built for CUDA {probe['cuda_build']}.")
    return Diagnosis(NAME, "note", summary, details)
