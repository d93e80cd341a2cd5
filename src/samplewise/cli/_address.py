"""What a person means by a URL or by names: a project, a dataset, a table or a run."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from samplewise.cli import _inventory as inventory
from samplewise.errors import (
    InvalidArgumentError,
    NotFoundError,
    SamplewiseError,
    did_you_mean,
)
from samplewise.storage import Store
from samplewise.storage.layout import dataset_path, project_path, run_path, table_path

Kind = Literal["project", "dataset", "table", "run"]

_DOCUMENTS = ("project.json", "table.json", "run.json")


@dataclass(frozen=True)
class Address:
    """Where one thing lies.

    Args:
        store: The store it lies in.
        kind: What it is.
        names: Its names from the outside in: project, dataset, table; or project, run.
    """

    store: Store
    kind: Kind
    names: tuple[str, ...]

    @property
    def project(self) -> str:
        """Name of its project, or its own."""
        return self.names[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.names[-1]

    @property
    def path(self) -> str:
        """Its folder, below the root.

        Raises:
            InvalidArgumentError: A name cannot be a folder.
        """
        make = {
            "project": project_path,
            "dataset": dataset_path,
            "table": table_path,
            "run": run_path,
        }
        return make[self.kind](*self.names)

    @property
    def url(self) -> str:
        """Its folder, for Lance and for people."""
        return self.store.url(self.path)

    @property
    def exists(self) -> bool:
        """Whether it is stored; a broken document counts, so that it can be deleted."""
        if self.kind in ("table", "run"):
            return self.kind in self.store.documents(self.path)
        if self.kind == "dataset":
            return bool(inventory.table_names(self.store, *self.names))
        return self.name in inventory.projects(self.store)

    def __str__(self) -> str:
        return f"{self.kind} `{'/'.join(self.names)}`"


def find(text: str, root_url: str | None, kinds: Collection[Kind]) -> Address:
    """The stored thing that a person means.

    Args:
        text: A URL, `project`, `project/run`, `project/dataset` or `project/dataset/table`; where
            a run and a dataset share a name, `project/runs/run` and `project/datasets/dataset`.
        root_url: The store that names are looked up in; None takes the usual one.
        kinds: What it may be.

    Raises:
        NotFoundError: There is no such thing.
        InvalidArgumentError: The text has another form, names several things, or something of
            another kind.
    """
    read = _readings_of_url(text) if is_url(text) else _readings_of_names(text, Store(root_url))
    readings = list(_possible(read))
    if not readings:
        raise InvalidArgumentError(
            f"a URL must end with the names of a {' or '.join(kinds)}, but is {text!r}.",
            hint="`samplewise ls --json` lists the URLs that there are",
        )
    found = [address for address in readings if address.exists]
    wanted = [address for address in found if address.kind in kinds]
    if len(wanted) > 1:
        urls = " or ".join(address.url for address in wanted)
        raise InvalidArgumentError(
            f"`{text}` is the name of a {' and of a '.join(a.kind for a in wanted)}.",
            hint=f"say which: {urls}",
        )
    if wanted:
        return wanted[0]
    if found:
        raise InvalidArgumentError(
            f"{found[0]} is no {' and no '.join(kinds)}.",
            hint=f"samplewise ls {found[0].project} lists what is in it",
        )
    raise _not_found(text, [a for a in readings if a.kind in kinds] or readings, kinds)


def is_url(text: str) -> bool:
    """Whether the text says where, and not only which: names start with neither."""
    return "://" in text or text.startswith(("/", "~", ".")) or text[1:3] in (":\\", ":/")


def _readings_of_url(text: str) -> Iterator[Address]:
    """Everything that a URL may be the URL of; its last parts tell."""
    parts = text.rstrip("/").replace("\\", "/").split("/")
    if parts[-1] in _DOCUMENTS:
        del parts[-1]

    def address(kind: Kind, depth: int, *names: str) -> Address:
        return Address(Store("/".join(parts[:-depth]) or "/"), kind, names)

    if len(parts) > 3 and parts[-2] == "runs":
        yield address("run", 3, parts[-3], parts[-1])
    if len(parts) > 5 and (parts[-4], parts[-2]) == ("datasets", "tables"):
        yield address("table", 5, parts[-5], parts[-3], parts[-1])
    if len(parts) > 3 and parts[-2] == "datasets":
        yield address("dataset", 3, parts[-3], parts[-1])
    if len(parts) > 1:
        yield address("project", 1, parts[-1])


def _readings_of_names(text: str, store: Store) -> Iterator[Address]:
    """Everything that names may name."""
    match text.strip("/").split("/"):
        case [project]:
            yield Address(store, "project", (project,))
        case [project, name]:
            yield Address(store, "run", (project, name))
            yield Address(store, "dataset", (project, name))
        case [project, middle, name]:
            yield Address(store, "table", (project, middle, name))
            if middle == "runs":
                yield Address(store, "run", (project, name))
            if middle == "datasets":
                yield Address(store, "dataset", (project, name))
        case [project, "datasets", dataset, "tables", table]:
            yield Address(store, "table", (project, dataset, table))
        case _:
            raise InvalidArgumentError(
                f"a name must be project, project/run, project/dataset or project/dataset/table, "
                f"but is {text!r}.",
                hint="or give a URL, as `samplewise ls --json` lists them",
            )


def _possible(addresses: Iterator[Address]) -> Iterator[Address]:
    """Those whose names can be names; the reason if there are none."""
    wrong: SamplewiseError | None = None
    for address in addresses:
        try:
            _ = address.path
        except InvalidArgumentError as error:
            wrong = error
        else:
            wrong = None
            yield address
    if wrong is not None:
        raise wrong


def _not_found(text: str, readings: list[Address], kinds: Collection[Kind]) -> NotFoundError:
    """Says what is there, as deep as the names lead."""
    store, project = readings[0].store, readings[0].project
    message = f"there is no {' or '.join(kinds)} `{text}` below {store.root}."
    projects = inventory.projects(store)
    if project not in projects:
        hint = did_you_mean(project, projects)
        return NotFoundError(message, hint=f"of projects, {hint}" if projects else hint)
    known = itertools.chain.from_iterable(_names_like(address) for address in readings)
    return NotFoundError(message, hint=did_you_mean(text, known))


def _names_like(address: Address) -> list[str]:
    """Names that could have been meant in place of an address, as they are typed."""
    store, project = address.store, address.project
    if address.kind == "project":
        return inventory.projects(store)
    if address.kind == "run":
        return [f"{project}/{name}" for name in inventory.run_names(store, project)]
    if address.kind == "dataset":
        return [f"{project}/{name}" for name in inventory.dataset_names(store, project)]
    return [
        f"{project}/{dataset}/{name}"
        for dataset in inventory.dataset_names(store, project)
        for name in inventory.table_names(store, project, dataset)
    ]
