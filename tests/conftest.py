"""What every test stands on: a store of its own, the shared pictures, quiet libraries."""

import contextlib
import gc
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
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

# `nohup make test &` starts us with Ctrl-C ignored, which every child would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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


@pytest.fixture(scope="session")
def wrong_values() -> dict[str, Callable[[Path], Any]]:
    """Values that people hand over by mistake, by what they are; each is made anew for a folder."""
    import numpy as np

    return {
        "none": lambda _: None,
        "object": lambda _: object(),
        "bytes": lambda _: b"\xff\x00",
        "empty text": lambda _: "",
        "text": lambda _: "ünïcode ☃ and more",
        "surrogate": lambda _: "\ud800",
        "nul": lambda _: "a\0b",
        "dots": lambda _: "../../up",
        "long": lambda _: "x" * 5000,
        "zero": lambda _: 0,
        "negative": lambda _: -1,
        "huge": lambda _: 10**30,
        "hugely negative": lambda _: -(10**30),
        "half": lambda _: 0.5,
        "nan": lambda _: float("nan"),
        "infinite": lambda _: float("inf"),
        "true": lambda _: True,
        "empty list": lambda _: [],
        "mixed": lambda _: [None, 1, "a", b"b", object()],
        "nested": lambda _: [[1, 2], [3]],
        "empty mapping": lambda _: {},
        "numbers by number": lambda _: {1: 2},
        "objects by name": lambda _: {"x": object(), "y": [1]},
        "surrogates by name": lambda _: {"x": ["\ud800"] * 5, "\ud800": [1] * 5},
        "type": lambda _: int,
        "function": lambda _: lambda: 1,
        "generator": lambda _: (i for i in range(3)),
        "array": lambda _: np.array([1.0, np.nan]),
        "matrix": lambda _: np.zeros((2, 3, 0)),
        "objects": lambda _: np.array([None, "a", object()], object),
        "no file": lambda place: place / "nowhere" / "x.json",
        "folder": lambda place: place,
        "text of a folder": str,
        "no permission": lambda _: "/proc/nowhere/x.csv",
        "strange scheme": lambda _: "ftp://nowhere/x",
    }


@pytest.fixture(scope="session")
def rounds() -> Callable[[int], int]:
    """How often to try: so often here, and fifty times in `make test-faults`."""
    wanted = os.environ.get("SAMPLEWISE_FAULT_ROUNDS")
    return lambda few: few if wanted is None else int(wanted)


# --- an object store ---------------------------------------------------------------------

# In a process of its own: threads of a server in this one would end with every forked child.
_SERVER = """
import logging, sys
logging.disable()
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(port=0)
server.start()
print("port", server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def object_storage(lasting_children: set[str]) -> Iterator[str]:
    """Endpoint of an S3 server with the bucket `bucket`."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lasting_children.add(str(server.pid))
    assert server.stdout is not None
    port = next(line.split()[1] for line in server.stdout if line.startswith("port"))
    endpoint = f"http://127.0.0.1:{port}"
    _make_bucket(endpoint)
    yield endpoint
    server.kill()
    server.communicate()


def _make_bucket(endpoint: str) -> None:
    request = urllib.request.Request(f"{endpoint}/bucket", method="PUT")
    for _ in range(50):
        try:
            with urllib.request.urlopen(request):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture
def s3_root(object_storage: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The root of an empty store on S3; credentials are in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_storage)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "open-sesame-1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame-2")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return f"s3://bucket/{uuid.uuid4().hex}"


# --- every test cleans up after itself ------------------------------------------------------

PATIENCE_S = 30  # for a thread or a child that is ending while its test ends

# Threads that are started once and kept, whoever used them first; and the heartbeat of a Run that a
# test does not close.
LASTING_THREADS = ("ThreadPoolExecutor", "asyncio_", "samplewise-rows", "samplewise-heartbeat")

# Variables that are set by pytest, or by libraries when they are imported or used first.
LASTING_VARIABLES = (
    "PYTEST_",
    "HYDRA_",
    "KMP_",
    "QT_",
    "TORCH",
    "CUDA_",
    "OMP_WAIT_POLICY",
    "LD_LIBRARY_PATH",
    "_RJEM_",
)


@pytest.fixture(scope="module", autouse=True)
def _module_leaves_nothing_behind() -> Iterator[None]:
    """Fails the last test of a file whose fixtures leave something to the next file.

    Threads and children are not looked for: a fixture of the whole session may start them here.
    """
    before = _process_state()
    yield
    _put_back(before)


@pytest.fixture(autouse=True)
def _test_leaves_nothing_behind(_module_leaves_nothing_behind: None) -> Iterator[None]:
    """Fails a test that leaves an active run, a variable, a working folder, a thread or a child.

    It is set up before the other fixtures of a test, and so looks when they are gone; those of
    files and of the session are set up before it.
    """
    before, threads, children = _process_state(), _threads(), _children()
    yield
    _put_back(before)
    deadline = time.monotonic() + PATIENCE_S
    while (left := _threads() - threads or _children() - children) and time.monotonic() < deadline:
        # A loader ends its workers when it goes, and an error that was caught may still hold it.
        gc.collect()
        time.sleep(0.02)
    assert not left, f"the test leaves threads or children behind: {left}"


def _process_state() -> dict[str, Any]:
    """What the whole process has one of."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(LASTING_VARIABLES)
    }
    return {"active run": _active_run(), "working folder": os.getcwd(), "environment": variables}


def _put_back(before: dict[str, Any]) -> None:
    """Undo what is different now, so that one test alone fails, and fail it."""
    after = _process_state()
    if after["active run"] is None:  # one that was there before is nobody's loss
        before = {**before, "active run": None}
    if after == before:
        return
    if after["active run"] is not before["active run"]:
        sys.modules["samplewise.tables"].set_active_run(before["active run"])
    os.chdir(before["working folder"])
    for name in after["environment"].keys() - before["environment"].keys():
        del os.environ[name]
    os.environ.update(before["environment"])
    assert after == before, "the test leaves the process changed"


def _active_run() -> Any:
    """None as well where nobody has imported the room of runs: the tests of others stay light."""
    tables = sys.modules.get("samplewise.tables")
    return None if tables is None else tables.active_run()


def _threads() -> set[threading.Thread]:
    """Those that would keep the process alive, and ours; libraries keep daemons as they like."""
    return {
        thread
        for thread in threading.enumerate()
        if not thread.daemon or thread.name.startswith("samplewise-")
        if not thread.name.startswith(LASTING_THREADS)
    }


LASTING_CHILDREN: set[str] = set()


@pytest.fixture(scope="session")
def lasting_children() -> set[str]:
    """Where a fixture of the session notes the number of a process that it starts on demand."""
    return LASTING_CHILDREN


def _children() -> set[str]:
    """Processes that this one has started and not waited for; on Linux alone."""
    children: set[str] = set()
    for each in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that has ended since
            children.update(each.read_text().split())
    children -= LASTING_CHILDREN
    return {child for child in children if not _is_lasting(Path("/proc", child, "cmdline"))}


def _is_lasting(command: Path) -> bool:
    """Whether it is what Python starts once to look after shared memory."""
    try:
        return b"resource_tracker" in command.read_bytes()
    except OSError:
        return True  # it has gone since


# --- files run in any order -----------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--file-order",
        type=int,
        metavar="SEED",
        help="run the files of tests in an order drawn from this number; in CI one is chosen",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A worker of pytest-xdist takes the number of the process that started it: see below.
    given = getattr(config, "workerinput", {}).get("file_order", config.option.file_order)
    if given is None and "CI" in os.environ:
        given = random.SystemRandom().randrange(10**6)
    config.option.file_order = given
    if config.option.file_order is not None:
        config.option.loadscopereorder = False  # xdist would start with the largest files


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["file_order"] = node.config.option.file_order


def pytest_report_header(config: pytest.Config) -> str:
    seed = config.option.file_order
    return "files in their own order" if seed is None else f"--file-order={seed} for this order"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The order within a file stays."""
    seed = config.option.file_order
    if seed is not None:
        order = sorted({item.path for item in items})
        random.Random(seed).shuffle(order)
        items.sort(key=lambda item: order.index(item.path))


def pytest_unconfigure() -> None:
    _HOUSE.cleanup()
