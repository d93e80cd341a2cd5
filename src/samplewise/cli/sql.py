"""`samplewise sql`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplewise._visible import visible
from samplewise.cli._address import Address, find
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import console, json_option, print_json, say
from samplewise.errors import InvalidArgumentError, StoreError

if TYPE_CHECKING:
    import pyarrow as pa

_ENDINGS = (".parquet", ".csv", ".json")


@click.command(
    epilog=examples(
        'sql "select epoch, name, value from aggregates" --run demo/first',
        'sql "select image, f1 from metrics order by f1 limit 10" --run demo/first --csv',
        'sql "select count(*) from rows" --table demo/drawn/initial',
        'sql "select * from metrics" --run demo/first -o metrics.parquet',
    )
)
@click.argument("query")
@click.option("--run", "run", metavar="RUN", help="Ask about this run: a URL, or project/run.")
@click.option(
    "--table",
    "table",
    metavar="TABLE",
    help="Ask about this table: a URL, or project/dataset/table.",
)
@click.option("-o", "--output", metavar="FILE", help="Write a .parquet, .csv or .json file.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="Rows to print as a table; 0 prints all. JSON, CSV and files always have all.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop the query after that; 300 unless told otherwise.",
)
@click.option(
    "--memory",
    "memory_gib",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GIB",
    help="Memory that the query and its answer may take. Left out: half of what there is.",
)
@click.option(
    "--allow-files",
    is_flag=True,
    help="Let the query read and write files and URLs, attach databases and load extensions.",
)
@root_option
def command(
    query: str,
    *,
    run: str | None,
    table: str | None,
    output: str | None,
    as_csv: bool,
    as_json: bool,
    limit: int,
    timeout_s: float | None,
    memory_gib: float | None,
    allow_files: bool,
    root_url: str | None,
) -> None:
    """Ask a question in SQL about a run or a table.

    QUERY is DuckDB's dialect of SQL; `-` reads it from stdin. Of a run there are `metrics` (per
    sample, with the columns of the input table), `aggregates`, and `input_0`, `input_1`, ... (the
    input tables). Of a table there are `rows`. It reads and writes nothing else, unless
    `--allow-files` lets it.
    """
    if (run is None) == (table is None):
        raise click.UsageError("give either --run or --table.")
    if sum([as_csv, as_json, output is not None]) > 1:
        raise click.UsageError("give only one of --csv, --json and --output.")
    path = None if output is None else _check(output)
    text = sys.stdin.read() if query == "-" else query
    address = find(run or table or "", root_url, ["table" if run is None else "run"])
    answer = _ask(address, text, _bounds(timeout_s, memory_gib, allow_files))
    if path is not None:
        _write(answer, path)
        say(f"{len(answer):,} rows in {path}", err=True)
    elif as_json or as_csv:
        _print_for_scripts(answer, as_csv=as_csv)
    else:
        _print(answer, limit)


def _bounds(timeout_s: float | None, memory_gib: float | None, allow_files: bool) -> dict[str, Any]:
    """Arguments of `sql`."""
    if memory_gib is not None and not memory_gib < 2**30:
        raise click.UsageError("--memory must be a number of GiB.")
    given = {
        "timeout_s": timeout_s,
        "memory_bytes": None if memory_gib is None else max(1, int(memory_gib * 2**30)),
    }
    return {
        "allow_files": allow_files,
        **{name: value for name, value in given.items() if value is not None},
    }


def _ask(address: Address, query: str, bounds: dict[str, Any]) -> "pa.Table":
    from samplewise.cli._plain import rename_repeated_columns
    from samplewise.tables import Run, Table

    opened = Run.from_url if address.kind == "run" else Table.from_url
    return rename_repeated_columns(opened(address.url).sql(query, **bounds))


def _check(output: str) -> Path:
    path = Path(output).expanduser()
    if path.suffix.lower() not in _ENDINGS:
        raise InvalidArgumentError(
            f"`--output` must end with {', '.join(_ENDINGS)}, but is {output!r}."
        )
    return path


def _write(answer: "pa.Table", path: Path) -> None:
    try:
        with path.open("wb") as file:
            if path.suffix.lower() == ".parquet":
                import pyarrow.parquet as pq

                pq.write_table(answer, file)
            elif path.suffix.lower() == ".csv":
                file.write(_csv(answer))
            else:
                file.write(_json(answer))
    except OSError as error:
        raise StoreError(f"`{path}` cannot be written: {error.strerror}") from error


def _csv(answer: "pa.Table") -> bytes:
    import pyarrow as pa
    from pyarrow import csv

    from samplewise.cli._plain import flat

    sink = pa.BufferOutputStream()
    csv.write_csv(flat(answer), sink)
    return sink.getvalue().to_pybytes()


def _json(answer: "pa.Table") -> bytes:
    import json

    from samplewise.cli._plain import plain_rows

    return json.dumps(plain_rows(answer), ensure_ascii=False, indent=2).encode()


def _print_for_scripts(answer: "pa.Table", *, as_csv: bool) -> None:
    from samplewise.cli._plain import plain_rows

    if as_csv:
        _print_csv(_csv(answer).decode())
    else:
        print_json(plain_rows(answer))


def _print_csv(text: str) -> None:
    shown = visible(text)
    if shown != text:
        say("control characters are printed as \\x1b; -o writes them as they are.", err=True)
    say(shown.removesuffix("\n"))


def _print(answer: "pa.Table", limit: int) -> None:
    from samplewise.cli._grid import grid
    from samplewise.cli._plain import plain

    if not answer.num_columns:
        return
    shown = answer if limit == 0 else answer.slice(0, limit)
    rows = [[_cell(plain(value)) for value in row.values()] for row in shown.to_pylist()]
    numbers = [name for name in answer.schema.names if _is_number(answer, name)]
    console().print(grid(answer.schema.names, rows, numbers=numbers))
    if len(shown) < len(answer):
        say(f"{len(shown):,} of {len(answer):,} rows; --limit 0 prints all.", err=True)


def _is_number(answer: "pa.Table", name: str) -> bool:
    import pyarrow as pa

    kind = answer.schema.field(name).type
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _cell(value: object) -> object:
    """Numbers as they are (no thousands: ids and epochs are numbers too); the rest shortened."""
    if value is None or isinstance(value, float):
        return value
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."
