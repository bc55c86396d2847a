"""The left sidebar: which data, which features, which projection."""

import math

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.arrays import Float64Array
from embviz.features.features import Activations, FeatureSpec, Pixels
from embviz.features.network import HIDDEN_UNITS
from embviz.projection.preprocess import USUAL, can_reduce, usual_preprocess
from embviz.projection.specs import ENGINES, METRICS, STARTS, ProjectionSpec, Tsne, Umap
from embviz.projection.titles import LIBRARIES, METHODS
from embviz.ui.first_picture import FEWEST_FOR_TSNE, first_perplexity, most_perplexity
from embviz.ui.sidebar.axes import axes_control, known_shares
from embviz.ui.sidebar.data import dataset_control, items_control, split_control
from embviz.ui.sidebar.number_field import Allowed, number_field, optional_number_field
from embviz.ui.words import filled
from embviz.view import ViewSpec

FEATURES = {"pixels": "Pixels", "hidden": "Classifier · hidden layer", "logits": "Classifier · logits"}
START_NAMES = {"pca": "PCA", "spectral": "Spectral", "random": "Random"}


def view_spec_controls() -> tuple[ViewSpec, DeltaGenerator]:
    """Draw the controls; what they say now, and the place for what depends on the items that are shown then."""
    st.markdown("###### Data")
    info = dataset_control()
    split = split_control(info)
    limit = items_control(info, split)
    features = _features_control()
    place = st.container(key="color")
    st.markdown("###### Projection")
    n_items = limit or info.counts[split]
    widths = {"pixels": math.prod(info.image_shape), "hidden": HIDDEN_UNITS, "logits": len(info.class_names)}
    n_features = widths[features.name]
    shares = known_shares(info.source, split, limit, features)
    return ViewSpec(info.source, split, limit, features, _projection_control(n_items, n_features, shares)), place


def _features_control() -> FeatureSpec:
    name = st.selectbox(
        "Features",
        list(FEATURES),
        key="features",
        format_func=FEATURES.__getitem__,
        help=filled(
            "What is laid out and measured: the pixels, or what a small classifier makes of them "
            "(one hidden layer of {n} units).",
            n=HIDDEN_UNITS,
        ),
    )
    return Pixels() if name == "pixels" else Activations(layer=name)


def _projection_control(n_items: int, n_features: int, shares: Float64Array | None) -> ProjectionSpec:
    method = st.segmented_control(
        "Method",
        list(METHODS),
        default="pca" if n_items < FEWEST_FOR_TSNE else "tsne",
        required=True,
        key="method",
        format_func=METHODS.__getitem__,
        width="stretch",
    )
    dims = st.segmented_control(
        "Dimensions", [2, 3], default=2, required=True, key="dims", format_func="{}D".format, width="stretch"
    )
    match method:
        case "tsne":
            return _tsne_control(dims, n_items, n_features)
        case "umap":
            return _umap_control(dims, n_items, n_features)
        case _:
            return axes_control(dims, min(n_items, n_features), shares)


def _tsne_control(dims: int, n_items: int, n_features: int) -> Tsne:
    perplexity = st.slider(
        "Perplexity",
        2,
        most_perplexity(n_items),
        first_perplexity(n_items),
        key="perplexity",
        help="Roughly how many neighbors each item listens to.",
    )
    iterations = st.slider("Iterations", 300, 2000, 750, 50, key="iterations")
    seed = _seed_control()
    in_sight = st.container()
    with st.expander("Advanced"):
        exaggeration = number_field(filled("Early exaggeration"), 12, Allowed(1, 1000), key="exaggeration")
        rate = optional_number_field(
            filled("Learning rate"), None, Allowed(0.01, 1_000_000), key="learning-rate", empty="automatic"
        )
        metric = _metric_control("tsne-metric")
        init, engine = _start_and_engine_controls(Tsne(), has_reference=True)
        preprocess = _preprocess_control(n_items, n_features, in_sight)
    return Tsne(
        n_components=dims,
        perplexity=float(perplexity),
        early_exaggeration=exaggeration,
        learning_rate=rate,
        max_iter=iterations,
        metric=metric,
        init=init,
        engine=engine,
        preprocess=preprocess,
        seed=seed,
    )


def _umap_control(dims: int, n_items: int, n_features: int) -> Umap:
    most = max(3, min(100, n_items - 1))
    neighbors = st.slider(
        "Neighbors", 2, most, min(15, most), key="n-neighbors", help="Small: fine detail. Large: the big picture."
    )
    min_dist = st.slider(
        "Minimum distance", 0.0, 0.99, 0.1, 0.01, key="min-dist", help="How tightly items may be packed."
    )
    supervised = st.toggle(
        "Supervised by labels", False, key="supervised", help="Neighbors with other labels hardly attract each other."
    )
    if supervised:
        st.caption("Labels shape this layout: classes come apart whether or not the features tell them apart.")
    seed = _seed_control()
    in_sight = st.container()
    with st.expander("Advanced"):
        spread = number_field(filled("Spread"), 1, Allowed(1, 10), key="spread")
        epochs = optional_number_field(
            filled("Epochs"), None, Allowed(1, 5000, whole=True), key="epochs", empty="automatic"
        )
        metric = _metric_control("umap-metric")
        init, engine = _start_and_engine_controls(Umap(), has_reference=not supervised)
        preprocess = _preprocess_control(n_items, n_features, in_sight)
    return Umap(
        n_components=dims,
        n_neighbors=neighbors,
        min_dist=min_dist,
        spread=spread,
        n_epochs=None if epochs is None else int(epochs),
        metric=metric,
        supervised=supervised,
        init=init,
        engine=engine,
        preprocess=preprocess,
        seed=seed,
    )


def _preprocess_control(n_items: int, n_features: int, in_sight: DeltaGenerator) -> str | None:
    """Whether neighbors are looked up among 50 components; `in_sight` where that is so unless one says otherwise."""
    if not can_reduce(n_items, n_features):
        return None
    usual = usual_preprocess(n_items, n_features)
    place = st.container() if usual is None else in_sight
    chosen = place.toggle(
        "PCA to 50 first",
        usual is not None,
        key="preprocess" if usual is None else "preprocess-large",
        help="Neighbors are looked up among the first 50 principal components instead of all features: several times "
        "faster, and nearly the same neighbors. Overlap and nearest items are still those of the features.",
    )
    return USUAL if chosen else None


def _seed_control() -> int:
    says = filled("The same seed gives the same layout on one machine.")
    return int(number_field(filled("Seed"), 0, Allowed(0, 2**32 - 1, whole=True), key="seed", help=says))


def _metric_control(key: str) -> str:
    return str(
        st.segmented_control("Metric", METRICS, default=METRICS[0], required=True, key=key, format_func=str.capitalize)
    )


def _start_and_engine_controls(defaults: Tsne | Umap, *, has_reference: bool) -> tuple[str, str]:
    method = defaults.method
    init = st.segmented_control(
        "Start", STARTS, default=defaults.init, required=True, key=f"{method}-init", format_func=START_NAMES.__getitem__
    )
    if not has_reference:
        return str(init), ENGINES[0]
    engine = st.segmented_control(
        "Engine",
        ENGINES,
        default=ENGINES[0],
        required=True,
        key=f"{method}-engine",
        format_func=lambda engine: LIBRARIES[method] if engine == "reference" else engine,
        help="The library is slower, and its layout cannot be watched while it forms.",
    )
    return str(init), str(engine)
