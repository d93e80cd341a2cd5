"""Run by `run_probe`: import torch and torchvision and let them work."""

import json
import warnings
from typing import Any


def report() -> dict[str, Any]:
    """What torch can do here; an `error` key names what failed."""
    import torch
    import torchvision

    _suppress_boxes("cpu")
    found: dict[str, Any] = {
        "torch": str(torch.__version__),
        "torchvision": str(torchvision.__version__),
        "cuda_build": torch.version.cuda or torch.version.hip,
        "mps": torch.backends.mps.is_available(),
    }
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found["gpus"] = _gpus() if torch.cuda.is_available() else []
    found["warnings"] = [str(warning.message).splitlines()[0] for warning in said]
    if found["gpus"]:
        found["gpu_error"] = _error_on_gpu()
    return found


def _suppress_boxes(device: str) -> None:
    # The operator is compiled against one torch, and missing when the pair does not fit.
    import torch
    from torchvision.ops import nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 9, 10]], device=device)
    kept = nms(boxes, torch.tensor([0.5, 0.9], device=device), 0.5)
    if kept.tolist() != [1]:
        raise RuntimeError(f"torchvision.ops.nms kept {kept.tolist()} and not [1]")


def _gpus() -> list[dict[str, Any]]:
    import torch

    found = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    return [{"name": gpu.name, "memory_bytes": gpu.total_memory} for gpu in found]


def _error_on_gpu() -> str | None:
    try:
        _suppress_boxes("cuda")
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the finding
        return str(error).strip().splitlines()[0]
    return None


if __name__ == "__main__":
    print(json.dumps(report()))  # noqa: T201 -- read by `run_probe`
