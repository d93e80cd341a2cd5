"""SuperGradients, whose own pins no longer install, and what it really needs."""

from collections.abc import Callable
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Install
from samplewise.cli._doctor.requirement import (
    Unmet,
    installed_version,
    requirements,
    unmet,
)

NAME = "SuperGradients"
EXTRA = "super-gradients"
PACKAGES = ("super-gradients==3.7.1", "data-gradients==0.3.2")
"""Installed without their dependencies: those are pinned to releases that no longer install."""

_REASONS = {
    "onnx": "older ones do not know NumPy 2",
    "setuptools": "it imports `pkg_resources`, which is gone from setuptools 81 on",
    "torchmetrics": "newer ones changed the calls that its metrics make",
}
_YOUNGER = {"torch": "2.6", "numpy": "2", "matplotlib": "3.9"}
_NEEDS_A_PATCH = (
    ": younger than SuperGradients, so that some of it fails: averaging the best models (on "
    "unless you pass average_best_models=False), loading detection checkpoints, early stopping, "
    "colours of skeletons. Inside `with patched_super_gradients():`, from "
    "samplewise.integration.super_gradients.compatibility, all of that works."
)


def check_super_gradients(probe: Callable[[], dict[str, Any]] | None = None) -> Diagnosis:
    """Installed, in the version that Samplewise is tested with, with everything it imports.

    Args:
        probe: Imports it in another process and reports; None leaves that out.
    """
    lacking = _lacking()
    if installed_version("super-gradients") is None:
        summary = "not installed; needed to train with the callback."
        return Diagnosis(NAME, "note", summary, mend=_install(lacking, PACKAGES))
    wrong = [package for package in PACKAGES if not _fits(package)]
    if lacking or wrong:
        details = (*(f"`{_name(one)}` must be {one}." for one in wrong), *map(_explain, lacking))
        summary = "installed, but it cannot work as it is."
        return Diagnosis(NAME, "broken", summary, details, _install(lacking, wrong))
    outcome = probe() if probe else {}
    if "error" in outcome:
        return _report_failed_import(outcome["error"])
    return _report_sound("3.7.1, imported" if probe else "3.7.1, not imported (`--deep` does that)")


def _lacking() -> list[Unmet]:
    needs = requirements(EXTRA) or []
    # torch and torchvision have a check of their own.
    return unmet(need for need in needs if need.name not in {"torch", "torchvision"})


def _install(lacking: list[Unmet], packages: tuple[str, ...] | list[str]) -> tuple[Install, ...]:
    needed = tuple(f"{one.requirement.name}{one.requirement.specifier}" for one in lacking)
    first = (Install(needed),) if needed else ()
    return (*first, Install(tuple(packages), no_deps=True)) if packages else first


def _fits(package: str) -> bool:
    version = installed_version(_name(package))
    return version is not None and Requirement(package).specifier.contains(version)


def _name(package: str) -> str:
    return package.partition("==")[0]


def _explain(one: Unmet) -> str:
    reason = _REASONS.get(one.requirement.name)
    return f"{one} ({reason})" if reason and one.version else str(one)


def _report_failed_import(error: str) -> Diagnosis:
    # A missing module is not installed by its name: whoever registered that name may be anybody.
    everything = tuple(f"{need.name}{need.specifier}" for need in requirements(EXTRA) or [])
    mend = (
        *((Install(everything),) if everything else ()),
        Install(PACKAGES, no_deps=True, reinstall=True),
    )
    return Diagnosis(NAME, "broken", "installed, but importing it fails.", (error,), mend)


def _report_sound(summary: str) -> Diagnosis:
    younger = [f"{name} {version}" for name, version in _younger_packages()]
    if not younger:
        return Diagnosis(NAME, "ok", summary)
    return Diagnosis(NAME, "note", summary, (f"{', '.join(younger)}{_NEEDS_A_PATCH}",))


def _younger_packages() -> list[tuple[str, str]]:
    installed = [(name, installed_version(name)) for name in _YOUNGER]
    return [
        (name, version)
        for name, version in installed
        if version is not None and Version(version) >= Version(_YOUNGER[name])
    ]
