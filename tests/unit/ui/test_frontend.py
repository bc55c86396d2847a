"""The page's scripts: their own tests pass, they read what Python writes, and they import only what exists."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embviz.dataset import Dataset
from embviz.datasets import Named
from embviz.features.features import Features, Pixels
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.server import FRONTEND, Shelf
from embviz.ui.contract.contract import Focus, focus_from_json, id_set, projector_request
from embviz.view import View, ViewSpec

JAVASCRIPT_TESTS = Path(__file__).parents[2] / "js"
SCRIPTS = sorted(FRONTEND.rglob("*.js"))
COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
ROOMS = ("maths", "state", "plot", "pointer", "chrome", "run", "")
"""A script imports only from its own folder and from folders that stand before it; "" is the frontend's folder."""
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")


def name_of(script: Path) -> str:
    return script.relative_to(FRONTEND).as_posix()


def room_of(script: Path) -> int:
    return ROOMS.index(name_of(script).rpartition("/")[0])


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs Node.js to run JavaScript outside of a browser")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        pytest.skip(f"needs Node.js 20 or newer, got {version.strip()}")
    return found


def test_the_tests_written_in_javascript_pass(node: str) -> None:
    tests = sorted(JAVASCRIPT_TESTS.rglob("*.test.mjs"))
    assert tests
    outcome = subprocess.run([node, "--test", *map(str, tests)], capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def read_by_the_page(node: str, sent: dict[str, Any]) -> dict[str, Any]:
    command = [node, str(JAVASCRIPT_TESTS / "echo_contract.mjs")]
    outcome = subprocess.run(command, input=json.dumps(sent), capture_output=True, text=True, timeout=60)
    assert outcome.returncode == 0, outcome.stderr
    read: dict[str, Any] = json.loads(outcome.stdout)
    return read


def test_the_page_reads_what_python_writes_and_writes_what_python_reads(node: str) -> None:
    rng = np.random.default_rng(0)
    n, n_source = 200, 70_001
    ids = rng.choice(n_source, n, replace=False)
    labels, predictions = rng.integers(0, 10, (2, n))
    dataset = Dataset(
        name="toy",
        split="",
        ids=ids,
        n_source=n_source,
        n_split=n_source,
        vectors=np.zeros((n, 2), np.float32),
        labels=labels,
        class_names=tuple("0123456789"),
        source=Named("digits"),
    )
    features = Features(dataset.vectors, ids, Pixels(), dataset.items, predictions, class_names=dataset.class_names)
    coords = rng.normal(size=(n, 3)).astype(np.float32)
    projection = Projection(coords, ids, Pca(3), features.fingerprint, dataset.items, 0.1, np.array([0.5, 0.3, 0.2]))
    view = View(ViewSpec(Named("digits"), "all", None, Pixels(), Pca(3)), dataset, features, projection)
    shelf = Shelf()
    request = projector_request(view, None, Focus(), shelf)
    sets = [
        (rng.choice(limit, size, replace=False), limit) for size, limit in ((0, 1), (1, 8), (5, 9), (30_000, 70_001))
    ]
    read = read_by_the_page(
        node,
        {
            "items": base64.b64encode(fetched(shelf, request["items"]["url"])).decode(),
            "coords": base64.b64encode(fetched(shelf, request["coords"]["url"])).decode(),
            "count": request["items"]["count"],
            "dims": request["coords"]["dims"],
            "idSets": [{"text": id_set(chosen, limit), "idLimit": limit} for chosen, limit in sets],
        },
    )
    assert (read["ids"], read["rows"]) == (ids.tolist(), list(range(n)))
    assert (read["codes"], read["predictions"]) == (labels.tolist(), predictions.tolist())
    assert np.array_equal(np.array(read["coords"], np.float32), coords.reshape(-1))
    for (chosen, limit), answer in zip(sets, read["idSets"], strict=True):
        assert answer["ids"] == sorted(chosen.tolist())
        assert answer["encoded"] == id_set(chosen, limit)
        told = {"source": "toy", "serial": 1, "pinned": None, "selected": answer["encoded"], "pair": None}
        focus = focus_from_json(told, "toy", limit)
        assert focus.selected_ids().tolist() == answer["ids"]


def fetched(shelf: Shelf, address: str) -> bytes:
    secret, key = address.split("/")[2:]
    body = shelf.get(secret, key)
    assert body is not None
    return body


def imported_by(script: Path) -> list[Path]:
    """What a script imports, types in comments aside; names must be relative, or a browser finds nothing by them."""
    names = IMPORTED.findall(COMMENT.sub("", script.read_text(encoding="utf-8")))
    assert all(name.startswith(("./", "../")) for name in names)
    return [(script.parent / name).resolve() for name in names]


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_a_script_imports_only_what_stands_before_it(script: Path) -> None:
    for imported in imported_by(script):
        assert imported in SCRIPTS
        assert imported.parent == script.parent or room_of(imported) < room_of(script)


def test_every_script_is_used() -> None:
    components = {FRONTEND / f"{name}.js" for name in ("index", "gallery", "heatmap")}  # what `component.py` mounts
    assert set(SCRIPTS) == {path for script in SCRIPTS for path in imported_by(script)} | components
