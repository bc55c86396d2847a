"""Durations: the next run of the same kind is expected to take as long as the last one, scaled to its size."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embviz.jobs.durations import FOLDER, PARTS, Work, expected_plan, keep_durations, part_of
from embviz.jobs.pace import Passed, Plan, Step
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store
from embviz.ui.waiting.stages import PLAIN

RAN = Passed(
    (
        Step("starting", 9.0),
        Step("training the classifier", 30.0),
        Step("neighbor index", 4.0),
        Step("recall", 1.0),
        Step("neighbors", 5.0),
        Step("compiling kernels", 60.0),
        Step("affinities", 0.5),
        Step("t-SNE", 2.0),
        Step("t-SNE paused", 100.0),
    ),
    Step("t-SNE", 6.0),
)
WORK = Work(Tsne(), 10_000, 784, PARTS, "mnist")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_what_was_measured_is_expected_next_without_what_comes_only_once(store: Store) -> None:
    keep_durations(WORK, RAN, store)
    plan = expected_plan(WORK, store)
    assert plan.is_measured
    stages = [step.stage for step in plan.steps]
    assert stages == ["training the classifier", "neighbor index", "recall", "neighbors", "affinities", "t-SNE"]
    assert plan.seconds == pytest.approx(48.5)
    assert plan.steps[-1].seconds == pytest.approx(8.0)


def test_parts_that_are_there_already_are_not_waited_for(store: Store) -> None:
    keep_durations(WORK, RAN, store)
    assert expected_plan(replace(WORK, parts=("layout",)), store).seconds == pytest.approx(8.5)
    assert expected_plan(replace(WORK, parts=()), store) == Plan(is_measured=True)


def test_a_run_of_about_the_size_is_scaled_and_one_of_another_size_is_not_known(store: Store) -> None:
    keep_durations(WORK, RAN, store)
    layout = replace(WORK, parts=("layout",))
    assert expected_plan(replace(layout, n_items=12_000), store).seconds == pytest.approx(1.2 * 8.5)
    assert expected_plan(replace(layout, projection=Tsne(max_iter=1500)), store).seconds == pytest.approx(17.0)
    for other in (
        replace(layout, n_items=70_000),
        replace(layout, projection=Umap()),
        replace(layout, projection=Tsne(n_components=3)),
        replace(layout, projection=Tsne(engine="reference")),
        replace(layout, n_features=200),
    ):
        plan = expected_plan(other, store)
        assert plan.seconds > 0 and not plan.is_measured


def test_a_plan_is_measured_only_if_all_its_parts_are(store: Store) -> None:
    keep_durations(replace(WORK, parts=("layout",)), RAN, store)
    assert not expected_plan(WORK, store).is_measured


@pytest.mark.parametrize(
    "damaged",
    [
        Artifact({"seconds": np.array([-1.0])}, {"stages": "t-SNE"}),
        Artifact({"seconds": np.array([np.nan])}, {"stages": "t-SNE"}),
        Artifact({"seconds": np.array([1.0, 2.0])}, {"stages": "t-SNE"}),
        Artifact({"seconds": np.array(["a"])}, {"stages": "t-SNE"}),
        Artifact({}, {}),
    ],
    ids=["negative", "not a number", "too many", "text", "nothing"],
)
def test_what_the_store_holds_is_looked_at_before_it_is_believed(store: Store, damaged: Artifact) -> None:
    layout = replace(WORK, parts=("layout",))
    keep_durations(layout, RAN, store)
    assert store.root is not None
    (path,) = (store.root / FOLDER).iterdir()
    store.save(FOLDER, path.name.partition(".")[0], damaged)
    assert not expected_plan(layout, store).is_measured


@pytest.mark.parametrize("spec", [Pca(), Tsne(), Umap(), Umap(init="pca"), Tsne(n_components=3)])
@pytest.mark.parametrize("n_items", [1, 3, 1797, 10_000, 70_000])
def test_every_work_has_a_plan_of_stages_that_belong_to_it_and_have_plain_words(
    spec: ProjectionSpec, n_items: int
) -> None:
    plan = expected_plan(Work(spec, n_items, 784, PARTS, "mnist"), Store(None))
    assert plan.seconds > 0 and not plan.is_measured
    assert {part_of(step.stage) for step in plan.steps} == set(PARTS)
    assert {step.stage for step in plan.steps} <= set(PLAIN)
