"""torch and torchvision, which only work in pairs."""

from importlib import metadata
from typing import Any

from packaging.requirements import Requirement

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Install
from samplewise.cli._doctor.requirement import installed_version, requirements

NAME = "torch and torchvision"


def check_torch_pair(probe: dict[str, Any] | None) -> Diagnosis:
    """Both installed, made for each other, and able to work.

    Args:
        probe: What `torch_probe` reported; None if it was not run because one of them is missing.
    """
    torch, torchvision = installed_version("torch"), installed_version("torchvision")
    if torch is None and torchvision is None:
        return _report_absent()
    if torch is None or torchvision is None:
        there, lacking = ("torch", "torchvision") if torch else ("torchvision", "torch")
        summary = f"`{there}` is installed, but `{lacking}` is not."
        return Diagnosis(NAME, "broken", summary, mend=(_install_matching(torch),))
    return _too_old(torch, torchvision) or _misfit(torch) or _at_work(torch, torchvision, probe)


def pair() -> tuple[Requirement, Requirement]:
    """torch and torchvision with the bounds that Samplewise sets."""
    by_name = {need.name: need for need in requirements("super-gradients") or []}
    names = ("torch", "torchvision")
    torch, torchvision = (by_name.get(name) or Requirement(name) for name in names)
    return torch, torchvision


def install_pair(*, reinstall: bool = False) -> Install:
    """The command that installs both."""
    packages = (*(f"{need.name}{need.specifier}" for need in pair()), *_pins())
    return Install(packages, reinstall=reinstall)


def _pins() -> tuple[str, ...]:
    """What torch would bring in a release that is too new for SuperGradients: setuptools."""
    if installed_version("super-gradients") is None:
        return ()
    needs = requirements("super-gradients") or []
    return tuple(f"{need.name}{need.specifier}" for need in needs if need.name == "setuptools")


def _report_absent() -> Diagnosis:
    if installed_version("super-gradients") is not None:
        summary = "not installed, and SuperGradients cannot be imported without them."
        return Diagnosis(NAME, "broken", summary, mend=(install_pair(),))
    summary = "not installed; Tables and Runs work without, trainings and collection do not."
    return Diagnosis(NAME, "note", summary, mend=(install_pair(),))


def _too_old(torch: str, torchvision: str) -> Diagnosis | None:
    installed = zip(pair(), (torch, torchvision), strict=True)
    old = [
        f"`{bound.name}` is {version}, but must be {bound.specifier}."
        for bound, version in installed
        if not bound.specifier.contains(version, prereleases=True)
    ]
    return Diagnosis(NAME, "broken", " ".join(old), mend=(install_pair(),)) if old else None


def _misfit(torch: str) -> Diagnosis | None:
    # Every torchvision names the one torch that it was compiled against.
    needs = [Requirement(line) for line in metadata.requires("torchvision") or []]
    wanted = next((need for need in needs if need.name == "torch"), None)
    if wanted is None or wanted.specifier.contains(torch, prereleases=True):
        return None
    summary = f"torchvision asks for torch{wanted.specifier}, but torch {torch} is installed."
    return Diagnosis(NAME, "broken", summary, mend=(_install_matching(torch),))


def _at_work(torch: str, torchvision: str, probe: dict[str, Any] | None) -> Diagnosis:
    if probe is not None and "error" in probe:
        return Diagnosis(
            NAME,
            "broken",
            f"{torch} and {torchvision} are installed, but do not work together.",
            details=(probe["error"],),
            # Builds of one version differ (CPU, CUDA), so both come anew from one place.
            mend=(install_pair(reinstall=True),),
        )
    return Diagnosis(NAME, "ok", f"{torch} and {torchvision}, a pair that works")


def _install_matching(torch: str | None) -> Install:
    """Install the other one so that it fits the installed torch."""
    if torch is None:
        return install_pair()
    other = pair()[1]
    matching = (f"torch=={torch.partition('+')[0]}", f"{other.name}{other.specifier}")
    return Install((*matching, *_pins()))
