"""Two classes of a view compared layer by layer, and along the axis between them: computed once for all visitors."""

from embviz.features.features import classifier_of
from embviz.findings.pairs import pair_turns
from embviz.layers import LayerLens, PairAxis
from embviz.library import Kind, library_of
from embviz.pipeline import class_separation_of, layer_specs, lens_of_spaces, pair_axis_of
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store
from embviz.view import Forming, View, features_in_turn

LENSES = Kind[LayerLens](2**22, "class overlap")
AXES = Kind[PairAxis](2**22, "pair axis")


def lens_of(
    view: View | Forming,
    pair: tuple[int, int],
    k: int,
    *,
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> LayerLens:
    """The comparison of two classes in each feature space of a view; layers are those of the view's classifier.

    A classifier that has to be trained waits in the queue of layouts, everything else in the queue `pair_turns`.
    `k` and `others_only` are those of `pair_findings_of`.

    Raises
    ------
    InputError
        If the classifier cannot be trained, or as `pair_findings_of`.
    Cancelled
        If `progress` raised it.
    """
    dataset, specs = view.dataset, layer_specs(view.dataset, classifier_of(view.spec.features))

    def found() -> LayerLens:
        spaces = []
        for spec in specs:
            features = features_in_turn(view, spec.name, store=store, progress=progress)
            with pair_turns.turn(progress):
                spaces.append(
                    class_separation_of(
                        features, dataset, pair, k, others_only=others_only, store=store, progress=progress
                    )
                )
        return lens_of_spaces(spaces, dataset)

    key = (view.spec.source, dataset.fingerprint, specs, pair, k, others_only)
    return library_of(store).shared(LENSES, key, found, progress)


def axis_of(view: View | Forming, pair: tuple[int, int], *, store: Store, progress: Progress = no_progress) -> PairAxis:
    """The axis between two classes in the features of a view, taken from memory or the store if it is there.

    Raises
    ------
    SpecError
        As `pair_axis`.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features

    def found() -> PairAxis:
        with pair_turns.turn(progress):
            return pair_axis_of(features, dataset, pair, store=store, progress=progress)

    key = (dataset.fingerprint, features.fingerprint, pair)
    return library_of(store).shared(AXES, key, found, progress)
