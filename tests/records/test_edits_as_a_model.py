"""Random sequences of edits and deletions, against a plain list."""

import shutil
import tempfile

import pyarrow as pa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import samplewise as sw
from samplewise.schemas import Int, ListSchema, String

SCHEMA = {"x": Int(), "s": String(), "l": ListSchema(Int())}
VALUES = {
    "x": st.none() | st.integers(-9, 9),
    "s": st.none() | st.text(max_size=3),
    "l": st.none() | st.lists(st.integers(0, 3), max_size=3),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=12)


class Edits(RuleBasedStateMachine):
    """A table and its revisions, each beside a list of dicts."""

    def __init__(self) -> None:
        super().__init__()
        self.root = tempfile.mkdtemp()
        self.revisions: list[tuple[sw.Table, list[dict]]] = []

    @initialize(rows=ROWS)
    def write(self, rows: list[dict]) -> None:
        data = {name: [row[name] for row in rows] for name in SCHEMA}
        names = {"dataset_name": "d", "project_name": "p", "root_url": self.root}
        self.revisions = [(sw.Table.from_dict(data, SCHEMA, **names), rows)]

    def chosen(self, data: st.DataObject) -> tuple[sw.Table, list[dict]]:
        """Any revision, not only the last one."""
        return data.draw(st.sampled_from(self.revisions), label="revision")

    @precondition(lambda self: len(self.revisions) < 7)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        table, rows = self.chosen(data)
        places = st.integers(0, max(len(rows) - 1, 0))
        changes = {
            name: data.draw(st.dictionaries(places, values, max_size=3), label=name)
            for name, values in VALUES.items()
        }
        deleted = data.draw(st.sets(places, max_size=2), label="deleted")
        if not rows or not (deleted or any(changes.values())):
            return
        expected = [dict(row) for row in rows]
        for name, values in changes.items():
            for place, value in values.items():
                expected[place][name] = value
        kept = [row for place, row in enumerate(expected) if place not in deleted]
        self.revisions.append((table.edit(changes, delete=sorted(deleted)), kept))

    @invariant()
    def every_revision_holds_what_its_list_holds(self) -> None:
        for table, rows in self.revisions:
            opened = sw.Table.from_url(table.url)
            assert len(opened) == len(rows)
            assert list(opened.table_rows) == rows
            assert opened.to_arrow().to_pylist() == rows
            batches = list(opened.to_batches(batch_size=2))
            assert pa.Table.from_batches(batches, opened.to_arrow().schema).to_pylist() == rows

    def teardown(self) -> None:
        shutil.rmtree(self.root)


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=8, stateful_step_count=6)
