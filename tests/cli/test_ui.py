"""`samplewise ui`; a server that it starts is tested in tests/server."""

import pytest


@pytest.mark.usefixtures("root")
def test_another_interface_needs_a_flag_that_says_what_it_means(samplewise):
    code, _, said = samplewise("ui", "--host", "0.0.0.0", "--no-browser")
    assert code == 2
    assert "lets other machines in" in said
    assert "ssh -L" in said
    assert "not encrypted" in " ".join(samplewise("ui", "--help")[1].split())


@pytest.mark.usefixtures("root")
def test_an_interface_that_is_not_there_is_said_in_words(samplewise):
    code, _, said = samplewise("ui", "--host", "203.0.113.7", "--let-others-in", "--no-browser")
    assert code == 1
    assert "must be free on 203.0.113.7" in said
