"""embviz as pip installs it: built from a copy of the checkout, in an environment of its own, without network."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT_FROM = (
    ".streamlit",
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "app.py",
    "docs/methods.md",
    "embviz",
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
    "tests/bench/requirements.txt",
    "tests/requirements-distributed.txt",
    "tests/requirements-h5ad.txt",
    "tests/requirements-onnx.txt",
    "tests/requirements.txt",
)
"""What a build may read, so that none leaves anything in the checkout."""

OFFLINE = """
import errno, sys

def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        raise OSError(errno.ENETUNREACH, f"tests have no network: {arguments[1]}")

sys.addaudithook(refuse)
"""


def copied_checkout(folder: Path) -> Path:
    """A copy of the checkout that has been built before, when it had a module that has been removed since."""
    for name in BUILT_FROM:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, target)
    removed = folder / "build" / "lib" / "embviz" / "removed.py"
    removed.parent.mkdir(parents=True)
    removed.touch()
    return folder


def built_wheel(folder: Path) -> Path:
    """The wheel that ``pip install .`` makes, in `folder`."""
    checkout = copied_checkout(folder / "checkout")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(checkout))
    (wheel,) = folder.glob("*.whl")
    return wheel


def built_source_archive(folder: Path) -> Path:
    """The archive of sources from which others build, in `folder`."""
    checkout = copied_checkout(folder / "checkout")
    script = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    _run([sys.executable, "-c", script], cwd=checkout)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def installed_command(wheel: Path, folder: Path) -> Path:
    """The command ``embviz`` of a new environment in `folder` that has the wheel, and reaches this machine only.

    What the wheel depends on is taken from the environment of the tests.
    """
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    places = sysconfig.get_paths("venv", vars={"base": str(folder), "platbase": str(folder)})
    packages = Path(places["purelib"])
    dependencies = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "dependencies.pth").write_text("\n".join([*dependencies, "import offline"]))
    (packages / "offline.py").write_text(OFFLINE)
    python = shutil.which("python", path=places["scripts"])
    _pip("--python", str(python), "install", "--no-deps", str(wheel))
    command = shutil.which("embviz", path=places["scripts"])
    assert command is not None
    return Path(command)


def environment_of_a_user(store: Path) -> dict[str, str]:
    """Environment of somebody who knows nothing of this checkout."""
    ours = ("PYTHONPATH", "EMBVIZ_DATA_DIR")
    return {key: value for key, value in os.environ.items() if key not in ours} | {
        "EMBVIZ_STORE_DIR": str(store),
        "STREAMLIT_SERVER_HEADLESS": "true",
    }


def _pip(*arguments: str) -> None:
    _run([sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "--no-cache-dir", *arguments])


def _run(command: list[str], cwd: Path | None = None) -> None:
    offline = {"PIP_NO_INDEX": "1"}
    ran = subprocess.run(command, cwd=cwd, env=os.environ | offline, capture_output=True, text=True)
    assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"
