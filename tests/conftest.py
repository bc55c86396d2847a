"""What every test shares: its own artefact store, and the real MNIST where there is one."""

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("a busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("a busy machine")  # no test fails because others ran beside it

# Tests run side by side: threads that stay awake while they wait for work would keep a core from the other tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Where a machine keeps nothing of what Python compiles, each worker and each process of a test would compile all again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def new_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that do not exist yet; `mktemp` for each would look through all of the folders before it."""
    parent = tmp_path_factory.mktemp("stores")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_store(new_stores: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the artefacts of the person who runs it."""
    folder = next(new_stores)
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def real_mnist() -> Iterator[str | None]:
    """EMBVIZ_DATA_DIR as it was: what tests share is made without it, as most tests run."""
    with pytest.MonkeyPatch.context() as patched:
        found = os.environ.get("EMBVIZ_DATA_DIR")
        patched.delenv("EMBVIZ_DATA_DIR", raising=False)
        yield found


@pytest.fixture(autouse=True)
def mnist_only_where_asked_for(
    request: pytest.FixtureRequest, real_mnist: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests marked `mnist` need EMBVIZ_DATA_DIR; all others do not see it, so they pass everywhere alike."""
    if request.node.get_closest_marker("mnist") is None:
        return
    if real_mnist is None:
        pytest.skip("needs the real MNIST: set EMBVIZ_DATA_DIR to a folder with its four files")
    monkeypatch.setenv("EMBVIZ_DATA_DIR", real_mnist)
