"""What every test stands on: a store of its own, the shared pictures, quiet libraries."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # not while loading: the plugin that checks shapes must be first
    import samplewise as sw

# Set before anything is imported, and inherited by every process that a test starts.
_HOUSE = tempfile.TemporaryDirectory(prefix="samplewise-tests-")
os.environ["SAMPLEWISE_ROOT"] = str(Path(_HOUSE.name, "root"))  # never the user's own store
os.environ["SUPER_GRADIENTS_LOG_DIR"] = str(Path(_HOUSE.name, "sg_logs"))
os.environ["CRASH_HANDLER"] = "FALSE"  # SuperGradients would print tips on every exit
os.environ["MPLBACKEND"] = "Agg"
os.environ.pop("PYTHONUNBUFFERED", None)  # it hides what is lost where output is kept back
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"  # no waiting for credentials of a cloud machine

REPOSITORY = Path(__file__).parent.parent

# A shared machine pauses any test at any time, so no example has a deadline.
settings.register_profile(
    "samplewise",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
settings.register_profile("thorough", settings.get_profile("samplewise"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "samplewise"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real pictures with COCO labels (`coco128/`, `pose_minicoco/`) that lie beside the project."""
    folder = Path(os.environ.get("SAMPLEWISE_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no real pictures here; SAMPLEWISE_TEST_DATA can name their folder")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> str:
    """Root of an empty store, which is the default one."""
    return str(tmp_path / "root")


@pytest.fixture
def make_table(root: str) -> "Callable[..., sw.Table]":
    """Makes a table in dataset `d` of project `p`; of five numbered rows unless told otherwise."""
    import samplewise as sw

    def make(data: Any = None, schema: Any = None, **options: Any) -> sw.Table:
        options = {"dataset_name": "d", "project_name": "p", "root_url": root, **options}
        return sw.Table.from_dict(data or {"x": [0, 1, 2, 3, 4]}, schema, **options)

    return make


@pytest.fixture
def run(root: str) -> "sw.Run":
    """A run of project `p`, closed by nobody."""
    import samplewise as sw

    return sw.tables.Run.create("p", "r", root_url=root)


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """A folder with the images `0.png` to `4.png`."""
    import numpy as np
    from PIL import Image

    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(5):
        Image.fromarray(np.full((6, 8, 3), number, np.uint8)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def run_python() -> Callable[..., list[str]]:
    """Runs programs in processes of their own, all at once; returns what each printed."""

    def run(*programs: str) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=dict(os.environ),
            )
            for program in programs
        ]
        done = [process.communicate() for process in started]
        assert [process.returncode for process in started] == [0] * len(started), done
        assert [err for _, err in done] == [""] * len(done)
        return [out for out, _ in done]

    return run


def pytest_unconfigure() -> None:
    _HOUSE.cleanup()
