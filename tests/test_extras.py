"""Optional packages, and the sentence that says how to get them."""

import sys
from pathlib import Path

import pytest

from samplewise._extras import require
from samplewise.errors import MissingDependencyError


def test_an_installed_module_is_handed_over():
    import json

    module = require("json", package="json", extra="none", purpose="testing")
    assert module is json


def test_a_missing_module_is_an_error_that_says_how_to_get_it():
    with pytest.raises(MissingDependencyError) as caught:
        require("no_such_module.part", package="no-such", extra="umap", purpose="reducing")
    assert str(caught.value) == "reducing needs `no-such`.\nHint: pip install 'samplewise[umap]'"


def test_a_module_that_misses_a_module_of_its_own_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "half_installed.py").write_text("import no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        require("half_installed", package="half", extra="none", purpose="testing")
    sys.modules.pop("half_installed", None)
