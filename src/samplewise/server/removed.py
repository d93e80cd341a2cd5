"""What was removed while a page showed it: an answer that failed because of that says so."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from starlette.types import Scope

from samplewise.errors import NotFoundError, SamplewiseError
from samplewise.records.stored_run import StoredRun
from samplewise.records.stored_table import StoredTable
from samplewise.server import wire
from samplewise.storage import Store

MESSAGE = "samplewise message"
"""Where a request keeps the message in its body."""


def find_removed(scope: Scope, store: Store) -> wire.Problem | None:
    """Why a request could not be answered, where a run or Table that it names is there no more."""
    for source in (*_list_in_path(scope), *_list_in_message(scope.get(MESSAGE))):
        if isinstance(source, wire.TableSource):
            names = source.project, source.dataset, source.table
            find = partial(StoredTable.from_names, store, *names)
            what = f"table `{source.table}` of dataset `{source.dataset}`"
        else:
            find = partial(StoredRun.from_names, store, source.project, source.run)
            what = f"run `{source.run}` of project `{source.project}`"
        try:
            find()
        except NotFoundError:
            return wire.Problem(
                "Removed", f"{what} was removed.", "the list of its project shows what there is"
            )
        except SamplewiseError:  # damaged, and there
            continue
    return None


def _list_in_path(scope: Scope) -> Iterator[wire.Source]:
    names = scope.get("path_params", {})
    if "run" in names:
        yield wire.MetricsSource(names["project"], names["run"], "", None, None, None)
    elif "table" in names:
        yield wire.TableSource(names["project"], names["dataset"], names["table"])


def _list_in_message(message: Any) -> Iterator[wire.Source]:
    if not isinstance(message, msgspec.Struct):
        return
    for name in message.__struct_fields__:
        value = getattr(message, name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, wire.TableSource | wire.MetricsSource):
                yield each
