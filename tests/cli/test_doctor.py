"""`samplewise doctor` in environments that are sound, bare and broken."""

import json
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from samplewise.cli._doctor import check_convolution, check_interpreter, check_store_root
from samplewise.cli._doctor.requirement import requirements
from samplewise.cli._doctor.super_gradients import PACKAGES
from samplewise.cli._doctor.torch_pair import pair


def test_nothing_is_broken_in_the_environment_of_the_tests(samplewise, tmp_path: Path):
    code, out, _ = samplewise("doctor", "--json", "--root-url", str(tmp_path))
    report = json.loads(out)
    assert code == 0
    assert report["ok"]
    assert {one["name"] for one in report["findings"]} >= {"Python", "SuperGradients", "Store"}


def test_missing_packages_of_the_core_are_broken_and_named(environment):
    finding = environment.findings()["Samplewise"]
    assert finding["status"] == "broken"
    assert "`lance` is missing (package pylance)." in finding["details"]
    assert "`click` is missing (package click)." not in finding["details"]


def test_a_bare_environment_is_told_how_to_get_to_a_training(environment):
    findings = environment.findings()
    assert findings["torch and torchvision"]["status"] == "note"
    assert findings["SuperGradients"]["status"] == "note"
    assert findings["GPU"]["summary"] == "not looked at, because torch does not work here."
    last = findings["SuperGradients"]["mend"]["uv"][-1]
    assert shlex.split(last)[-3:] == [
        "--no-deps",
        "super-gradients==3.7.1",
        "data-gradients==0.3.2",
    ]


def test_commands_name_the_environment_when_it_is_not_activated(environment):
    mend = environment.findings()["torch and torchvision"]["mend"]
    python = str(environment.python)
    assert mend["uv"] == [f"uv pip install --python {python} 'torch>=2.5' 'torchvision>=0.20'"]
    # There is no pip in it.
    assert mend["pip"] == [
        f"{python} -m ensurepip",
        f"{python} -m pip install 'torch>=2.5' 'torchvision>=0.20'",
    ]


def test_what_is_broken_is_said_with_commands_on_lines_of_their_own(environment):
    environment.write("torch", "2.9.0", "torch")
    done = environment.doctor()
    assert done.returncode == 1
    assert "broken  torch and torchvision: `torch` is installed, but `torchvision`" in done.stdout
    command = f"uv pip install --python {environment.python} torch==2.9.0 'torchvision>=0.20'"
    assert f"            {command}" in done.stdout.splitlines()


def test_a_torchvision_made_for_another_torch_is_broken(environment):
    environment.write("torch", "2.9.0+cpu", "torch")
    environment.write("torchvision", "0.25.0", "torchvision", needs=("torch==2.10.0",))
    finding = environment.findings()["torch and torchvision"]
    assert finding["status"] == "broken"
    assert (
        finding["summary"]
        == "torchvision asks for torch==2.10.0, but torch 2.9.0+cpu is installed."
    )
    assert finding["mend"]["uv"][0].endswith("torch==2.9.0 'torchvision>=0.20'")


def test_a_torch_that_does_not_load_is_broken_with_its_own_last_words(environment):
    environment.write("torch", "2.9.0", "torch", "raise OSError('libtorch_cpu.so: no such file')")
    environment.write("torchvision", "0.24.0", "torchvision", needs=("torch==2.9.0",))
    finding = environment.findings()["torch and torchvision"]
    assert finding["status"] == "broken"
    assert finding["details"] == ["OSError: libtorch_cpu.so: no such file"]
    assert "--reinstall" in finding["mend"]["uv"][0]


def test_a_torch_that_crashes_does_not_take_the_doctor_with_it(environment):
    environment.write("torch", "2.9.0", "torch", "import os; os.kill(os.getpid(), 11)")
    environment.write("torchvision", "0.24.0", "torchvision", needs=("torch==2.9.0",))
    assert environment.findings()["torch and torchvision"]["details"] == ["crashed (SIGSEGV)"]


def test_an_old_torch_is_broken(environment):
    environment.write("torch", "2.1.0", "torch")
    environment.write("torchvision", "0.16.0", "torchvision", needs=("torch==2.1.0",))
    summary = environment.findings()["torch and torchvision"]["summary"]
    assert (
        summary
        == "`torch` is 2.1.0, but must be >=2.5. `torchvision` is 0.16.0, but must be >=0.20."
    )


def test_super_gradients_without_what_it_imports_is_broken_and_the_modules_are_named(environment):
    environment.write("super-gradients", "3.7.1", "super_gradients")
    environment.write("data-gradients", "0.3.2", "data_gradients")
    environment.write("setuptools", "84.0.0", "setuptools")
    environment.link("omegaconf", "opencv-python-headless")
    finding = environment.findings()["SuperGradients"]
    assert finding["status"] == "broken"
    assert "`hydra` is missing (package hydra-core)." in finding["details"]
    assert "`pkg_resources` is missing (package setuptools)." in finding["details"]
    assert not any("omegaconf" in line or "cv2" in line for line in finding["details"])
    command = shlex.split(finding["mend"]["uv"][0])
    assert "setuptools<81" in command
    assert "hydra-core>=1.3" in command


def test_a_pin_that_breaks_super_gradients_is_said_with_its_reason(environment):
    environment.write("super-gradients", "3.7.1", "super_gradients")
    environment.write("torchmetrics", "1.8.0", "torchmetrics")
    details = environment.findings()["SuperGradients"]["details"]
    reason = "(newer ones changed the calls that its metrics make)"
    assert f"`torchmetrics` is 1.8.0, but must be ==0.8. {reason}" in details
    assert "`data-gradients` must be data-gradients==0.3.2." in details


def test_super_gradients_without_torch_is_broken(environment):
    environment.write("super-gradients", "3.7.1", "super_gradients")
    assert environment.findings()["torch and torchvision"]["status"] == "broken"


def test_mending_torch_does_not_bring_a_setuptools_that_breaks_super_gradients(environment):
    environment.write("super-gradients", "3.7.1", "super_gradients")
    environment.write("torch", "2.9.0", "torch")
    command = shlex.split(environment.findings()["torch and torchvision"]["mend"]["pip"][-1])
    assert command[-3:] == ["torch==2.9.0", "torchvision>=0.20", "setuptools<81"]


def test_a_deep_look_imports_super_gradients_and_says_what_it_said(environment):
    environment.write("super-gradients", "3.7.1", "super_gradients", "import no_such_module")
    environment.write("data-gradients", "0.3.2", "data_gradients")
    for need in requirements("super-gradients") or []:
        if need.name not in {"torch", "torchvision"}:
            environment.link(need.name)
    assert environment.findings()["SuperGradients"]["status"] != "broken"
    finding = environment.findings("--deep")["SuperGradients"]
    assert finding["status"] == "broken"
    assert finding["details"] == ["ModuleNotFoundError: No module named 'no_such_module'"]
    assert "no-such-module" not in str(finding["mend"])


def test_a_torch_that_crashes_in_a_training_is_named_with_the_way_around_it():
    finding = check_convolution({"error": "crashed (SIGSEGV)"})
    assert finding.status == "note"
    assert finding.details[0] == "The trial crashed (SIGSEGV)."
    assert "images.contiguous()" in finding.details[-1]
    assert "patched_super_gradients" in finding.details[-1]
    assert check_convolution({"survived": True}).status == "ok"


def test_an_interpreter_out_of_bounds_is_broken():
    finding = check_interpreter("3.10.13")
    assert finding.status == "broken"
    assert finding.summary.endswith("but this is 3.10.13.")
    assert finding.commands("uv") == ["uv venv --python 3.12 && uv pip install samplewise"]
    assert check_interpreter(f"{sys.version_info[0]}.{sys.version_info[1]}.0").status == "ok"


def test_a_folder_that_does_not_exist_yet_is_sound_and_stays_away(tmp_path: Path):
    finding = check_store_root(str(tmp_path / "deep" / "root"))
    assert finding.status in {"ok", "note"}
    assert "(made when first used)" in finding.summary
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_use_is_left_as_it_was(tmp_path: Path):
    (tmp_path / "project").mkdir()
    assert check_store_root(str(tmp_path)).status in {"ok", "note"}
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_root_that_cannot_be_written_to_is_broken(tmp_path: Path):
    (tmp_path / "file").write_text("")
    finding = check_store_root(str(tmp_path / "file" / "root"))
    assert finding.status == "broken"
    assert finding.commands("pip") == ["export SAMPLEWISE_ROOT=$HOME/samplewise"]


def test_a_scheme_that_is_not_supported_is_broken():
    finding = check_store_root("ftp://host/folder")
    assert finding.status == "broken"
    assert finding.summary == "`ftp://host/folder` cannot be used."


def test_the_bounds_are_those_of_the_project_file(repository: Path):
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    extra = project["project"]["optional-dependencies"]["super-gradients"]
    assert {str(Requirement(line)) for line in extra if line.startswith("torch")} >= {
        str(need).partition(";")[0].strip() for need in map(bare, pair())
    }
    assert list(PACKAGES) == project["dependency-groups"]["super-gradients"]


def bare(need: Requirement) -> Requirement:
    return Requirement(f"{need.name}{need.specifier}")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An S3 bucket on this machine."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="pictures")
        yield "s3://pictures"
    server.stop()


def test_a_bucket_with_conditional_puts_is_sound(bucket: str):
    finding = check_store_root(f"{bucket}/samplewise")
    assert (finding.status, finding.summary) == (
        "ok",
        "s3://pictures/samplewise, writable, with conditional puts",
    )


def test_a_bucket_that_does_not_exist_is_broken(bucket: str):
    finding = check_store_root("s3://no-such-bucket/samplewise")
    assert finding.status == "broken"
    assert finding.summary == "`s3://no-such-bucket/samplewise` cannot be used."
