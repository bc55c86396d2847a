"""New items find their place among their like, whoever is placed with them, and strange ones are said to be so."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.decomposition import PCA

import embviz
from embviz.dataset import subset
from embviz.errors import Cancelled, InputError, SpecError
from embviz.features import Activations, Features, Pixels
from embviz.neighbors import neighbor_graph
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.pca import first_components
from embviz.projection.placing.place import ground_of, place, placed_on
from embviz.projection.preprocess.reduced import reduced_features
from embviz.projection.projection import Projection

RNG = np.random.default_rng(0)
CENTERS = 12 * RNG.standard_normal((4, 6))
SPECS = {
    "pca": Pca(),
    "pca 3D": Pca(n_components=3, axes=(1, 2, 4)),
    "tsne": Tsne(perplexity=10, max_iter=500),
    "tsne 3D": Tsne(n_components=3, perplexity=10, max_iter=300),
    "tsne cosine": Tsne(perplexity=10, max_iter=300, metric="cosine"),
    "tsne reduced": Tsne(perplexity=10, max_iter=300, preprocess="pca-3"),
    "umap": Umap(n_epochs=100),
    "umap 3D": Umap(n_components=3, n_epochs=50),
    "umap cosine, reduced": Umap(n_epochs=50, metric="cosine", preprocess="pca-3"),
}
EACH_SPEC = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def drawn(n, seed):
    """Items around the four centers, and which center each belongs to."""
    rng = np.random.default_rng(seed)
    of = rng.integers(0, len(CENTERS), n)
    return (CENTERS[of] + rng.standard_normal((n, 6))).astype(np.float32), of


def features_of(vectors):
    return embviz.vector_features(embviz.dataset_from_arrays(vectors=vectors))


LAID_OUT_VECTORS, LAID_OUT_OF = drawn(400, seed=1)
NEW_VECTORS, NEW_OF = drawn(150, seed=2)
LAID_OUT, NEW = features_of(LAID_OUT_VECTORS), features_of(NEW_VECTORS)
EACH = pytest.mark.parametrize("into", SPECS, indirect=True)


@cache
def layout(name):
    """The layout of `LAID_OUT` by a spec of this name, made when it is first asked for."""
    return project(LAID_OUT, SPECS[name])


@pytest.fixture(scope="module")
def into(request):
    return layout(request.param)


def width_of(projection):
    return float(np.ptp(projection.coords, axis=0).max())


def some(features, rows):
    return Features(features.vectors[rows], features.ids[rows], features.spec, features.items)


@EACH
def test_new_items_come_to_lie_among_their_like(into):
    placed = place(NEW, into, laid_out=LAID_OUT)
    near = np.linalg.norm(placed.coords[:, None] - into.coords, axis=2).argsort(axis=1)[:, :5]
    assert (LAID_OUT_OF[near] == NEW_OF[:, None]).mean() > 0.97
    assert placed.ids.tolist() == NEW.ids.tolist()
    assert (placed.layout, placed.source, placed.spec) == (into.fingerprint, NEW.fingerprint, into.spec)


@EACH
def test_a_laid_out_item_is_placed_near_itself(into):
    placed = place(LAID_OUT, into, laid_out=LAID_OUT)
    apart = np.linalg.norm(placed.coords - into.coords, axis=1)
    assert np.quantile(apart, 0.9) < 0.05 * width_of(into)
    assert placed.nearest_distances.max() <= (1e-5 if "pca-3" in repr(into.spec) else 0)  # reduced vectors are rounded
    assert not placed.is_far.any()
    assert placed.nearest_ids.tolist() == LAID_OUT.ids.tolist()


@EACH
@settings(max_examples=8)
@given(data=st.data())
def test_the_place_of_an_item_depends_on_no_other_item(into, data):
    """Not on batches, order or repeats, bit for bit."""
    rows = np.array(data.draw(st.lists(st.integers(0, len(NEW) - 1), min_size=1, max_size=len(NEW))))
    whole = place(NEW, into, laid_out=LAID_OUT)
    again = place(some(NEW, rows), into, laid_out=LAID_OUT)
    for name in ("coords", "ids", "nearest_ids", "nearest_distances", "farther_shares"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name)[rows])


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_the_number_of_threads_changes_nothing(name):
    from numba import get_num_threads, set_num_threads

    whole, threads = place(NEW, layout(name), laid_out=LAID_OUT), get_num_threads()
    set_num_threads(1)
    try:
        np.testing.assert_array_equal(place(NEW, layout(name), laid_out=LAID_OUT).coords, whole.coords)
    finally:
        set_num_threads(threads)


def test_among_many_laid_out_items_the_search_is_approximate_and_depends_on_no_other_item_either():
    vectors, _ = drawn(24_000, seed=3)
    laid_out = features_of(vectors)
    into = Projection(vectors[:, :2].copy(), laid_out.ids, Umap(), laid_out.fingerprint, laid_out.items, 0.0)
    graph = neighbor_graph(laid_out, 14)
    whole = place(NEW, into, laid_out=laid_out, graph=graph)
    for rows in (np.arange(1), np.arange(len(NEW))[::-1], np.arange(3, 40)):
        again = place(some(NEW, rows), into, laid_out=laid_out, graph=graph)
        np.testing.assert_array_equal(again.coords, whole.coords[rows])
        np.testing.assert_array_equal(again.nearest_distances, whole.nearest_distances[rows])


def test_a_seed_has_its_own_places_and_keeps_them():
    spec = SPECS["umap"]
    into = layout("umap")
    seven = Projection(into.coords, into.ids, replace(spec, seed=7), into.source, into.items, 0.0)
    places = [place(NEW, each, laid_out=LAID_OUT).coords for each in (into, into, seven, seven)]
    np.testing.assert_array_equal(places[0], places[1])
    np.testing.assert_array_equal(places[2], places[3])
    assert (places[0] != places[2]).any()


@pytest.mark.parametrize("offset", [0, 1000])
@pytest.mark.parametrize(("n", "d"), [(60, 8), (20, 50)])
def test_pca_places_as_scikit_learn_does(n, d, offset):
    rng = np.random.default_rng(n)
    old = (rng.standard_normal((n, d)) @ np.diag(np.linspace(3, 1, d)) + offset).astype(np.float32)
    new = (rng.standard_normal((30, d)) * 3 + offset).astype(np.float32)
    laid_out = features_of(old)
    for spec in (Pca(), Pca(n_components=3, axes=(3, 1, 2))):
        placed = place(features_of(new), project(laid_out, spec), laid_out=laid_out).coords
        pca = PCA(svd_solver="full").fit(old.astype(np.float64))
        signs = np.sign(
            (pca.transform(old.astype(np.float64))[:, np.array(spec.axes) - 1] * project(laid_out, spec).coords).sum(0)
        )
        wanted = pca.transform(new.astype(np.float64))[:, np.array(spec.axes) - 1] * signs
        np.testing.assert_allclose(placed, wanted, rtol=1e-5, atol=1e-5 * np.abs(wanted).max())


def test_a_component_that_does_not_vary_places_at_0():
    line = features_of(np.array([[0, 5], [1, 5], [3, 5]], np.float32))
    placed = place(features_of(np.array([[1, 9]], np.float32)), project(line, Pca()), laid_out=line)
    assert placed.coords[0, 1] == 0


def test_neighbors_are_looked_up_as_they_were_for_the_layout():
    """Reduced by the components of the laid-out items: their own vectors are at distance 0 from themselves."""
    spec = SPECS["umap cosine, reduced"]
    components = first_components(LAID_OUT, 3, metric="cosine")
    searched = reduced_features(LAID_OUT, spec, components)
    placed = place(NEW, layout("umap cosine, reduced"), laid_out=LAID_OUT, components=components)
    units = NEW_VECTORS / np.linalg.norm(NEW_VECTORS.astype(np.float64), axis=1, keepdims=True)
    ours = LAID_OUT_VECTORS / np.linalg.norm(LAID_OUT_VECTORS.astype(np.float64), axis=1, keepdims=True)
    mean, axes = ours.mean(axis=0), np.linalg.svd(ours - ours.mean(axis=0), full_matrices=False)[2][:3]
    rebuilt = [mean + (each - mean) @ axes.T @ axes for each in (units, ours)]
    lengths = [np.linalg.norm(each, axis=1) for each in rebuilt]
    cosine = 1 - rebuilt[0] @ rebuilt[1].T / np.outer(*lengths)
    np.testing.assert_allclose(placed.nearest_distances, cosine.min(axis=1), atol=2e-6)
    graph = neighbor_graph(searched, 14, metric="cosine")
    np.testing.assert_array_equal(placed.usual_distances, graph.distances[:, 0])


@EACH
def test_what_does_not_belong_is_said(into):
    strange = np.vstack([NEW_VECTORS[:50], CENTERS.mean(axis=0) + 40 * RNG.standard_normal((5, 6))]).astype(np.float32)
    if "cosine" in repr(into.spec):
        strange[50:] = np.tile([1, -1, 1, -1, 1, -1], (5, 1)) - strange[:5] / 10
    placed = place(features_of(strange), into, laid_out=LAID_OUT)
    assert placed.is_far[50:].all() or "cosine" in repr(into.spec)
    assert placed.is_far[:50].sum() <= 5
    assert np.isfinite(placed.coords).all()
    shares = (placed.usual_distances[None] >= placed.nearest_distances[:, None]).mean(axis=1)
    np.testing.assert_allclose(placed.farther_shares, shares)


@pytest.mark.parametrize("name", ["tsne", "tsne 3D"])
def test_t_sne_places_where_its_objective_is_least_nearby(name):
    """The sum over neighbors of P log w^((f + 1) / 2), and the sum of kernels over its mean among laid-out items."""
    into, coords = layout(name), layout(name).coords.astype(np.float64)
    freedom = into.spec.n_components - 1

    def kernels(places):
        squares = ((places[:, None] - coords) ** 2).sum(axis=2)
        return 1 + squares / freedom

    share = len(coords) / ((kernels(coords) ** (-(freedom + 1) / 2)).sum() - len(coords))
    squares = ((NEW_VECTORS[:, None].astype(np.float64) - LAID_OUT_VECTORS) ** 2).sum(axis=2)

    def probabilities(row):
        near = np.sort(row)[29]
        low, high = 1e-6, 1e3
        for _ in range(100):
            beta = np.sqrt(low * high)
            p = np.exp(-beta * (row - row.min())) * (row <= near)
            p /= p.sum()
            entropy = -(p * np.log(np.maximum(p, 1e-300))).sum()
            low, high = (beta, high) if entropy > np.log(10) else (low, beta)
        return p

    p = np.array([probabilities(row) for row in squares])

    def objective(places):
        w = kernels(places)
        return (freedom + 1) / 2 * (p * np.log(w)).sum(axis=1) + share * (w ** (-(freedom + 1) / 2)).sum(axis=1)

    places = place(NEW, into, laid_out=LAID_OUT).coords.astype(np.float64)
    here = objective(places)
    for shift in np.vstack([np.eye(freedom + 1), -np.eye(freedom + 1)]):
        assert (objective(places + 0.2 * shift) > here - 0.01).mean() > 0.98
    own = coords[squares.argmin(axis=1)]
    assert (here <= objective(own) + 0.01).mean() > 0.98


@pytest.mark.parametrize("spec", [Tsne(perplexity=5, max_iter=300), Umap(n_neighbors=5, n_epochs=30)])
def test_duplicates_among_the_laid_out_items_and_of_them_have_places(spec):
    vectors = np.repeat(LAID_OUT_VECTORS[:30], 4, axis=0)
    laid_out = features_of(vectors)
    placed = place(features_of(vectors[::4].copy()), project(laid_out, spec), laid_out=laid_out)
    assert np.isfinite(placed.coords).all()
    assert placed.nearest_distances.max() == 0 and not placed.is_far.any()


@pytest.mark.parametrize("spec", [SPECS["tsne"], SPECS["umap"]], ids=["tsne", "umap"])
def test_items_are_placed_into_layouts_of_any_origin(spec):
    """Steered, as narrow as t-SNE is at its start, all in one place, or as wide as numbers go."""
    for coords in (layout("pca").coords * 1e-6, np.zeros((400, 2), np.float32), layout("pca").coords * 1e6):
        into = Projection(coords, LAID_OUT.ids, spec, LAID_OUT.fingerprint, LAID_OUT.items, 0.0, departure="steered")
        placed = place(NEW, into, laid_out=LAID_OUT)
        assert np.isfinite(placed.coords).all()
        assert width_of(placed) <= 1.5 * width_of(into) + 20


@pytest.mark.parametrize(
    "spec",
    [Tsne(perplexity=10, max_iter=251, engine="reference"), Umap(n_neighbors=10, n_epochs=20, engine="reference")],
)
def test_layouts_of_the_reference_engines_take_items_too(spec):
    into = project(LAID_OUT, replace(spec, engine="reference"))
    placed = place(NEW, into, laid_out=LAID_OUT)
    near = np.linalg.norm(placed.coords[:, None] - into.coords, axis=2).argsort(axis=1)[:, :5]
    assert (LAID_OUT_OF[near] == NEW_OF[:, None]).mean() > 0.9


def test_labels_that_shaped_a_layout_place_nothing():
    into = project(LAID_OUT, replace(SPECS["umap"], supervised=True), labels=LAID_OUT_OF)
    assert np.isfinite(place(NEW, into, laid_out=LAID_OUT).coords).all()


@EACH
def test_one_item_has_the_place_that_it_has_among_others(into):
    np.testing.assert_array_equal(
        place(some(NEW, np.array([7])), into, laid_out=LAID_OUT).coords, place(NEW, into, laid_out=LAID_OUT).coords[7:8]
    )


@EACH
def test_a_ground_is_made_once_for_many_batches(into):
    ground = ground_of(into, LAID_OUT)
    halves = [placed_on(ground, some(NEW, rows)).coords for rows in (np.arange(70), np.arange(70, 150))]
    np.testing.assert_array_equal(np.vstack(halves), place(NEW, into, laid_out=LAID_OUT).coords)


@EACH
def test_what_cannot_be_placed_is_refused_in_a_sentence(into):
    none = Features(np.empty((0, 6), np.float32), np.empty(0, np.int64), NEW.spec, NEW.items)
    for features, error, words in (
        (none, SpecError, "one row per item"),
        (features_of(NEW_VECTORS[:, :5].copy()), InputError, "of vectors of 6 values, got new ones of 5"),
        (replace(NEW, spec=Pixels()), InputError, "of vectors features and the new items have pixels ones"),
    ):
        with pytest.raises(error, match=words):
            place(features, into, laid_out=LAID_OUT)
    with pytest.raises(InputError, match="must be finite, but row 3 holds NaN"):
        replace(NEW, vectors=np.where(np.arange(150)[:, None] == 3, np.nan, NEW_VECTORS).astype(np.float32))
    with pytest.raises(InputError, match="not made from these features"):
        place(NEW, into, laid_out=NEW)
    with pytest.raises(InputError, match=r"made from other vectors|by the"):
        place(NEW, into, laid_out=LAID_OUT, graph=neighbor_graph(NEW, 14))


def test_features_of_another_classifier_are_of_another_space():
    def hidden(network):
        return replace(NEW, spec=Activations(), network=network)

    laid_out = replace(LAID_OUT, spec=Activations(), network="one")
    into = project(laid_out, Pca())
    with pytest.raises(InputError, match="by another classifier"):
        place(hidden("other"), into, laid_out=laid_out)
    assert len(place(hidden("one"), into, laid_out=laid_out)) == len(NEW)


def test_a_vector_without_direction_has_no_cosine():
    zero = features_of(np.vstack([NEW_VECTORS[:3], np.zeros((1, 6), np.float32)]))
    with pytest.raises(SpecError, match="are all zero"):
        place(zero, layout("tsne cosine"), laid_out=LAID_OUT)


@pytest.mark.parametrize("stage", ["placing", "neighbors"])
def test_placing_stops_when_progress_says_so(stage):
    def cancel(name, done, total):
        if name == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        place(NEW, layout("tsne"), laid_out=LAID_OUT, progress=cancel)


def test_ids_are_those_of_the_datasets():
    dataset = embviz.dataset_from_arrays(vectors=LAID_OUT_VECTORS)
    half = subset(dataset, np.arange(399, 199, -1))
    laid_out = embviz.vector_features(half)
    placed = place(
        embviz.vector_features(subset(dataset, np.array([399, 250]))), project(laid_out, Pca()), laid_out=laid_out
    )
    assert placed.ids.tolist() == placed.nearest_ids.tolist() == [399, 250]
