"""What a run says of collections that failed."""

from samplewise.records.collection_failures import describe_failures

GOOD = {"table": "t", "split": "val", "epoch": 0, "rows": 4, "failed_rows": 0, "error": None}
BAD = {**GOOD, "epoch": 1, "rows": 0, "error": "OSError: no space\nHint: delete something"}


def test_no_failure_and_no_collection_are_nothing_to_say():
    assert describe_failures([]) is None
    assert describe_failures([GOOD]) is None


def test_where_all_failed_nothing_was_collected():
    assert describe_failures([BAD]) == "collected nothing: OSError: no space"
    unreadable = {**GOOD, "rows": 0, "failed_rows": 3}
    assert describe_failures([unreadable]) == "collected nothing: no image could be read"


def test_failures_beside_others_are_counted():
    assert describe_failures([GOOD, BAD]) == "1 of 2 collections failed: OSError: no space"


def test_one_that_was_made_again_counts_as_the_last_time():
    assert describe_failures([BAD, {**BAD, "rows": 4, "error": None}]) is None
