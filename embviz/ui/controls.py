"""The left sidebar: which data, which features, which projection."""

import math

import streamlit as st

from embviz.dataset import Dataset
from embviz.datasets import TITLES, DatasetInfo, download_dataset, forget_known_datasets, lately_known_datasets
from embviz.errors import Cancelled, EmbvizError
from embviz.features.features import Activations, FeatureSpec, Pixels
from embviz.progress import Progress
from embviz.projection.specs import ENGINES, METRICS, STARTS, Pca, ProjectionSpec, Tsne, Umap
from embviz.projection.titles import LIBRARIES, METHODS
from embviz.ui.watch import forget, watched_result
from embviz.ui.words import Markdown, as_text, filled
from embviz.view import ViewSpec

FEATURES = {"pixels": "Pixels", "hidden": "Classifier · hidden layer", "logits": "Classifier · logits"}
START_NAMES = {"pca": "PCA", "spectral": "Spectral", "random": "Random"}
MOST_COMPONENTS = 20
"""How many principal components are offered for an axis."""


def view_spec_controls() -> ViewSpec:
    """Draw the controls; what they say now."""
    st.markdown("###### Data")
    info = _dataset_control()
    split = _split_control(info)
    limit = _limit_control(info, split)
    features = _features_control()
    st.markdown("###### Projection")
    n_items = limit or info.counts[split]
    n_features = {"pixels": math.prod(info.image_shape), "hidden": 200, "logits": len(info.class_names)}[features.name]
    return ViewSpec(info.name, split, limit, features, _projection_control(n_items, n_features))


def _dataset_control() -> DatasetInfo:
    """The dataset chosen; one that is not on the machine is offered for download instead."""
    infos = {info.name: info for info in lately_known_datasets()}
    here = [name for name, info in infos.items() if info.on_machine]
    chosen = st.session_state.pop("choose", None) or st.session_state.get("dataset")  # "choose": just downloaded
    st.session_state["dataset"] = chosen if chosen in here else "mnist" if "mnist" in here else here[0]
    name = st.selectbox("Dataset", here, key="dataset", format_func=lambda name: infos[name].title)
    for problem in dict.fromkeys(info.problem for info in infos.values() if info.problem):
        titles = ", ".join(info.title for info in infos.values() if info.problem == problem)
        st.warning(filled("{titles}: {problem}", titles=titles, problem=problem))
    missing = [info for info in infos.values() if info.download_bytes and not info.on_machine]
    if missing:
        _download_control(missing)
    return infos[name]


def _download_control(missing: list[DatasetInfo]) -> None:
    """Offer MNIST itself; its family is one click further away."""
    family = [info for info in missing if info.name != "mnist"]
    for info in missing:
        if info not in family:
            _download_button(info)
    outcome = st.container()  # above the list, which covers what is below it while open
    if family:
        with st.popover("More datasets", width="stretch"):
            for info in family:
                _download_button(info)
    with outcome:
        _watch_download()


def _watch_download() -> None:
    wanted = st.session_state.get("download")
    if wanted is None:
        return
    try:
        done = watched_result("download", wanted, lambda progress: _downloaded(wanted, progress))
    except Cancelled:
        st.caption("Download cancelled.")
    except EmbvizError as error:
        st.error(as_text(error))
    else:
        if done:
            del st.session_state["download"]
            st.session_state["choose"] = wanted
            st.rerun()


def _downloaded(name: str, progress: Progress) -> bool:
    download_dataset(name, progress=progress)
    forget_known_datasets()
    return True


def _download_button(info: DatasetInfo) -> None:
    label: Markdown = filled("Download {title} ({size:.0f} MB)", title=info.title, size=info.download_bytes / 2**20)
    if st.button(label, key=f"download-{info.name}", width="stretch"):
        forget("download")
        st.session_state["download"] = info.name


def _split_control(info: DatasetInfo) -> str:
    splits = [split for split in ("test", "train", "all") if split in info.counts]
    default = "all" if info.name == "digits" else "test"
    chosen = st.segmented_control(
        "Split",
        splits,
        default=default,
        required=True,
        key=f"split-{info.name}",
        format_func=str.capitalize,
        width="stretch",
    )
    return str(chosen)


def _limit_control(info: DatasetInfo, split: str) -> int | None:
    """How many items to show, or None for all of them."""
    n = info.counts[split]
    step = 100 if n <= 10_000 else 1000
    chosen = st.select_slider(
        "Items",
        [*range(step, n, step), n],
        n,
        key=f"limit-{info.name}-{split}",
        format_func=lambda count: f"{count:,} of {n:,}",
        help="A seeded sample that keeps the share of each class.",
    )
    return None if chosen == n else int(chosen)


def _features_control() -> FeatureSpec:
    name = st.selectbox(
        "Features",
        list(FEATURES),
        key="features",
        format_func=FEATURES.__getitem__,
        help="What is laid out and measured: the pixels, or what a small classifier makes of them "
        "(one hidden layer of 200 units).",
    )
    return Pixels() if name == "pixels" else Activations(layer=name)


def _projection_control(n_items: int, n_features: int) -> ProjectionSpec:
    method = st.segmented_control(
        "Method",
        list(METHODS),
        default="pca",
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
            return _tsne_control(dims, n_items)
        case "umap":
            return _umap_control(dims, n_items)
        case _:
            return _pca_control(dims, min(n_items, n_features))


def _pca_control(dims: int, n_components: int) -> Pca:
    if n_components < dims:
        return Pca(n_components=dims)  # the view says that there are too few
    axes: list[int] = []
    for axis, column in zip("xyz", st.columns(dims, gap="small"), strict=False):
        free = [component for component in range(1, min(MOST_COMPONENTS, n_components) + 1) if component not in axes]
        first = "xyz".index(axis) + 1
        default = free.index(first) if first in free else 0
        axes.append(column.selectbox(filled("{axis} · PC", axis=axis), free, default, key=f"pc-{axis}-{n_components}"))
    return Pca(n_components=dims, axes=tuple(axes))


def _tsne_control(dims: int, n_items: int) -> Tsne:
    most = max(3, min(100, (n_items - 1) // 3))
    perplexity = st.slider(
        "Perplexity", 2, most, min(30, most), key="perplexity", help="Roughly how many neighbors each item listens to."
    )
    iterations = st.slider("Iterations", 300, 2000, 750, 50, key="iterations")
    seed = _seed_control()
    with st.expander("Advanced"):
        exaggeration = st.number_input("Early exaggeration", 1.0, 100.0, 12.0, 1.0, key="exaggeration")
        rate = st.number_input("Learning rate (0: automatic)", 0.0, 10_000.0, 0.0, 50.0, key="learning-rate")
        metric = _metric_control("tsne-metric")
        init, engine = _start_and_engine_controls(Tsne(), has_reference=True)
    return Tsne(
        n_components=dims,
        perplexity=float(perplexity),
        early_exaggeration=exaggeration,
        learning_rate=rate or None,
        max_iter=iterations,
        metric=metric,
        init=init,
        engine=engine,
        seed=seed,
    )


def _umap_control(dims: int, n_items: int) -> Umap:
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
    with st.expander("Advanced"):
        spread = st.number_input("Spread", 1.0, 10.0, 1.0, 0.5, key="spread")
        epochs = st.number_input("Epochs (0: automatic)", 0, 5000, 0, 50, key="epochs")
        metric = _metric_control("umap-metric")
        init, engine = _start_and_engine_controls(Umap(), has_reference=not supervised)
    return Umap(
        n_components=dims,
        n_neighbors=neighbors,
        min_dist=min_dist,
        spread=spread,
        n_epochs=epochs or None,
        metric=metric,
        supervised=supervised,
        init=init,
        engine=engine,
        seed=seed,
    )


def _seed_control() -> int:
    return int(
        st.number_input(
            "Seed", 0, 2**32 - 1, 0, 1, key="seed", help="The same seed gives the same layout on one machine."
        )
    )


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


def dataset_title(dataset: Dataset) -> str:
    """Name and split as the page says them: ``MNIST test``."""
    return f"{TITLES.get(dataset.name, dataset.name)} {dataset.split}".strip()
