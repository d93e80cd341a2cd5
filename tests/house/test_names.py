"""Names say what they are: one class a name, and functions are named by what they do."""

import ast
import re
from collections import defaultdict

SHARED = {"Run", "Table"}
"""What a user opens, and the message about it that only the server names: `wire.Run`."""

PARTICIPLE = re.compile(
    r"_*(?:already_|known_|saying_)?(?:[a-z]{2,}ed|shown|written|drawn|known|left|found|built|sorted)"
    r"(?:_\w+)?"
)
VERBS = {"embed", "feed", "need", "seed"}
NAMED_BY_OTHERS = {"installed_version"}
"""As `importlib.metadata` speaks."""
PUBLIC = {"patched_super_gradients"}
"""The name of the context manager in our documentation."""


def test_no_two_classes_share_a_name(modules: dict[str, ast.Module]):
    places = defaultdict(list)
    for name, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED} == {}


def test_functions_are_named_by_verbs_or_by_what_they_return(modules: dict[str, ast.Module]):
    """A participle says neither: `matched()` may match, be told what matched, or ask whether.

    A property may be one (`created`), and so may what a decorator of ours calls by its name.
    """
    found = [
        f"{module}: {node.name}"
        for module, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any(ast.unparse(each).endswith("property") for each in node.decorator_list)
        and PARTICIPLE.fullmatch(node.name)
        and node.name.strip("_").split("_")[0] not in VERBS
        and node.name not in NAMED_BY_OTHERS | PUBLIC
    ]
    assert found == []
