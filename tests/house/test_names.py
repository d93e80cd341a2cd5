"""No two classes share a name."""

import ast
from collections import defaultdict

SHARED = {"Run", "Table"}
"""What a user opens, and the message about it that only the server names: `wire.Run`."""


def test_no_two_classes_share_a_name(modules: dict[str, ast.Module]):
    places = defaultdict(list)
    for name, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED} == {}
