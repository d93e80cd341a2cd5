"""The assertions of a test stand in the test."""

import ast
from pathlib import Path

# What says in the test itself that something must be so: `expect` of Playwright and what is built
# on it, `eventually` with its condition, comparisons of arrays, helpers called `assert_...`.
WORDS = ("expect", "eventually", "assert_")


def test_every_test_asserts_something(repository: Path):
    silent = [
        f"{path.relative_to(repository)}: {test.name}"
        for path in sorted((repository / "tests").rglob("test_*.py"))
        for test in ast.walk(ast.parse(path.read_text()))
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        if not any(map(is_assertion, ast.walk(test)))
    ]
    assert silent == []


def is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    if name in {"pytest.raises", "pytest.warns", "pytest.fail"}:
        return True
    return name.rpartition(".")[2].lstrip("_").startswith(WORDS)
