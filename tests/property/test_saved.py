"""A view that is written as text is the same view again, and no text makes anything but a view or a sentence."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from embviz.coloring import ColorBy
from embviz.coloring.choices import CHOICES
from embviz.errors import EmbvizError, InputError
from embviz.features.features import HIDDEN_LAYER_SIZES, MOST_HIDDEN_LAYERS, MOST_UNITS
from embviz.projection.columns.spec import COLUMN_SCALINGS, Columns
from embviz.projection.directions.spec import Direction, Directions, End
from embviz.projection.preprocess.steps import SCALINGS
from embviz.projection.specs import METRICS, STARTS, Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.camera import camera_in, check_camera
from embviz.saved.view_state import ViewState, is_short, view_state_from_text, view_state_text

DIMS = st.sampled_from((2, 3))
SEEDS = st.integers(0, 2**32 - 1)
NAMES = st.text(max_size=12)
SCALED = st.none() | st.sampled_from(SCALINGS)
NUMBERS = st.floats(1, 1000, allow_nan=False)
PCAS = DIMS.flatmap(
    lambda dims: st.builds(
        Pca,
        n_components=st.just(dims),
        axes=st.just(()) | st.lists(st.integers(1, 99), min_size=dims, max_size=dims, unique=True).map(tuple),
        preprocess=SCALED,
        seed=SEEDS,
    )
)
ENDS = st.builds(End, NAMES, st.just("class"))
DIRECTIONS = st.builds(
    Directions,
    st.lists(
        st.tuples(ENDS, ENDS).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: Direction(*ends)),
        min_size=2,
        max_size=3,
    ).map(tuple),
    SCALED,
    SEEDS,
)
COLUMNS = st.builds(
    Columns,
    st.lists(NAMES | st.integers(1, 999), min_size=2, max_size=3, unique=True).map(tuple),
    st.none() | st.sampled_from(COLUMN_SCALINGS),
    SEEDS,
)
SHARED = {
    "n_components": DIMS,
    "metric": st.sampled_from(METRICS),
    "init": st.sampled_from(STARTS),
    "preprocess": st.sampled_from((None, "pca-50", "unit", "center+unit+pca-50")),
    "seed": SEEDS,
}
SUPERVISED = st.fixed_dictionaries(
    {"supervised": st.just(True)},
    optional={"label_strength": st.floats(1, 100), "ignored_label": NAMES | st.just("none")},
)
TSNES = st.builds(
    Tsne,
    perplexity=st.floats(2, 500),
    early_exaggeration=NUMBERS,
    learning_rate=st.none() | st.floats(1e-3, 1e6),
    max_iter=st.integers(251, 10**6),
    engine=st.sampled_from(("embviz", "reference")),
    **SHARED,
)
UMAPS = st.builds(
    Umap,
    n_neighbors=st.integers(2, 500),
    min_dist=st.floats(0, 1),
    spread=NUMBERS,
    n_epochs=st.none() | st.integers(1, 5000),
    **SHARED,
)
SHAPED = st.builds(lambda spec, fields: replace(spec, engine="embviz", **fields), TSNES | UMAPS, SUPERVISED)
KINDS = st.sampled_from((None, "categories", "values"))
ALONE = [what for what in CHOICES if what not in ("column", "score")]
COLORS = st.builds(ColorBy, st.sampled_from(ALONE)) | st.builds(ColorBy, st.just("column"), NAMES, KINDS)


ID_SETS = st.lists(st.integers(0, 300), max_size=80, unique=True).map(sorted).map(tuple)
HIDDEN_LAYERS = st.just(HIDDEN_LAYER_SIZES) | st.lists(
    st.integers(1, MOST_UNITS), min_size=1, max_size=MOST_HIDDEN_LAYERS
).map(tuple)
PLACES = st.floats(-1e6, 1e6, allow_nan=False)


def cameras(dims: int) -> st.SearchStrategy:
    """Places to look from in so many dimensions, and none."""
    if dims == 3:
        numbers = st.lists(PLACES, min_size=9, max_size=9)
    else:
        axis = st.lists(PLACES, min_size=2, max_size=2, unique=True).map(sorted)
        numbers = st.tuples(axis, axis).map(lambda axes: [*axes[0], *axes[1]])
    return st.just(()) | numbers.map(tuple).filter(lambda camera: can_look_from(camera, dims))


def can_look_from(camera: tuple[float, ...], dims: int) -> bool:
    try:
        check_camera(camera, dims)
    except InputError:
        return False
    return True


def states(projections: st.SearchStrategy) -> st.SearchStrategy:
    return projections.flatmap(states_of)


def states_of(projection: ProjectionSpec) -> st.SearchStrategy:
    return st.builds(
        ViewState,
        projection=st.just(projection),
        data=NAMES,
        split=NAMES,
        limit=st.none() | st.integers(1, 10**9),
        features=NAMES,
        hidden_layers=HIDDEN_LAYERS,
        color=st.none() | COLORS,
        pair=st.none() | st.lists(NAMES, min_size=2, max_size=2, unique=True).map(tuple),
        tab=NAMES,
        pinned=st.none() | st.integers(0, 10**9),
        selected=ID_SETS,
        alone=ID_SETS,
        isolated=ID_SETS,
        label=st.sampled_from(("class", "prediction", "id")) | NAMES.map("column:{}".format),
        camera=cameras(projection.n_components),
    )


@settings(max_examples=300)
@given(states(PCAS | TSNES | UMAPS | SHAPED | DIRECTIONS | COLUMNS))
def test_a_view_written_as_text_is_the_same_view_again(state: ViewState) -> None:
    text = view_state_text(state)
    assert text.isascii() and not set(text) & set(" #?<>\"'\\\n")
    assert view_state_from_text(text) == state


def test_addresses_from_before_there_were_label_strengths_mean_what_they_did() -> None:
    old = "method=umap&dims=2&supervised=yes&seed=0"
    state = ViewState(Umap(supervised=True))
    assert view_state_from_text(old) == state and view_state_text(state) == old
    assert view_state_text(ViewState(Tsne())) == "method=tsne&dims=2&seed=0"


def test_addresses_from_before_there_were_deeper_classifiers_mean_what_they_did() -> None:
    old = "features=logits&method=pca&dims=2&seed=0"
    assert view_state_text(ViewState(Pca(), features="logits")) == old
    state = view_state_from_text(old)
    assert state is not None and state.hidden_layers == HIDDEN_LAYER_SIZES
    deep = replace(state, hidden_layers=(200, 100))
    assert view_state_text(deep) == old.replace("logits", "logits&hidden=200,100")
    assert deep.layout != state.layout, "a camera is not of the same points in both"


@settings(max_examples=100)
@given(states(PCAS | TSNES | UMAPS | SHAPED | COLUMNS), st.integers(0, 60))
def test_ids_that_are_too_many_are_left_out_and_nothing_else(state: ViewState, most: int) -> None:
    again = view_state_from_text(view_state_text(state, most))
    assert again is not None
    assert replace(again, selected=state.selected, alone=state.alone, isolated=state.isolated) == state
    assert again.selected in ((), state.selected)
    both = (state.alone, state.isolated)
    assert (again.alone, again.isolated) in (((), ()), both), "one of the two alone is another view"
    assert (again == state) == is_short(state, most)


@given(st.lists(st.floats() | st.just(0.0), max_size=10).map(tuple), DIMS)
def test_only_numbers_that_are_a_camera_are_read_as_one(numbers: tuple[float, ...], dims: int) -> None:
    text = "_".join(map(str, numbers))
    assert camera_in(text, dims) == (numbers if can_look_from(numbers, dims) else ())


PARTS = st.sampled_from(
    [
        "data",
        "split",
        "items",
        "features",
        "hidden",
        "method",
        "axis",
        "from",
        "to",
        "dims",
        "perplexity",
        "seed",
        "axes",
        "neighbors",
        "epochs",
        "supervised",
        "strength",
        "ignored",
        "preprocess",
        "color",
        "column",
        "as",
        "pair",
        "tab",
        "pinned",
        "selected",
        "alone",
        "isolated",
        "label",
        "camera",
        "embed",
    ]
)
METHODS = ("tsne", "umap", "pca", "columns", "directions")
AXES = ("column:x", "feature:1", "feature:²", "all")
VALUES = st.text(max_size=12) | st.sampled_from(
    (
        *METHODS,
        *AXES,
        "1e999",
        "-1",
        "0-9",
        "0_1_0_1",
        "1_0_0_0_0_0_0_0_1",
        "9-0",
        "none",
        "1,1",
        "200",
        "200,0",
        "٣",
    )
)


QUERIES = st.lists(st.tuples(PARTS, VALUES), max_size=6).map(lambda parts: "&".join(map("=".join, parts)))


@settings(max_examples=400)
@given(
    st.text(max_size=60) | st.lists(st.tuples(PARTS, VALUES), max_size=6).map(lambda all: "&".join(map("=".join, all)))
)
def test_any_text_is_a_view_or_refused_in_one_sentence(text: str) -> None:
    try:
        state = view_state_from_text(text)
    except EmbvizError as error:
        assert "\n" not in str(error) and len(str(error)) < 400
    else:
        if state is not None:
            assert view_state_from_text(view_state_text(state)) == state
