"""What Samplewise's own metadata asks for, and what of it is not met here.

The bounds stand once, in pyproject.toml; they travel in the metadata of the installed package.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

# The module to import, where it is not the name of the package.
_MODULES = {
    "hydra-core": "hydra",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pylance": "lance",
    "pyyaml": "yaml",
    "setuptools": "pkg_resources",
}
# Packages that hold the same module.
_STAND_INS = {
    "opencv-python-headless": (
        "opencv-python",
        "opencv-contrib-python-headless",
        "opencv-contrib-python",
    ),
}


@dataclass(frozen=True)
class Unmet:
    """A requirement, and what is there instead."""

    requirement: Requirement
    version: str | None
    """The installed version, which does not fit; None if nothing is installed."""

    def __str__(self) -> str:
        if self.version is None:
            return f"`{module_of(self.requirement)}` is missing (package {self.requirement.name})."
        bounds = self.requirement.specifier
        return f"`{self.requirement.name}` is {self.version}, but must be {bounds}."


def requirements(extra: str = "") -> list[Requirement] | None:
    """What the core of Samplewise needs, or what one of its extras needs on top.

    Args:
        extra: Name of the extra; empty for the core.

    Returns:
        The requirements that apply to this interpreter; None if Samplewise is not installed, but
        run from a folder of sources.
    """
    try:
        listed = metadata.requires("samplewise") or []
    except metadata.PackageNotFoundError:
        return None
    return [need for need in map(Requirement, listed) if _belongs(need, extra)]


def python_bounds() -> SpecifierSet:
    """The versions of Python that Samplewise is made for; any, if run from a folder of sources."""
    try:
        return SpecifierSet(metadata.metadata("samplewise")["Requires-Python"] or "")
    except metadata.PackageNotFoundError:
        return SpecifierSet()


def unmet(needs: Iterable[Requirement]) -> list[Unmet]:
    """Those that are missing or have a version out of bounds."""
    found = [Unmet(need, version_of(need)) for need in needs]
    return [
        one
        for one in found
        if one.version is None
        or not one.requirement.specifier.contains(one.version, prereleases=True)
    ]


def version_of(need: Requirement) -> str | None:
    """The installed version of a package or of one that stands in for it, if it is whole."""
    for name in (need.name, *_STAND_INS.get(need.name, ())):
        version = installed_version(name)
        if version is not None and is_importable(module_of(need)):
            return version
    return None


def installed_version(package: str) -> str | None:
    """The installed version of a package; None if it is not installed."""
    try:
        # A half-removed package can lack its version.
        return metadata.version(package) or None
    except (metadata.PackageNotFoundError, KeyError):
        return None


def is_importable(module: str) -> bool:
    """Whether a top-level module would be found; nothing is imported."""
    return find_spec(module) is not None


def module_of(need: Requirement) -> str:
    """The top-level module that a package brings."""
    return _MODULES.get(need.name, need.name.lower().replace("-", "_"))


def _belongs(need: Requirement, extra: str) -> bool:
    if need.marker is None:
        return extra == ""
    in_core = need.marker.evaluate({"extra": ""})
    return in_core if extra == "" else not in_core and need.marker.evaluate({"extra": extra})
