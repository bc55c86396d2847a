"""What every test shares: its own artefact store, and the real MNIST where there is one."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the artefacts of the person who runs it."""
    folder = tmp_path_factory.mktemp("store")
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def mnist_only_where_asked_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests marked `mnist` need EMBVIZ_DATA_DIR; all others do not see it, so they pass everywhere alike."""
    if request.node.get_closest_marker("mnist") is None:
        monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    elif "EMBVIZ_DATA_DIR" not in os.environ:
        pytest.skip("needs the real MNIST: set EMBVIZ_DATA_DIR to a folder with its four files")
