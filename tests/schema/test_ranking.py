"""The main metric, and the order with the worst samples first."""

from samplewise.schema import Bool, Float, Int, String
from samplewise.schema.ranking import Order, main_metric, worst_first

COLUMNS = {
    "n": Int(prominence=99),
    "fn": Int(better="lower", prominence=5),
    "fine": Bool(better="higher", prominence=99),
    "text": String(better="higher", prominence=99),
    "secret": Float(better="higher", prominence=99, hidden=True),
    "score": Float(better="higher", prominence=9),
    "loss": Float(better="lower"),
    "other": Float(better="higher"),
}


def test_the_main_metric_is_the_most_prominent_number_that_knows_which_way_is_better():
    assert main_metric(COLUMNS) == "score"
    assert main_metric({name: COLUMNS[name] for name in ("n", "loss", "other")}) == "loss"


def test_nothing_is_ranked_where_nothing_says_which_way_is_better():
    columns = {"loss": Float(), "f1": Float(prominence=9), "fine": Bool(better="higher")}
    assert main_metric(columns) is None
    assert worst_first(columns) == []


def test_the_worst_samples_are_at_the_other_end_than_the_better_ones():
    orders = [Order("score", False), Order("fn", True), Order("loss", True)]
    assert worst_first(COLUMNS) == orders
