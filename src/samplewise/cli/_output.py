"""What every command that prints has in common."""

import json
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def print_json(value: Any) -> None:
    """One JSON value on stdout; what is missing is null, and NaN is refused."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))
