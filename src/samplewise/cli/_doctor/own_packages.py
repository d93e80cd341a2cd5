"""Samplewise itself and the packages that it cannot do without."""

from samplewise._version import __version__
from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Install
from samplewise.cli._doctor.requirement import requirements, unmet


def check_own_packages() -> Diagnosis:
    """Every package that the core needs, in a version that fits."""
    name = "Samplewise"
    needs = requirements()
    if needs is None:
        summary = f"{__version__}, run from a folder of sources: what it needs cannot be checked."
        return Diagnosis(name, "note", summary)
    lacking = unmet(needs)
    if not lacking:
        return Diagnosis(name, "ok", f"{__version__}, with the {len(needs)} packages that it needs")
    return Diagnosis(
        name,
        "broken",
        f"{__version__} lacks {len(lacking)} of the {len(needs)} packages that it needs.",
        details=tuple(map(str, lacking)),
        mend=(
            Install(tuple(f"{one.requirement.name}{one.requirement.specifier}" for one in lacking)),
        ),
    )
