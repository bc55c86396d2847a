"""AnnData files of every version, written by h5py as AnnData writes them, and what is wrong with others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.h5ad import h5ad_contents
from embviz.errors import DatasetError
from embviz.progress import no_progress

h5py = pytest.importorskip("h5py")

N, D = 6, 4
X = np.array([[row * D + column if (row + column) % 2 else 0 for column in range(D)] for row in range(N)], np.float32)
PCA = np.arange(N * 5, dtype=np.float64).reshape(N, 5) / 3
UMAP = np.array([[row, -row / 2] for row in range(N)], np.float32)
NAMES = [f"cell {row}" for row in range(N)]
CODES = np.array([1, 0, 2, 1, 1, 0], np.int8)
CATEGORIES = ["B", "T \u03b3\u03b4", "NK"]
TEXT = h5py.string_dtype()


def encoded(node: Any, kind: str, version: str = "0.2.0") -> Any:
    node.attrs["encoding-type"], node.attrs["encoding-version"] = kind, version
    return node


def texts(group: Any, name: str, values: list[str]) -> Any:
    return encoded(group.create_dataset(name, data=values, dtype=TEXT), "string-array")


def array(group: Any, name: str, values: AnyArray) -> Any:
    return encoded(group.create_dataset(name, data=values, compression="gzip"), "array")


def categorical(group: Any, name: str, codes: AnyArray, categories: list[str]) -> None:
    column = encoded(group.create_group(name), "categorical")
    column.attrs["ordered"] = False
    array(column, "codes", codes)
    texts(column, "categories", categories)


def sparse(group: Any, name: str, dense: AnyArray) -> Any:
    node = encoded(group.create_group(name), "csr_matrix", "0.1.0")
    node.attrs["shape"] = dense.shape
    rows, columns = np.nonzero(dense)
    node.create_dataset("data", data=dense[rows, columns])
    node.create_dataset("indices", data=columns.astype(np.int32))
    node.create_dataset("indptr", data=np.searchsorted(rows, np.arange(len(dense) + 1)).astype(np.int32))
    return node


def today(root: Any) -> None:
    """As AnnData from 0.8 on writes it."""
    encoded(root, "anndata", "0.1.0")
    array(root, "X", X)
    obs = encoded(root.create_group("obs"), "dataframe")
    obs.attrs["_index"] = "barcode"
    obs.attrs.create("column-order", ["cell type", "counts", "score", "good", "maybe", "batch"], dtype=TEXT)
    texts(obs, "barcode", NAMES)
    categorical(obs, "cell type", CODES, CATEGORIES)
    array(obs, "counts", np.arange(N, dtype=np.int32))
    array(obs, "score", np.array([0.5, np.nan, 1, 2, 3, 4], np.float32))
    array(obs, "good", np.array([True, False] * 3))
    maybe = encoded(obs.create_group("maybe"), "nullable-integer")
    array(maybe, "values", np.arange(N))
    array(maybe, "mask", np.array([False, True] + [False] * 4))
    categorical(obs, "batch", np.array([0, -1, 1, 0, 0, 0], np.int8), ["a", "b"])
    obsm = encoded(root.create_group("obsm"), "dict", "0.1.0")
    array(obsm, "X_pca", PCA)
    array(obsm, "X_umap", np.where(np.arange(N)[:, None] == 2, np.nan, UMAP))
    encoded(root.create_group("layers"), "dict", "0.1.0")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Any]:
    with h5py.File(tmp_path / "cells.h5ad", "w") as file:
        yield file


def opened(root: Any) -> Contents:
    root.flush()
    path = Path(root.filename)
    root.close()
    return h5ad_contents(path)


def values(contents: Contents, name: str, rows: slice = slice(None)) -> AnyArray:
    (field,) = [each for each in contents.fields if each.name == name]
    read = field.read(rows, no_progress)
    assert read.shape[1:] == field.shape
    assert read.dtype.kind == field.dtype.kind
    return read


def test_a_file_of_today_is_opened(root: Any) -> None:
    today(root)
    contents = opened(root)
    assert (contents.name, contents.n) == ("cells", N)
    kinds = {each.name: (each.kind, each.dtype.kind) for each in contents.fields}
    assert kinds == {
        "barcode": ("column", "U"),
        "cell type": ("column", "i"),
        "counts": ("column", "i"),
        "score": ("column", "f"),
        "good": ("column", "b"),
        "maybe": ("column", "f"),
        "batch": ("column", "U"),
        "X": ("vectors", "f"),
        "X_pca": ("vectors", "f"),
        "X_umap": ("layout", "f"),
    }
    assert values(contents, "barcode").tolist() == NAMES
    (cell_type,) = [each for each in contents.fields if each.name == "cell type"]
    assert cell_type.class_names == tuple(CATEGORIES)
    assert values(contents, "cell type", slice(2, 5)).tolist() == [2, 1, 1]
    assert np.array_equal(values(contents, "maybe"), [0, np.nan, 2, 3, 4, 5], equal_nan=True)
    assert values(contents, "batch").tolist() == ["a", "", "b", "a", "a", "a"]
    assert np.array_equal(values(contents, "X"), X)
    assert np.array_equal(values(contents, "X_pca", slice(4, 6)), PCA[4:])
    assert np.flatnonzero(np.isnan(values(contents, "X_umap")).any(axis=1)).tolist() == [2]
    assert "'X_umap' has no numbers for 1 of 6 items" in contents.notes
    assert "column 'batch' has no value for 1 of 6 items" in contents.notes


def test_a_sparse_matrix_is_opened_row_by_row(root: Any) -> None:
    today(root)
    del root["X"]
    sparse(root, "X", X)
    contents = opened(root)
    assert np.array_equal(values(contents, "X"), X)
    assert np.array_equal(values(contents, "X", slice(3, 5)), X[3:5])


def test_a_file_of_version_0_7_has_categories_in_a_group_of_their_own(root: Any) -> None:
    today(root)
    obs = root["obs"]
    del obs["cell type"]
    obs.create_dataset("cell type", data=CODES)
    texts(obs.create_group("__categories"), "cell type", CATEGORIES)
    obs["cell type"].attrs["categories"] = obs["__categories/cell type"].ref
    contents = opened(root)
    (cell_type,) = [each for each in contents.fields if each.name == "cell type"]
    assert cell_type.class_names == tuple(CATEGORIES)
    assert not [each for each in contents.fields if each.name.startswith("__")]


def test_a_file_of_before_has_arrays_of_records(root: Any) -> None:
    records = np.array(list(zip([name.encode() for name in NAMES], CODES, range(N), strict=True)), "S9,i1,f4")
    records.dtype.names = ("index", "louvain", "n_genes")
    root.create_dataset("obs", data=records)
    texts(root.create_group("uns"), "louvain_categories", CATEGORIES)
    both = np.empty(N, [("X_pca", "<f8", 5), ("X_tsne", "<f4", 2)])
    both["X_pca"], both["X_tsne"] = PCA, UMAP
    root.create_dataset("obsm", data=both)
    old = root.create_group("X")
    new = sparse(root, "new", X)
    for name in ("data", "indices", "indptr"):
        old[name] = new[name][...]
    old.attrs["h5sparse_format"], old.attrs["h5sparse_shape"] = b"csr", X.shape
    contents = opened(root)
    assert [each.name for each in contents.fields] == ["index", "louvain", "n_genes", "X", "X_pca", "X_tsne"]
    assert values(contents, "index").tolist() == NAMES
    assert [each.class_names for each in contents.fields if each.name == "louvain"] == [tuple(CATEGORIES)]
    assert np.array_equal(values(contents, "X"), X)
    assert np.array_equal(values(contents, "X_tsne"), UMAP)
    assert contents.fields[-1].kind == "layout"


def test_big_endian_numbers_and_fixed_texts_are_read(root: Any) -> None:
    today(root)
    del root["obsm/X_pca"], root["obs/counts"], root["obs/barcode"]
    root["obsm"].create_dataset("X_pca", data=PCA.astype(">f4"))
    root["obs"].create_dataset("counts", data=np.arange(N, dtype=">u2"))
    root["obs"].create_dataset("barcode", data=np.array([name.encode() for name in NAMES]))
    contents = opened(root)
    assert np.allclose(values(contents, "X_pca"), PCA)
    assert values(contents, "counts").tolist() == list(range(N))
    assert values(contents, "barcode").tolist() == NAMES


Change = Callable[[Any], object]


def replaced(name: str, make: Callable[[Any, str], object]) -> Change:
    def change(root: Any) -> None:
        del root[name]
        make(root[name.rpartition("/")[0] or "/"], name.rpartition("/")[2])

    return change


def external(group: Any, name: str) -> None:
    other = Path(group.file.filename).with_name("other.h5")
    with h5py.File(other, "w") as file:
        file["secret"] = PCA
    group[name] = h5py.ExternalLink(str(other), "secret")


def in_another_file(group: Any, name: str) -> None:
    raw = Path(group.file.filename).with_name("secret.raw")
    raw.write_bytes(PCA.tobytes())
    group.create_dataset(name, PCA.shape, PCA.dtype, external=[(str(raw), 0, PCA.nbytes)])


def virtual(group: Any, name: str) -> None:
    layout = h5py.VirtualLayout(PCA.shape, PCA.dtype)
    layout[:] = h5py.VirtualSource("other.h5", "secret", PCA.shape)
    group.create_virtual_dataset(name, layout)


def soft(group: Any, name: str) -> None:
    group[name] = h5py.SoftLink("/obsm/X_umap")


def indices(*given: int) -> Change:
    def change(root: Any) -> None:
        del root["X"]
        node = sparse(root, "X", X)
        node["indices"][: len(given)] = given

    return change


def pointers(root: Any) -> None:
    del root["X"]
    sparse(root, "X", X)["indptr"][3] = 99


REFUSED: dict[str, tuple[Change, str]] = {
    "no obs": (lambda root: root.__delitem__("obs"), "has no `obs`; give a file that AnnData"),
    "no names": (lambda root: root.__delitem__("obs/barcode"), "has no names of items in `obs`"),
    "no items": (replaced("obs/barcode", lambda group, name: texts(group, name, [])), "holds no items"),
    "a column of another length": (
        replaced("obs/counts", lambda group, name: array(group, name, np.arange(5))),
        "/obs/counts has 5 rows, and obs 6",
    ),
    "a column of two dimensions": (
        replaced("obs/counts", lambda group, name: array(group, name, PCA)),
        r"is an array of shape \(6, 5\), expected 1 dimensions",
    ),
    "fewer codes": (
        replaced("obs/batch", lambda group, name: categorical(group, name, CODES[:4], CATEGORIES)),
        "/obs/batch has 4 rows, and obs 6",
    ),
    "codes without a category": (
        replaced("obs/batch", lambda group, name: categorical(group, name, CODES, ["a"])),
        "has codes for which there are no categories",
    ),
    "no codes": (lambda root: root.__delitem__("obs/batch/codes"), "lacks its codes or categories"),
    "a shorter mask": (
        replaced("obs/maybe/mask", lambda group, name: array(group, name, np.zeros(2, bool))),
        "/obs/maybe/mask has 2 rows",
    ),
    "a matrix of other cells": (
        replaced("X", lambda group, name: array(group, name, X[:3])),
        "/X has 3 rows, and obs 6",
    ),
    "vectors of other cells": (
        replaced("obsm/X_pca", lambda group, name: array(group, name, PCA[:3])),
        "/obsm/X_pca has 3 rows, and obs 6",
    ),
    "a link to another file": (replaced("obsm/X_pca", external), "/obsm/X_pca of .* is a link; write the file again"),
    "a link in the file": (replaced("obsm/X_pca", soft), "is a link"),
    "data in another file": (replaced("obsm/X_pca", in_another_file), "has its data in another file"),
    "data made of another file's": (replaced("obsm/X_pca", virtual), "has its data in another file"),
    "a shape without data": (
        replaced("obsm/X_pca", lambda group, name: group.create_dataset(name, (N, 10**9), "f4", chunks=(1, 999))),
        "claims 24,000,000,000 bytes, but only 0 are there",
    ),
    "a column outside of a sparse matrix": (indices(0, 17), "has values outside of its shape, at or after row 0"),
    "a negative column of a sparse matrix": (indices(-1), "has values outside of its shape"),
    "rows of a sparse matrix that go back": (pointers, "has values outside of its shape"),
    "a sparse matrix of other cells": (
        replaced("X", lambda group, name: sparse(group, name, X[:4])),
        "/X has 4 rows, and obs 6",
    ),
}


def test_a_sparse_matrix_without_its_shape_is_refused(root: Any) -> None:
    today(root)
    del root["X"]
    del sparse(root, "X", X).attrs["shape"]
    with pytest.raises(DatasetError, match="/X lacks its shape, data, indices or indptr"):
        opened(root)


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_broken_is_said_in_one_sentence(change: Change, message: str, root: Any) -> None:
    today(root)
    change(root)
    with pytest.raises(DatasetError, match=message) as raised:
        contents = opened(root)
        for field in contents.fields:
            field.read(slice(None), no_progress)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not an HDF5 file"),
        (b"CDF\x01", "is not an HDF5 file"),
        (b"\x80\x04\x95 pickle", "is not an HDF5 file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "cannot be read"),
    ],
)
def test_what_is_no_hdf5_file_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "cells.h5ad"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=message):
        h5ad_contents(path)


def test_a_file_cut_short_is_refused(root: Any) -> None:
    today(root)
    path = Path(root.filename)
    root.close()
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DatasetError, match="cannot be read"):
        h5ad_contents(path)


NOTED: dict[str, tuple[Change, str]] = {
    "columns of a sparse matrix": (
        replaced("X", lambda group, name: encoded(sparse(group, name, X), "csc_matrix")),
        r"'X' is left out: it is csc_matrix; set adata.X = adata.X.tocsr()",
    ),
    "a table in obsm": (
        lambda root: encoded(root["obsm"].create_group("frame"), "dataframe"),
        "'frame' is left out: it is dataframe",
    ),
    "a column that is a table": (
        lambda root: encoded(root["obs"].create_group("strange"), "dict"),
        "column 'strange' is left out: it is dict",
    ),
    "layers": (lambda root: array(root["layers"], "counts", X), "layers are left out (counts)"),
    "three dimensions": (
        lambda root: array(root["obsm"], "images", np.zeros((N, 2, 2))),
        "'images' is left out: it is float64 of shape (6, 2, 2)",
    ),
    "complex numbers": (
        lambda root: array(root["obs"], "phase", np.zeros(N, complex)),
        "column 'phase' is left out: its values are neither texts nor numbers",
    ),
}


@pytest.mark.parametrize(("change", "note"), NOTED.values(), ids=NOTED)
def test_what_is_left_out_is_noted(change: Change, note: str, root: Any) -> None:
    today(root)
    change(root)
    contents = opened(root)
    assert any(note in each for each in contents.notes), contents.notes


@pytest.mark.filterwarnings("ignore")  # those of another library
def test_what_anndata_writes_is_opened(tmp_path: Path) -> None:
    anndata, pandas = pytest.importorskip("anndata"), pytest.importorskip("pandas")
    from scipy.sparse import csr_matrix

    obs = {
        "type": pandas.Categorical([CATEGORIES[code] for code in CODES], CATEGORIES),
        "count": np.arange(N),
        "maybe": pandas.array([None, *range(1, N)], dtype="Int64"),
        "text": [f"item {row}" for row in range(N)],
        "good": np.arange(N) > 2,
    }
    made = anndata.AnnData(csr_matrix(X), obs=pandas.DataFrame(obs, index=NAMES))
    made.obsm["X_pca"], made.obsm["X_umap"], made.obsm["sparse"] = PCA, UMAP, csr_matrix(PCA)
    made.write_h5ad(tmp_path / "cells.h5ad", compression="gzip")
    contents = h5ad_contents(tmp_path / "cells.h5ad")
    assert values(contents, "name").tolist() == NAMES
    assert values(contents, "text").tolist() == obs["text"]
    assert values(contents, "good").tolist() == obs["good"].tolist()
    assert np.array_equal(values(contents, "maybe"), [np.nan, *range(1, N)], equal_nan=True)
    (kind,) = [each for each in contents.fields if each.name == "type"]
    assert [kind.class_names[code] for code in values(contents, "type")] == list(obs["type"])
    for name, expected in {"X": X, "X_pca": PCA, "X_umap": UMAP, "sparse": PCA}.items():
        assert np.array_equal(values(contents, name), expected)
