"""metadata.tsv by the rules of TensorBoard's page."""

import json
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import InputError
from embviz.export.metadata import (
    CHUNK,
    NUMBER,
    constant_columns,
    metadata_columns,
    metadata_tsv,
    read_metadata_tsv,
    renamed_columns,
    rings_opened,
)
from embviz.features.features import Activations, Features
from embviz.features.vectors import vector_features


def network_features(dataset: Dataset, layer: str, predictions: list[int]) -> Features:
    vectors = np.ones((len(dataset), 2), np.float32)
    codes = np.array(predictions, dtype=np.int64)
    return Features(
        vectors, dataset.ids, Activations(layer), dataset.items, predictions=codes, class_names=dataset.class_names
    )


def toy(labels: list[str] | None = None, **columns: list[object]) -> Dataset:
    n = len(next(iter(columns.values()))) if columns else len(labels or [1, 2])
    items = [{name: cells[row] for name, cells in columns.items()} for row in range(n)]
    return dataset_from_arrays(vectors=np.eye(n, 2), labels=labels, metadata=items if columns else None)


def test_columns_are_label_id_prediction_then_the_datasets_own() -> None:
    dataset = toy(["b", "a"], writer=[4, 9])
    columns = metadata_columns(dataset, [vector_features(dataset), network_features(dataset, "hidden", [0, 0])])
    assert columns == {"label": ["b", "a"], "id": ["0", "1"], "prediction": ["a", "a"], "writer": ["4", "9"]}


def test_constant_columns_of_the_dataset_are_left_out_and_ours_never() -> None:
    dataset = toy(["a", "a"], source=["web", "web"], none=[None, None], writer=[4, 9])
    assert constant_columns(dataset) == {"source": "web", "none": ""}
    assert list(metadata_columns(dataset)) == ["label", "id", "writer"]


@pytest.mark.parametrize(
    ("labels", "column", "cells"),
    [
        (["7", "1"], ["train", "test"], ["class 7", "class 1"]),  # else TensorBoard would label points train and test
        (["0", "1"], [0.5, 2], ["class 0", "class 1"]),  # else TensorBoard would show no label for 0
        (["7", "x"], ["train", "test"], ["7", "x"]),
    ],
)
def test_classes_called_by_numbers_are_written_as_texts(
    labels: list[str], column: list[object], cells: list[str]
) -> None:
    dataset = toy(labels, column=column)
    columns = metadata_columns(dataset, [network_features(dataset, "hidden", [0, 0])])
    assert columns["label"] == cells
    assert set(columns["prediction"]) <= set(cells), "what is the same class is called the same"


@pytest.mark.parametrize("name", ["__seq_next__", "__next__"])
@pytest.mark.parametrize("column", [[1, 2, 3, -1, 0], [1, 2, 3, None, 0], ["1", "2", "3", "end", "0"]])
def test_the_next_item_is_told_by_its_row_in_the_file_and_not_at_all_if_it_is_not_there(
    name: str, column: list[object]
) -> None:
    part = subset(toy(**{name: column}), np.array([3, 4, 2, 0]))
    assert metadata_columns(part)[name] == ["", "3", "0", ""]


def test_a_ring_is_cut_and_counted_because_tensorboard_would_follow_it_for_ever() -> None:
    ring = toy(__seq_next__=[1, 2, 0, 1, 3])
    assert metadata_columns(ring)["__seq_next__"] == ["1", "2", "", "1", "3"]
    assert rings_opened(ring) == {"__seq_next__": 1}
    assert rings_opened(subset(ring, np.array([0, 1, 3, 4]))) == {}


def test_items_of_splits_have_their_place_in_them() -> None:
    dataset = replace(toy(["b", "a"], split=["train", "test"]), splits=(("train", 0), ("test", 1)))
    columns = metadata_columns(dataset)
    assert columns == {"label": ["b", "a"], "id": ["0", "1"], "index": ["0", "0"], "split": ["train", "test"]}


def test_a_number_is_what_javascript_takes_for_one() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js to ask JavaScript")
    rng = np.random.default_rng(0)
    alphabet = [*"0179.+-eExXbo_ \t\ufeff\u00a0\u0663F", "Infinity", "nan"]
    texts = ["".join(rng.choice(alphabet, size)) for size in rng.integers(0, 6, 20_000)]
    script = "const t = JSON.parse(require('fs').readFileSync(0)); console.log(JSON.stringify(t.map((c) => !isNaN(c))))"
    answer = subprocess.run([node, "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True)
    assert [bool(NUMBER.fullmatch(text)) for text in texts] == json.loads(answer.stdout)


def test_networks_that_agree_share_a_column_and_others_do_not() -> None:
    dataset = toy(["b", "a"])
    hidden, logits = network_features(dataset, "hidden", [1, 0]), network_features(dataset, "logits", [1, 0])
    assert list(metadata_columns(dataset, [hidden, logits])) == ["label", "id", "prediction"]
    other = network_features(dataset, "logits", [0, 0])
    assert list(metadata_columns(dataset, [hidden, other])) == ["label", "id", "prediction_hidden", "prediction_logits"]


def test_a_prediction_outside_the_classes_is_refused() -> None:
    with pytest.raises(InputError, match=r"predictions must be codes of the 2 class names, got 0\.\.2"):
        network_features(toy(["b", "a"]), "hidden", [0, 2])


def test_predictions_are_called_as_the_network_calls_them_whatever_the_items_are_called_here() -> None:
    named = toy(["b", "a"])
    features = network_features(named, "hidden", [1, 0])
    for dataset in (replace(named, class_names=("dog", "cat")), replace(named, labels=None, class_names=())):
        assert metadata_columns(dataset, [features])["prediction"] == ["b", "a"]


def test_features_of_other_items_are_refused() -> None:
    dataset = dataset_from_arrays(vectors=np.eye(3))
    others = vector_features(subset(dataset, np.array([2, 1, 0])))
    for columns_of in (metadata_columns, renamed_columns):
        with pytest.raises(InputError, match="of other items"):
            columns_of(dataset, [others])


def test_columns_of_the_dataset_with_our_names_are_kept_under_others() -> None:
    dataset = toy(["b", "a"], label=["x", "y"], id=["p", "q"], prediction=["0", "1"])
    columns = metadata_columns(dataset, [network_features(dataset, "hidden", [1, 0])])
    assert columns["label_2"] == ["x", "y"]
    assert columns["id_2"] == ["p", "q"]
    assert columns["prediction_2"] == ["0", "1"]
    assert columns["label"] == columns["prediction"] == ["b", "a"]


def test_columns_that_say_the_same_as_ours_are_left_out() -> None:
    dataset = toy(["b", "a"], label=["b", "a"], id=[0, 1], prediction=["b", "b"], writer=["b", "a"])
    features = [network_features(dataset, "hidden", [1, 1])]
    assert list(metadata_columns(dataset, features)) == ["label", "id", "prediction", "writer"]
    assert renamed_columns(dataset, features) == {}
    assert list(metadata_columns(dataset)) == ["label", "id", "writer"]
    other = toy(["b", "a"], label=["a", "b"], id=["0", "1"])
    assert list(metadata_columns(other)) == ["label", "id", "label_2"]
    assert renamed_columns(other) == {"label": "label_2"}


def test_cells_are_numbers_or_one_line_and_nan_is_empty() -> None:
    dataset = toy(t=["a\tb\nc", " "], f=[0.1, None], i=[-3, 4], b=[True, False])
    columns = metadata_columns(dataset)
    assert list(columns.values()) == [["0", "1"], ["a b c", ""], ["0.1", ""], ["-3", "4"], ["1", "0"]]


def test_classes_that_look_alike_on_one_line_stay_apart() -> None:
    columns = metadata_columns(toy(["a\tb", "a b", "", "A b"]))
    assert sorted(columns["label"]) == ["(no name)", "A b", "a b", "a b_2"]


def test_one_column_has_no_header_and_several_have_one() -> None:
    assert metadata_tsv(metadata_columns(toy())) == b"0\n1\n"
    assert metadata_tsv(metadata_columns(toy(["b", "a"]))) == b"label\tid\nb\t0\na\t1\n"
    assert read_metadata_tsv(b"0\n1\n") == {"label": ["0", "1"]}


def test_an_empty_text_is_no_blank_row() -> None:
    data = metadata_tsv(metadata_columns(toy(["", "a"], note=["", ""])))
    assert len(read_metadata_tsv(data)["id"]) == 2


@pytest.mark.parametrize("shift", range(4))
def test_no_character_spans_two_chunks_of_the_pages_reader(shift: int) -> None:
    n = 30_000
    columns = {
        "label": ["\N{GRINNING FACE}" * 12] * n,
        "id": [str(item) for item in range(n)],
        "x" * (shift + 1): ["\u304a"] * n,
    }
    data = metadata_tsv(columns)
    assert len(data) > CHUNK
    assert all(data[start] & 0xC0 != 0x80 for start in range(CHUNK, len(data), CHUNK))
    stored = read_metadata_tsv(data)
    assert stored["label"] == columns["label"]
    assert [int(cell) for cell in stored["id"]] == list(range(n))


def test_a_row_of_a_megabyte_is_refused() -> None:
    with pytest.raises(InputError, match="must fit 250000 bytes, got 3000"):
        metadata_tsv(metadata_columns(toy(note=["x" * 300_000, ""])))
