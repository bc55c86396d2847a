"""A file of a layout and of placed items says which is which, and reads back bit for bit."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from pyarrow import parquet

import embviz
from embviz.errors import InputError
from embviz.export import read_coordinates, write_placed
from embviz.export.coordinates import parameters_json

RNG = np.random.default_rng(0)
OLD = embviz.dataset_from_arrays(vectors=RNG.standard_normal((20, 4)), labels=["one", "=two"] * 10)
NEW = embviz.dataset_from_arrays(vectors=3 * RNG.standard_normal((8, 4)))
FEATURES = embviz.vector_features(OLD)


def both(dims):
    layout = embviz.project(FEATURES, embviz.Pca(n_components=dims))
    return layout, embviz.place(embviz.vector_features(NEW), layout, laid_out=FEATURES)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("dims", [2, 3])
def test_what_is_written_reads_back_bit_for_bit(suffix: str, dims: int, tmp_path: Path) -> None:
    layout, placed = both(dims)
    read = read_coordinates(write_placed(tmp_path / f"c.{suffix}", OLD, layout, NEW, placed))
    assert read.ids.tolist() == [*OLD.ids.tolist(), *NEW.ids.tolist()]
    assert read.labels == [*["one", "=two"] * 10, *[""] * 8]
    assert read.coords.tobytes() == np.concatenate([layout.coords, placed.coords]).tobytes()
    assert read.placed.tolist() == [False] * 20 + [True] * 8
    assert read.nearest_distances is not None and read.farther_shares is not None
    np.testing.assert_array_equal(
        read.nearest_distances.astype(np.float32), np.r_[placed.usual_distances, placed.nearest_distances]
    )
    np.testing.assert_array_equal(read.farther_shares[20:], placed.farther_shares)
    assert read.farther_shares[:20].min() > 0  # the farthest of all is as far as itself


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_pandas_reads_it_with_types(suffix: str, tmp_path: Path) -> None:
    path = write_placed(tmp_path / f"c.{suffix}", OLD, both(2)[0], NEW, both(2)[1])
    table = pandas.read_csv(path) if suffix == "csv" else pandas.read_parquet(path)
    assert list(table) == ["id", "label", "x", "y", "placed", "nearest_distance", "farther_share"]
    assert table["placed"].dtype == bool and table["placed"].sum() == len(NEW)


def test_items_of_splits_have_their_place_in_them(tmp_path: Path) -> None:
    old, new = (replace(each, splits=(("train", 0), ("test", 5))) for each in (OLD, NEW))
    layout, placed = both(2)
    path = write_placed(tmp_path / "c.parquet", old, layout, new, placed)
    table = pandas.read_parquet(path)
    assert table["index"].tolist() == [*range(5), *range(15), *range(5), *range(3)]
    assert read_coordinates(path).placed.sum() == len(NEW)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_file_or_one_beside_it_says_how_the_layout_was_made(suffix: str, tmp_path: Path) -> None:
    layout, placed = both(3)
    path = write_placed(tmp_path / f"c.{suffix}", OLD, layout, NEW, placed)
    beside = tmp_path / "c.csv.json"
    assert beside.exists() == (suffix == "csv")
    said = beside.read_text() if suffix == "csv" else parquet.read_schema(path).metadata[b"embviz"].decode()
    assert said.strip() == parameters_json(layout)
    assert json.loads(said)["layout"]["n_components"] == 3


def test_a_file_that_cannot_mark_placed_items_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"go into \.csv or \.parquet files, got"):
        write_placed(tmp_path / "c.npy", OLD, both(2)[0], NEW, both(2)[1])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,,0,0,maybe,1,1", "neither true nor false as placed"),
        ("1,,0,0,true,far,1", "no number as nearest_distance"),
        ("0,,0,0,false,1,1", "an id that occurred before"),
    ],
)
def test_a_broken_row_is_named(line: str, words: str, tmp_path: Path) -> None:
    head = "id,label,x,y,placed,nearest_distance,farther_share\n0,,1,1,false,1,1\n"
    (tmp_path / "c.csv").write_text(f"{head}{line}\n")
    with pytest.raises(InputError, match=f"row 1 has {words}"):
        read_coordinates(tmp_path / "c.csv")
    (tmp_path / "c.csv").write_text(f"{head}0,,1,1,true,1,1\n")
    assert len(read_coordinates(tmp_path / "c.csv").ids) == 2
