import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError
from samplewise.storage.layout import check_name, table_path, with_suffix

WRONG = ["", ".", "..", ".x", "x.", " x", "x ", "a/b", "a\\b", "a:b", "a*", "a?", "<a>", "a|b"]


@pytest.mark.parametrize("name", [*WRONG, "a\nb", "x" * 201, "ü" * 101, 3, None])
def test_a_name_that_cannot_be_a_folder_on_every_system_is_refused(name: object):
    with pytest.raises(InvalidArgumentError, match="`table_name` must be"):
        check_name(name, "table_name")


def test_the_error_says_what_is_wrong_with_it():
    with pytest.raises(InvalidArgumentError) as caught:
        check_name("a/b", "table_name")
    assert str(caught.value) == snapshot("""\
`table_name` must be a name that can be a folder, but 'a/b' has '/' in it.
Hint: use letters, digits, spaces, `-`, `_` and `.`\
""")


def test_the_longest_name_has_room_for_a_number():
    assert table_path("p", "d", with_suffix("x" * 200, 9999))
