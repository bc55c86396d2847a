"""The controls of the left sidebar: data, features and projection, and the view spec that they ask for."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.arrays import Float64Array
from embviz.datasets import DatasetInfo
from embviz.projection.preprocess.steps import preprocess_of
from embviz.projection.specs import ENGINES, METRICS, ProjectionSpec, Tsne, Umap
from embviz.projection.titles import METHODS, PARAMETERS, STARTS, dimensions_title, engine_title
from embviz.ui.first_picture import FEWEST_FOR_TSNE, first_perplexity, most_perplexity
from embviz.ui.selecting.isolated_again import lay_out_again
from embviz.ui.selecting.isolation import laid_out_items
from embviz.ui.session import Control, session
from embviz.ui.sidebar.data import dataset_control, items_control, split_control
from embviz.ui.sidebar.features import features_control
from embviz.ui.sidebar.layout.axes import axes_control, known_shares
from embviz.ui.sidebar.layout.custom import can_customize, custom_control
from embviz.ui.sidebar.layout.preprocess import reduction_control, scaling_control
from embviz.ui.sidebar.layout.supervision import supervision_control
from embviz.ui.sidebar.number_field import Allowed, number_field, optional_number_field
from embviz.ui.sidebar.upload import DataShown
from embviz.ui.state.control_values import begin_controls
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text, filled
from embviz.view import ViewSpec


def view_spec_controls() -> tuple[ViewSpec, DatasetInfo, DeltaGenerator] | None:
    """Draw the controls; returns their view spec, the facts of the dataset, and a container for colors and labels.

    None while files are being read, or if they cannot be read.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is set to something that is not a folder.
    """
    st.markdown("###### Data")
    info = dataset_control()
    if info is None:
        return None
    session().keep(DataShown(info))
    begin_controls(info)
    split = split_control(info)
    limit = items_control(info, split)
    space = features_control(info)
    place = st.container(key="color")
    st.markdown("###### Projection")
    lay_out_again(session().pane, info, split, limit)
    isolated = laid_out_items(session().pane, info.source, split, limit)
    n_items = (limit or info.counts[split]) if isolated is None else len(isolated)

    def shares_of(preprocess: str | None) -> Float64Array | None:
        return known_shares(info.source, split, limit, space.spec, preprocess)

    projection = _projection_control(info, n_items, space.n_values, shares_of)
    return ViewSpec(info.source, split, limit, space.spec, projection), info, place


def _projection_control(
    info: DatasetInfo, n_items: int, n_features: int, shares_of: Callable[[str | None], Float64Array | None]
) -> ProjectionSpec:
    offered = ["pca", "tsne", "umap", *(["directions"] if can_customize(info, n_features) else [])]
    control = Control[str]("method")
    if control.value_or(offered[0]) not in offered:
        control.show(offered[0])
    method = st.segmented_control(
        "Method",
        offered,
        default=first_shown("method", "pca" if n_items < FEWEST_FOR_TSNE else "tsne", offered.__contains__),
        required=True,
        key=control.key,
        format_func=METHODS.__getitem__,
        width="stretch",
    )
    dims = st.segmented_control(
        as_text(PARAMETERS["n_components"]),
        [2, 3],
        default=first_shown("dims", 2),
        required=True,
        key="dims",
        format_func=dimensions_title,
        width="stretch",
    )
    if method == "directions":
        return custom_control(info, n_features, dims)
    scaling = scaling_control()
    match method:
        case "tsne":
            return _tsne_control(info, dims, n_items, n_features, scaling)
        case "umap":
            return _umap_control(info, dims, n_items, n_features, scaling)
        case _:
            return replace(axes_control(dims, min(n_items, n_features), shares_of(scaling)), preprocess=scaling)


def _tsne_control(info: DatasetInfo, dims: int, n_items: int, n_features: int, scaling: str | None) -> Tsne:
    most = most_perplexity(n_items)
    perplexity = st.slider(
        as_text(PARAMETERS["perplexity"]),
        2,
        most,
        first_shown("perplexity", first_perplexity(n_items), range(2, most + 1).__contains__),
        key="perplexity",
        help="Roughly how many nearest neighbors decide where an item goes.",
    )
    first = first_shown("iterations", 750, range(300, 2001, 50).__contains__)
    iterations = st.slider(as_text(PARAMETERS["max_iter"]), 300, 2000, first, 50, key="iterations")
    supervision = supervision_control(info)
    seed = _seed_control()
    in_sight = st.container()
    with st.expander("Advanced"):
        exaggeration = number_field(as_text(PARAMETERS["early_exaggeration"]), 12, Allowed(1, 1000), key="exaggeration")
        rate = optional_number_field(
            as_text(PARAMETERS["learning_rate"]), None, Allowed(0.01, 1_000_000), key="learning-rate", empty="automatic"
        )
        metric = _metric_control("tsne-metric")
        init, engine = _start_and_engine_controls(Tsne(), has_reference=not supervision)
        reduction = reduction_control(n_items, n_features, in_sight)
    return Tsne(
        n_components=dims,
        perplexity=float(perplexity),
        early_exaggeration=exaggeration,
        learning_rate=rate,
        max_iter=iterations,
        metric=metric,
        init=init,
        engine=engine,
        preprocess=preprocess_of(scaling, reduction),
        seed=seed,
        **supervision,
    )


def _umap_control(info: DatasetInfo, dims: int, n_items: int, n_features: int, scaling: str | None) -> Umap:
    most = max(3, min(100, n_items - 1))
    neighbors = st.slider(
        as_text(PARAMETERS["n_neighbors"]),
        2,
        most,
        first_shown("n-neighbors", min(15, most), range(2, most + 1).__contains__),
        key="n-neighbors",
        help="Small: fine detail. Large: the big picture.",
    )
    min_dist = st.slider(
        as_text(PARAMETERS["min_dist"]),
        0.0,
        0.99,
        first_shown("min-dist", 0.1, lambda distance: 0 <= distance <= 0.99),
        0.01,
        key="min-dist",
        help="How tightly items may be packed.",
    )
    supervision = supervision_control(info)
    seed = _seed_control()
    in_sight = st.container()
    with st.expander("Advanced"):
        spread = number_field(as_text(PARAMETERS["spread"]), 1, Allowed(1, 10), key="spread")
        epochs = optional_number_field(
            as_text(PARAMETERS["n_epochs"]), None, Allowed(1, 5000, whole=True), key="epochs", empty="automatic"
        )
        metric = _metric_control("umap-metric")
        init, engine = _start_and_engine_controls(Umap(), has_reference=not supervision)
        reduction = reduction_control(n_items, n_features, in_sight)
    return Umap(
        n_components=dims,
        n_neighbors=neighbors,
        min_dist=min_dist,
        spread=spread,
        n_epochs=None if epochs is None else int(epochs),
        metric=metric,
        init=init,
        engine=engine,
        preprocess=preprocess_of(scaling, reduction),
        seed=seed,
        **supervision,
    )


def _seed_control() -> int:
    says = filled("The same seed gives the same layout on one machine.")
    return int(number_field(as_text(PARAMETERS["seed"]), 0, Allowed(0, 2**32 - 1, whole=True), key="seed", help=says))


def _metric_control(key: str) -> str:
    return str(
        st.segmented_control(
            as_text(PARAMETERS["metric"]),
            METRICS,
            default=first_shown(key, METRICS[0]),
            required=True,
            key=key,
            format_func=str.capitalize,
            width="stretch",
        )
    )


def _start_and_engine_controls(defaults: Tsne | Umap, *, has_reference: bool) -> tuple[str, str]:
    method = defaults.method
    init = st.segmented_control(
        as_text(PARAMETERS["init"]),
        list(STARTS),
        default=first_shown(f"{method}-init", defaults.init),
        required=True,
        key=f"{method}-init",
        format_func=lambda init: as_text(STARTS[init][0].upper() + STARTS[init][1:]),
        width="stretch",
    )
    if not has_reference:
        return str(init), ENGINES[0]
    engine = st.segmented_control(
        as_text(PARAMETERS["engine"]),
        ENGINES,
        default=first_shown(f"{method}-engine", ENGINES[0]),
        required=True,
        key=f"{method}-engine",
        format_func=lambda engine: engine_title(method, engine),
        width="stretch",
        help="The engine of embviz is faster, and its layout can be watched while it forms.",
    )
    return str(init), str(engine)
