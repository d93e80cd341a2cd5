"""Addresses below `/api`, with names as single segments whatever is in them."""

from urllib.parse import quote

from samplewise.server import wire

API = "/api"


def images_of_table(source: wire.TableSource, table_id: str) -> str:
    """Images of a table; `/{example_id}` follows. With its id, browsers may keep them."""
    return (
        f"{API}/images/{table_id}/table/{join_path(source.project, source.dataset, source.table)}"
    )


def images_of_run(source: wire.MetricsSource, table_id: str) -> str:
    """Images of an input table of a run; `/{example_id}` follows."""
    names = join_path(source.project, source.run, str(source.input_table_id))
    return f"{API}/images/{table_id}/run/{names}"


def join_path(*parts: str) -> str:
    """Parts of a path."""
    return "/".join(quote(part, safe="") for part in parts)
