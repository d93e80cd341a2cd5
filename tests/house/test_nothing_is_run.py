"""Nothing that is read is run: no pickle, no `eval`, no import by a name that data gives."""

import ast
from collections.abc import Callable, Iterator

MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
BUILTINS = {"eval", "exec", "compile", "__import__"}
SAFE: dict[str, Callable[[dict[str, str]], bool]] = {
    "torch.load": lambda named: named.get("weights_only") == "True",
    "np.load": lambda named: named.get("allow_pickle", "False") == "False",
    "yaml.load": lambda named: "Safe" in named.get("Loader", ""),
    "yaml.unsafe_load": lambda named: False,
}
"""Calls that run what they read, unless their keywords forbid it."""
ALLOWED = {
    ("samplewise._extras", "import_module"),  # optional packages, named in our source
}


def test_nothing_that_is_read_is_run(modules: dict[str, ast.Module]):
    found = {
        (module, what)
        for module, tree in modules.items()
        for node in ast.walk(tree)
        for what in _dangers(node)
    }
    assert found - ALLOWED == set()
    assert ALLOWED - found == set(), "no longer needed"


def _dangers(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names if each.name.split(".")[0] in MODULES)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
        yield str(node.module)
    elif isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        named = {each.arg: ast.unparse(each.value) for each in node.keywords}
        if name in BUILTINS:
            yield name
        elif name.endswith("import_module") and not isinstance(node.args[0], ast.Constant):
            yield "import_module"
        elif name in SAFE and not SAFE[name](named):
            yield name
