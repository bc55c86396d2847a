"""Bookmarks of every version of TensorBoard: which coordinates of which items they have."""

import json
from pathlib import Path

import numpy as np
import pytest

from embviz.arrays import AnyArray
from embviz.datasets.files.projector.bookmarks import bookmarks_of


def layouts(folder: Path, n: int, *states: dict[str, object]) -> dict[str, AnyArray]:
    path = folder / "state"
    path.write_text(json.dumps(states))
    return {each.name: each.coords for each in bookmarks_of(path, n).layouts}


def points(n: int, *axes: str) -> list[dict[str, float]]:
    return [{axis: row + at / 10 for at, axis in enumerate(axes)} for row in range(n)]


TSNE = ("tsne-0", "tsne-1", "tsne-2")


@pytest.mark.parametrize(("told", "dims"), [({}, 3), ({"tSNEis3d": True}, 3), ({"tSNEis3d": False}, 2)])
def test_a_layout_in_2_d_is_one_though_a_third_axis_is_left_from_before(told, dims, tmp_path: Path) -> None:
    (coords,) = layouts(tmp_path, 4, {"label": "a", "projections": points(4, *TSNE), **told}).values()
    assert np.allclose(coords, [[row + at / 10 for at in range(dims)] for row in range(4)])


@pytest.mark.parametrize("chosen", [[4, 0], [9, 1, 2]])
def test_of_ten_components_those_that_were_shown_are_taken(chosen: list[int], tmp_path: Path) -> None:
    state = {"projections": points(3, *(f"pca-{axis}" for axis in range(10))), "pcaComponentDimensions": chosen}
    assert np.allclose(
        layouts(tmp_path, 3, state)["State 0"], [[row + axis / 10 for axis in chosen] for row in range(3)]
    )


def test_each_projection_of_a_state_is_a_layout(tmp_path: Path) -> None:
    state = {"label": "both", "projections": points(3, *TSNE, "umap-0", "umap-1", "linear-x", "linear-y", "pca-0")}
    found = layouts(tmp_path, 3, state)
    assert {name: coords.shape[1] for name, coords in found.items()} == {
        "both (t-SNE)": 3,
        "both (UMAP)": 2,
        "both (custom)": 2,
    }


def test_items_that_were_filtered_out_or_not_laid_out_have_no_place(tmp_path: Path) -> None:
    made = [{"tsne-0": 1, "tsne-1": 2}, {}, {"tsne-0": None, "tsne-1": 2}, {"tsne-0": 5}, {"tsne-0": 7, "tsne-1": 8}]
    (coords,) = layouts(tmp_path, 9, {"label": "a", "projections": made, "filteredPoints": [8, 0, 1, 2, 4]}).values()
    assert np.flatnonzero(np.isfinite(coords).all(axis=1)).tolist() == [4, 8]
    assert coords[[8, 4]].tolist() == [[1, 2], [7, 8]]


@pytest.mark.parametrize("filtered", [None, []])
def test_a_filter_that_was_taken_back_is_none(filtered: object, tmp_path: Path) -> None:
    state = {
        "label": "a",
        "projections": points(3, *TSNE),
        "filteredPoints": filtered,
        "shuffledDataIndices": [2, 1, 0],
    }
    assert np.isfinite(layouts(tmp_path, 3, state)["a"]).all()


def test_numbers_beyond_float32_are_none(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text('[{"projections": [{"umap-0": 1e99, "umap-1": NaN}, {"umap-0": -0.1, "umap-1": 1}]}]')
    (found,) = bookmarks_of(path, 2).layouts
    assert np.isnan(found.coords[0]).all()
    assert found.coords[1].tolist() == [np.float32(-0.1), 1]
