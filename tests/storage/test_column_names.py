import pytest
from inline_snapshot import snapshot

from samplewise.errors import SchemaError
from samplewise.storage.column_names import check_column_names


def error_of(*names: object) -> str:
    with pytest.raises(SchemaError) as caught:
        check_column_names(names)
    return str(caught.value)


def test_names_that_cannot_be_stored_are_refused_with_one_that_can():
    assert error_of("mAP@0.50") == snapshot("""\
a column must have a name that can be stored, but 'mAP@0.50' has a dot in it.
Hint: name it `mAP@0_50`\
""")
    assert error_of("a`b") == snapshot("""\
a column must have a name that can be stored, but 'a`b' has a backtick in it.
Hint: name it `a_b`\
""")
    assert error_of("_rowid") == snapshot("""\
a column must have a name that can be stored, but '_rowid' starts with '_row'.
Hint: name it `rowid`\
""")
    assert error_of("") == snapshot(
        "a column must have a name that can be stored, but '' is empty."
    )
    assert error_of(3) == snapshot("""\
a column must have a name that can be stored, but 3 is no string.
Hint: name it '3'\
""")


def test_names_that_sql_cannot_tell_apart_are_refused():
    assert error_of("Label", "label") == snapshot(
        "columns must differ by more than upper and lower case, but there are `Label` and `label`."
    )


def test_a_table_has_a_column():
    assert error_of() == snapshot("a table must have at least one column, but has none.")


def test_all_other_names_are_fine():
    names = ["a b", "ü", "AP[0]", "a/b", "a'b", 'a"b', "x" * 500, "select", "%"]
    assert check_column_names(names) is None
