"""Addresses below `/api`, with names as single segments whatever is in them."""

from urllib.parse import quote

from samplewise.server import wire

API = "/api"


def images_of_table(source: wire.TableSource) -> str:
    """Images of a table; `/{example_id}` follows."""
    return f"{API}/images/table/{joined(source.project, source.dataset, source.table)}"


def images_of_run(source: wire.MetricsSource) -> str | None:
    """Images of an input table of a run; `/{example_id}` follows."""
    if source.input_table_id is None:
        return None
    return f"{API}/images/run/{joined(source.project, source.run, str(source.input_table_id))}"


def joined(*parts: str) -> str:
    """Parts of a path."""
    return "/".join(quote(part, safe="") for part in parts)
