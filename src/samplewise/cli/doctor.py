"""`samplewise doctor`."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from samplewise.cli._doctor import (
    Diagnosis,
    check_browser,
    check_convolution,
    check_gpu,
    check_interpreter,
    check_own_packages,
    check_store_root,
    check_super_gradients,
    check_torch_pair,
)
from samplewise.cli._doctor.probe import run_probe
from samplewise.cli._doctor.requirement import is_importable
from samplewise.cli._output import json_option, print_json, say

_COLOURS = {"ok": "green", "note": "yellow", "broken": "red"}


@click.command()
@click.option("--deep", is_flag=True, help="Import SuperGradients too, which takes half a minute.")
@click.option("--root-url", help="Look at this store and not at the usual one.")
@json_option
@click.pass_context
def command(ctx: click.Context, deep: bool, root_url: str | None, as_json: bool) -> None:
    """Check this installation and say how to mend it.

    Looks at Python, the packages, torch and torchvision, SuperGradients, the GPU, the store and
    the browser. Changes nothing. Ends with exit code 1 if something is broken.
    """
    findings = []
    for finding in examine(deep=deep, root_url=root_url):
        findings.append(finding)
        if not as_json:
            show(finding)
    broken = sum(finding.status == "broken" for finding in findings)
    if as_json:
        print_json({"ok": not broken, "findings": [finding.as_json() for finding in findings]})
    else:
        say(f"\n{broken} broken." if broken else "\nNothing is broken.")
    ctx.exit(1 if broken else 0)


def examine(*, deep: bool = False, root_url: str | None = None) -> Iterator[Diagnosis]:
    """Every check, one after the other.

    Args:
        deep: Import SuperGradients in another process.
        root_url: The store to look at; None takes the usual one.
    """
    yield check_interpreter()
    yield check_own_packages()
    has_pair = is_importable("torch") and is_importable("torchvision")
    torch = _probe("torch_probe", "torch") if has_pair else None
    works = torch is not None and "error" not in torch
    yield check_torch_pair(torch)
    yield check_convolution(run_probe("convolution_probe", timeout_s=120) if works else None)
    yield check_super_gradients(_import_super_gradients if deep else None)
    yield check_gpu(torch)
    yield check_store_root(root_url)
    yield check_browser()


def show(finding: Diagnosis) -> None:
    """One finding on the terminal; commands stand on lines of their own, to be copied."""
    status = f"{finding.status:<8}"
    say(f"{finding.name}: {finding.summary}", label=status, colour=_COLOURS[finding.status])
    for detail in finding.details:
        say(click.wrap_text(f"- {detail}", 96, " " * 8, " " * 10))
    with_pip, with_uv = finding.commands("pip"), finding.commands("uv")
    if with_pip == with_uv:
        _show_commands("to change that:", with_pip)
    else:
        _show_commands("to mend it with pip:", with_pip)
        _show_commands("or with uv:", with_uv)


def _show_commands(title: str, lines: list[str]) -> None:
    if lines:
        say(f"        {title}")
    for line in lines:
        say(f"            {line}")


def _import_super_gradients() -> dict[str, Any]:
    return _probe("super_gradients_probe", "SuperGradients")


def _probe(module: str, what: str) -> dict[str, Any]:
    # A slow disk or processor makes minutes of it.
    if sys.stderr.isatty():
        say(f"importing {what} ...", err=True)
    return run_probe(module, timeout_s=600)
