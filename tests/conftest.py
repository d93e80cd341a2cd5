"""What every test stands on: a store of its own, the shared pictures, quiet libraries."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Set before anything is imported, and inherited by every process that a test starts.
_HOUSE = tempfile.TemporaryDirectory(prefix="samplewise-tests-")
os.environ["SAMPLEWISE_ROOT"] = str(Path(_HOUSE.name, "root"))  # never the user's own store
os.environ["SUPER_GRADIENTS_LOG_DIR"] = str(Path(_HOUSE.name, "sg_logs"))
os.environ["CRASH_HANDLER"] = "FALSE"  # SuperGradients would print tips on every exit
os.environ["MPLBACKEND"] = "Agg"
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


def pytest_unconfigure() -> None:
    _HOUSE.cleanup()
