"""What a store holds: projects, datasets, tables and runs by name."""

from samplewise.storage import Store
from samplewise.storage.layout import dataset_path, project_path, run_path, table_path


def project_names(store: Store) -> list[str]:
    """Names of the projects, sorted."""
    return [name for name in store.children("") if "project" in store.documents(name)]


def dataset_names(store: Store, project: str) -> list[str]:
    """Names of the datasets of a project that have a table, sorted."""
    names = store.children(f"{project_path(project)}/datasets")
    return [name for name in names if table_names(store, project, name)]


def table_names(store: Store, project: str, dataset: str) -> list[str]:
    """Names of the tables of a dataset, sorted."""
    names = store.children(f"{dataset_path(project, dataset)}/tables")
    # A folder without a document is what a killed process left behind.
    return [n for n in names if "table" in store.documents(table_path(project, dataset, n))]


def run_names(store: Store, project: str) -> list[str]:
    """Names of the runs of a project, sorted."""
    names = store.children(f"{project_path(project)}/runs")
    return [name for name in names if "run" in store.documents(run_path(project, name))]
