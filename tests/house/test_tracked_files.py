"""The repository holds nothing of the machine it was written on."""

import re
import tomllib
from pathlib import Path

# Addresses of package registries, and settings that would carry one.
REGISTRY = re.compile(
    r"(?:registry|resolved|index-url|extra-index|find-links)[\"= :]+\S*https?://"
    r"|https?://(?:[\w.-]*\.)?(?:pythonhosted\.org|npmjs\.org|npmjs\.com|yarnpkg\.com)"
    r"|https?://pypi\.org/simple|https?://download\.pytorch\.org"
)
# Absolute paths into somebody's home or work folder.
MACHINE = re.compile(r"(?<![\w.<{/-])/(?:root|home|Users|work|mnt)/\w")


def lines_matching(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{file.name}:{number}: {line.strip()[:120]}"
        for file in files
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_tracked_file_holds_the_address_of_a_registry(tracked: list[Path]):
    assert lines_matching(REGISTRY, tracked) == []


def test_no_tracked_file_holds_a_path_of_a_machine(tracked: list[Path], repository: Path):
    assert lines_matching(MACHINE, tracked) == []
    assert lines_matching(re.compile(re.escape(f"{repository}/")), tracked) == []


def test_every_pin_of_the_lock_is_hashed(repository: Path):
    text = (repository / "requirements.lock").read_text().replace("\\\n", "")
    pins = [line for line in text.splitlines() if re.match(r"[\w.-]+(\[|==)", line)]
    assert len(pins) > 100
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_dependency_and_ignored_rule_carries_its_reason(repository: Path):
    text = (repository / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    named = [
        *project["dependencies"],
        *project["optional-dependencies"]["super-gradients"],
        *tomllib.loads(text)["tool"]["ruff"]["lint"]["ignore"],
    ]
    bare = {name for name in named if not re.search(rf'"{re.escape(name)}", +# \S', text)}
    # Plain dependencies of SuperGradients are explained by the comment above their list.
    assert bare - set(project["optional-dependencies"]["super-gradients"]) == set()
