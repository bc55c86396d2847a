"""Values that the controls of the sidebar show for a view restored from an address or a bookmark."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from embviz.datasets import DatasetInfo
from embviz.features.features import LAYER
from embviz.projection.preprocess.steps import components_kept, scaling_of
from embviz.projection.specs import Columns, Directions, Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.view_state import ViewState
from embviz.ui.session import session
from embviz.ui.sidebar.features import DEPTH, OFFERED_LAYERS
from embviz.ui.sidebar.layout.preprocess import NO_SCALING
from embviz.ui.sidebar.number_field import written
from embviz.ui.state.restoring import Restored, restoring, wanted_of


def begin_controls(info: DatasetInfo) -> None:
    """Have the controls that are drawn next show the view to be restored, if that is of these data."""
    wanted = wanted_of(info)
    found = restoring()
    session().keep(Restored({} if wanted is None else control_values(wanted, info), found.is_new and found.is_bookmark))


def control_values(state: ViewState, info: DatasetInfo) -> Mapping[str, object]:
    """The value that each control shows for a state, by its key; without controls of other methods."""
    method = state.projection.method
    is_custom = isinstance(state.projection, Directions | Columns)
    values: dict[str, object] = {"method": "directions" if is_custom else method, "dims": state.projection.n_components}
    values |= {"custom-axes": method} if is_custom else {}
    if state.split:
        values[f"split-{info.name}"] = state.split
    for split in _splits_limited(state, info):
        values[f"limit-{info.name}-{split}"] = limit_text(state.limit, info.counts[split])
    if state.features:
        values |= {"features": state.features, f"features-{info.name}": state.features}
    if LAYER.fullmatch(state.features):
        values[DEPTH.key] = _depth(state.hidden_layers)
    if state.color is not None:
        by = state.color
        values["color-by"] = by if by.what == "score" else replace(by, kind=None)
        values[f"categories-{state.color.column}"] = state.color.kind == "categories"
    scaling = "column-scaling" if isinstance(state.projection, Columns) else "scaling"
    values[scaling] = scaling_of(state.projection.preprocess) or NO_SCALING
    return values | _spec_values(state.projection, info)


def _splits_limited(state: ViewState, info: DatasetInfo) -> Iterable[str]:
    """The splits whose number of items the state sets: the one it names, or all if it has only a number."""
    if state.split:
        return {state.split} & info.counts.keys()
    return () if state.limit is None else info.counts


def _depth(sizes: tuple[int, ...]) -> int | str:
    """Number of hidden layers of a classifier that is offered; of another one the units, which no control can show."""
    return OFFERED_LAYERS.index(sizes) + 1 if sizes in OFFERED_LAYERS else ",".join(map(str, sizes))


def limit_text(limit: int | None, n: int) -> str:
    """A number of items of `n` as the control shows it.

    Examples
    --------
    >>> limit_text(5000, 10_000), limit_text(None, 10_000)
    ('5,000', 'All 10,000')
    """
    return f"All {n:,}" if limit is None or limit >= n else written(limit)


def _spec_values(spec: ProjectionSpec, info: DatasetInfo) -> dict[str, object]:
    match spec:
        case Directions():
            axes = list(zip("xyz", spec.directions, strict=False))
            starts: dict[str, object] = {f"from-{axis}-{info.name}": direction.start.name for axis, direction in axes}
            return starts | {f"to-{axis}-{info.name}": direction.end.name for axis, direction in axes}
        case Columns():
            return {f"column-{axis}-{info.name}": title for axis, title in zip("xyz", spec.titles, strict=False)}
        case Pca():
            return {f"pc-{axis}": component for axis, component in zip("xyz", spec.axes, strict=False)}
        case Tsne():
            own: dict[str, object] = {
                "perplexity": int(spec.perplexity) if spec.perplexity.is_integer() else spec.perplexity,
                "iterations": spec.max_iter,
                "exaggeration": written(spec.early_exaggeration),
                "learning-rate": _text(spec.learning_rate),
            }
        case Umap():
            own = {
                "n-neighbors": spec.n_neighbors,
                "min-dist": spec.min_dist,
                "spread": written(spec.spread),
                "epochs": _text(spec.n_epochs),
            }
    strength = int(spec.label_strength) if spec.label_strength.is_integer() else spec.label_strength
    own |= {"supervised": spec.supervised, "label-strength": strength, "ignored-label": spec.ignored_label}
    reduces = components_kept(spec.preprocess) is not None
    shared = {"metric": spec.metric, "init": spec.init, "engine": spec.engine}
    own |= {f"{spec.method}-{name}": value for name, value in shared.items()}
    return own | {"seed": written(spec.seed), "preprocess": reduces, "preprocess-large": reduces}


def _text(number: float | None) -> str:
    return "" if number is None else written(number)
