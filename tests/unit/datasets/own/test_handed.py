"""A dataset that is handed over is the same on the other side, whatever it holds, and nothing there is unpickled."""

import json
from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets import Given, dataset_from_arrays, dataset_of, load_dataset
from embviz.datasets.own.handed import FACTS, given_info, hand_over, handed_bytes, handed_dataset
from embviz.datasets.own.started import VARIABLE, handed_text, started_folder, started_source
from embviz.errors import DatasetError

RNG = np.random.default_rng(0)
OWN = dataset_from_arrays(
    vectors=RNG.normal(size=(5, 3)),
    images=RNG.integers(0, 256, (5, 2, 4, 3)),
    labels=["<b>", "é", "../x", "<b>", "é"],
    metadata=[{"../../etc/passwd": f"{row}é", "n": row, "share": row / 2, "flag": row > 2} for row in range(5)],
)
CASES = {
    "everything": replace(OWN, more_vectors={"a/b": OWN.vectors[:, :1].copy()}, group="n"),
    "a sample with splits": load_dataset("digits", limit=20),
    "vectors alone": dataset_from_arrays(vectors=np.eye(3)),
    "images alone": dataset_from_arrays(images=OWN.images),
}


@pytest.mark.parametrize("dataset", CASES.values(), ids=CASES)
def test_it_arrives_whole_and_mapped(dataset, tmp_path, monkeypatch):
    hand_over(dataset, tmp_path)
    found = handed_dataset(tmp_path)
    assert found.fingerprint == dataset.fingerprint and found.group == dataset.group
    assert list(found.metadata) == list(dataset.metadata)
    assert isinstance(found.ids.base, np.memmap)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < handed_bytes(dataset) + 10_000
    monkeypatch.setenv(VARIABLE, handed_text(tmp_path))
    source = started_source()
    assert source == Given(dataset) and source is started_source() and started_folder() == tmp_path
    shown = dataset_of(source, "all", limit=2)
    assert len(shown) == 2 and set(shown.ids) <= set(dataset.ids)


def test_what_is_known_before_it_is_shown(tmp_path):
    info = given_info(Given(CASES["everything"]))
    assert info.vectors == (("", 3), ("a/b", 1))
    assert info.counts == {"all": 5} and info.image_shape == (2, 4, 3) and info.class_names == OWN.class_names


def broken(folder, facts=None, **files):
    hand_over(OWN, folder)
    for name, content in files.items():
        (folder / f"{name}.npy").write_bytes(content)
    if facts is not None:
        (folder / FACTS).write_text(facts)


@pytest.mark.parametrize(
    "breaking",
    [
        lambda folder: None,
        lambda folder: broken(folder, facts="{"),
        lambda folder: broken(folder, facts="[]"),
        lambda folder: broken(folder, facts=json.dumps({"arrays": ["../../etc/passwd"]})),
        lambda folder: broken(folder, vectors=b""),
        lambda folder: (broken(folder), np.save(folder / "vectors.npy", np.array([{}] * 5, object))),
        lambda folder: (broken(folder), np.save(folder / "labels.npy", np.arange(9))),
        lambda folder: (broken(folder), (folder / "ids.npy").unlink()),
    ],
)
def test_what_show_has_not_written_is_refused_in_a_sentence(breaking, tmp_path, monkeypatch):
    breaking(tmp_path)
    monkeypatch.setenv(VARIABLE, handed_text(tmp_path))
    with pytest.raises(DatasetError, match=r"no data that embviz\.show has written"):
        started_source()
