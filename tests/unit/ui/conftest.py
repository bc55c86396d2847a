"""Node.js, which runs the page's scripts outside of a browser."""

import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs Node.js to run JavaScript outside of a browser")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        pytest.skip(f"needs Node.js 20 or newer, got {version.strip()}")
    return found
