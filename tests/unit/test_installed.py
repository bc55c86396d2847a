"""embviz as pip installs it: all files, the page and its settings, the dependencies, a command that works anywhere."""

import re
import subprocess
import tarfile
import urllib.request
import zipfile
from email import message_from_bytes
from urllib.error import HTTPError

import pytest
from packaging.requirements import Requirement

import embviz
from tests.e2e.servers import free_port, wait_until_healthy
from tests.installed import ROOT, built_source_archive, built_wheel, environment_of_a_user, installed_command

PAGE = ("app.py", ".streamlit/config.toml", "docs/methods.md")
EXTRAS = {
    "tests": "tests/requirements.txt",
    "bench": "tests/bench/requirements.txt",
    "h5ad": "tests/requirements-h5ad.txt",
    "distributed": "tests/requirements-distributed.txt",
    "onnx": "tests/requirements-onnx.txt",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory):
    return installed_command(wheel, tmp_path_factory.mktemp("environment"))


def files_of_the_package():
    found = (ROOT / "embviz").rglob("[!.]*")
    paths = [path for path in found if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(ROOT).as_posix() for path in paths}


def requirements(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    stated = [line.partition("#")[0].strip() for line in lines]
    return {str(Requirement(line)) for line in stated if line}


def test_a_wheel_holds_the_files_of_the_package_and_the_page_as_they_are_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        page = {f"embviz/page/{name}": ROOT / name for name in PAGE}
        assert names == files_of_the_package() | page.keys()
        for name in names:
            assert archive.read(name) == page.get(name, ROOT / name).read_bytes()


def test_a_wheel_says_its_version_and_needs_what_the_files_of_requirements_say(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        said = message_from_bytes(archive.read(name))
    assert (said["Name"], said["Version"], said["License-Expression"]) == ("embviz", embviz.__version__, "MIT")
    assert said.get_all("Provides-Extra") == list(EXTRAS)
    needed = [Requirement(text) for text in said.get_all("Requires-Dist")]
    always = {str(each) for each in needed if "extra ==" not in str(each.marker)}
    assert always == requirements("requirements.txt")
    for extra, file in EXTRAS.items():
        found = {str(each).partition(";")[0] for each in needed if f'extra == "{extra}"' in str(each.marker)}
        assert found == requirements(file)


def test_an_archive_of_sources_holds_all_that_a_wheel_is_built_from(tmp_path):
    with tarfile.open(built_source_archive(tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert files_of_the_package() | {*PAGE, "setup.py", "pyproject.toml", "requirements.txt", *EXTRAS.values()} <= names


def test_the_command_answers_from_another_folder_what_the_readme_shows(command, tmp_path):
    (tmp_path / "embviz").mkdir()
    (tmp_path / "embviz" / "__init__.py").write_text("raise SystemExit('a folder of that name')")
    arguments = ["overlap", "digits", "--split", "all", "--classes", "1", "7", "--json"]
    ran = subprocess.run(
        [command, *arguments],
        cwd=tmp_path,
        env=environment_of_a_user(tmp_path / "store"),
        capture_output=True,
        text=True,
    )
    (shown,) = re.findall(r"^\{.*\}\n", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert (ran.returncode, ran.stdout) == (0, shown)


def test_the_page_is_served_from_another_folder_and_says_how_it_was_started(command, tmp_path):
    (tmp_path / "streamlit.py").write_text("raise SystemExit('a file of that name')")
    port = free_port()
    arguments = [command, "app", "--port", str(port), "--", "--server.baseUrlPath", "lab"]
    with (
        (tmp_path / "log.txt").open("w") as log,
        subprocess.Popen(
            arguments, cwd=tmp_path, env=environment_of_a_user(tmp_path / "store"), stdout=log, stderr=log
        ) as server,
    ):
        try:
            address = f"http://localhost:{port}/lab"
            wait_until_healthy(server, f"{address}/_stcore/health", tmp_path / "log.txt")
            script = urllib.request.urlopen(f"{address}/embviz/js/any/index.js")
            assert script.read() == (ROOT / "embviz/ui/frontend/index.js").read_bytes()
            foreign = urllib.request.Request(address, headers={"Host": "lab.example"})
            with pytest.raises(HTTPError) as refused:
                urllib.request.urlopen(foreign)
            start = "embviz app -- --server.allowedHosts lab.example --server.allowedHosts localhost"
            assert start in refused.value.read().decode()
        finally:
            server.terminate()
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


def test_help_and_errors_call_the_command_what_was_typed(command):
    for arguments, code, said in (
        (["overlap", "--help"], 0, "usage: embviz overlap "),
        (["overlap"], 2, "see embviz overlap --help"),
        (["app", "no.csv"], 2, "embviz: no dataset and no file or folder 'no.csv'"),
    ):
        ran = subprocess.run([command, *arguments], capture_output=True, text=True)
        assert ran.returncode == code and said in ran.stdout + ran.stderr
