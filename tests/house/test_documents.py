"""README and its siblings name only what exists."""

import re
from pathlib import Path

import pytest

from samplewise.cli import COMMANDS

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/classification.md",
    "docs/callback.md",
    "docs/cli.md",
    "docs/dashboard.md",
    "docs/detection.md",
    "docs/editing.md",
    "docs/embeddings.md",
    "docs/explorer.md",
    "docs/frameworks.md",
    "docs/glossary.md",
    "docs/import.md",
    "docs/label_issues.md",
    "docs/pose.md",
    "docs/security.md",
    "docs/segmentation.md",
    "docs/server.md",
    "docs/troubleshooting.md",
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_exists(document: str, repository: Path):
    named = set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)\b", code_of(repository / document)))
    targets = set(re.findall(r"^([a-z-]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    assert named - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_exists(document: str, repository: Path):
    named = set(re.findall(r"(?<!import )\bsamplewise ([a-z]+)\b", code_of(repository / document)))
    assert named - COMMANDS.keys() == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str, repository: Path):
    path = repository / document
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_contributing_names_the_four_commands(repository: Path):
    text = code_of(repository / "CONTRIBUTING.md")
    assert all(f"make {target}" in text for target in ["setup", "test", "lint", "demo"])


def test_every_explained_target_is_phony(repository: Path):
    makefile = (repository / "Makefile").read_text()
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert [name for name in explained if f".PHONY: {name}\n" not in makefile] == []


def code_of(path: Path) -> str:
    """The parts of a Markdown file that are written as code."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", path.read_text(), re.DOTALL))
