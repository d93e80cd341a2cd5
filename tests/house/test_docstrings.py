"""Docstrings: there, and true."""

import ast
import doctest
import importlib
import inspect
from pathlib import Path

import pytest

# Importing this costs half a minute; its own tests import it.
DEAR = "samplewise.integration.super_gradients"


def test_every_public_method_has_a_docstring_or_inherits_one(modules: dict[str, ast.Module]):
    bare = [
        f"{name}.{kind.name}.{method}"
        for name, tree in modules.items()
        if not name.startswith(DEAR)
        for kind in tree.body
        if isinstance(kind, ast.ClassDef)
        for method in undocumented_methods(kind)
        if inspect.getdoc(getattr(getattr(importlib.import_module(name), kind.name), method))
        is None
    ]
    assert bare == []


def undocumented_methods(kind: ast.ClassDef) -> list[str]:
    return [
        member.name
        for member in kind.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
        and not member.name.startswith("_")
        and ast.get_docstring(member) is None
        and not any("setter" in ast.unparse(mark) for mark in member.decorator_list)
    ]


def modules_with_examples() -> list[str]:
    source = Path(__file__).parents[2] / "src"
    return [
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(source.rglob("*.py"))
        if ">>> " in path.read_text()
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_module_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "root"))
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.attempted > 0
    assert result.failed == 0
