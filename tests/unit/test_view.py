"""What one page shows: made at once where that is cheap, else only when asked for, and shared between visitors."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import embviz.library
import embviz.view
from embviz.datasets import Given, Named, dataset_from_arrays, load_dataset, source_named
from embviz.errors import Cancelled, SpecError
from embviz.features import pixel_features
from embviz.features.features import Activations, Pixels
from embviz.jobs.job import Job
from embviz.jobs.turns import Turns
from embviz.library import Kind
from embviz.pipeline import projection_of
from embviz.projection.run import ended
from embviz.projection.run.steering import Steering
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.storage.store import Store
from embviz.view import ViewSpec, view_of
from tests.unit.frames import frame_after
from tests.unit.idx_files import write_split


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def digits(projection=Pca(), features=Pixels(), limit=None, split="test"):  # noqa: B008  # frozen values
    return ViewSpec(Named("digits"), split, limit, features, projection)


def test_pixels_by_pca_are_made_at_once(store):
    spec = digits(Pca(3), limit=50)
    view = view_of(spec, compute=False, store=store)
    dataset = load_dataset("digits", limit=50)
    assert view.spec == spec
    assert np.array_equal(view.dataset.images, dataset.images)
    assert np.array_equal(view.features.vectors, pixel_features(dataset).vectors)
    assert np.array_equal(view.projection.coords, projection_of(view.features, Pca(3), store=store).coords)
    for part in (view.features, view.projection):
        assert np.array_equal(part.ids, view.dataset.ids)


def test_t_sne_is_none_until_computed_and_a_view_once_stored(store):
    spec = digits(Tsne(perplexity=3.0, max_iter=251), limit=20)
    assert view_of(spec, compute=False, store=store) is None
    computed = view_of(spec, compute=True, store=store)
    stored = view_of(spec, compute=False, store=store)
    assert np.array_equal(stored.projection.coords, computed.projection.coords)
    assert view_of(digits(Tsne(perplexity=3.0, max_iter=251, seed=1), limit=20), compute=False, store=store) is None


def test_a_classifier_is_trained_only_when_asked_to_and_then_serves_all_layers(store):
    hidden, logits = Activations("hidden"), Activations("logits")
    assert view_of(digits(features=hidden), compute=False, store=store) is None
    assert view_of(digits(features=hidden), compute=True, store=store).features.test_accuracy > 0.9
    view = view_of(digits(features=logits, split="train", limit=30), compute=False, store=store)
    assert view.features.vectors.shape == (30, 10)


def test_data_and_features_are_shared_by_all_who_look_at_them(store):
    first = view_of(digits(Pca(2)), compute=False, store=store)
    second = view_of(digits(Pca(3)), compute=True, store=store)
    assert first.dataset is second.dataset
    assert first.features is second.features
    assert view_of(digits(limit=50), compute=False, store=store).features is not first.features


def test_layouts_are_shared_too_but_not_one_that_somebody_steered(store):
    first, second = (view_of(digits(), compute=False, store=store) for _ in range(2))
    assert first.projection is second.projection
    spec = digits(Tsne(perplexity=3.0, max_iter=251), limit=20)
    steering = Steering()
    steering.wish(more=1)
    steered = view_of(spec, compute=True, store=store, steering=steering)
    assert steered.projection.departure == "steered"
    assert view_of(spec, compute=False, store=store) is None
    whole = view_of(spec, compute=True, store=store)
    stored, again = (view_of(spec, compute=False, store=store) for _ in range(2))
    assert stored.projection is again.projection
    assert np.array_equal(stored.projection.coords, whole.projection.coords)


def test_what_nobody_looks_at_any_more_is_not_held(store, monkeypatch):
    for name in ("DATASETS", "FEATURES", "PROJECTIONS"):
        monkeypatch.setattr(embviz.library, name, Kind(0))
    view = view_of(digits(), compute=False, store=store)
    parts = [weakref.ref(part) for part in (view.dataset, view.features, view.projection)]
    assert view_of(digits(), compute=False, store=store).features is view.features, "somebody looks at it"
    del view
    gc.collect()
    assert [part() for part in parts] == [None, None, None]


@pytest.mark.parametrize("compute", [False, True])
@pytest.mark.parametrize(
    ("projection", "sentence"),
    [
        (Tsne(), "perplexity 30 needs at least 91 items, got 10; use perplexity <= 3 or more items"),
        (Umap(), "n_neighbors 15 needs at least 16 items, got 10; use n_neighbors <= 9 or more items"),
        (Pca(axes=(1, 11)), "10 items with vectors of 64 have 10 principal components"),
    ],
    ids=["t-SNE", "UMAP", "PCA"],
)
def test_what_does_not_fit_the_items_is_said_before_anyone_presses_run(store, projection, sentence, compute):
    with pytest.raises(SpecError, match=sentence):
        view_of(digits(projection, limit=10), compute=compute, store=store)


def test_what_does_not_fit_is_said_before_a_classifier_is_trained(store):
    for compute in (False, True):
        with pytest.raises(SpecError, match="perplexity 30 needs at least 91 items"):
            view_of(digits(Tsne(), features=Activations("hidden"), limit=20), compute=compute, store=store)
    assert view_of(digits(features=Activations("hidden"), limit=20), compute=False, store=store) is None


@pytest.mark.parametrize("stage", ["reading the data", "training the classifier", "neighbors", "affinities", "t-SNE"])
def test_a_cancelled_view_stops_at_any_stage_and_keeps_no_layout(store, stage):
    spec = digits(Tsne(perplexity=3.0, max_iter=251), features=Activations("hidden"), limit=20)

    def progress(said, done, total):
        if said == stage:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        view_of(spec, compute=True, store=store, progress=progress)
    assert view_of(spec, compute=False, store=store) is None


def test_a_view_computes_in_a_job(store):
    job = Job(lambda progress: view_of(digits(limit=20), compute=True, store=store, progress=progress))
    job.wait()
    assert len(job.result().dataset) == 20


def view_now(folder, store, features=Pixels(), compute=False):  # noqa: B008  # a frozen value
    """What the page shows of the test items of a folder, as its files are now."""
    spec = ViewSpec(source_named(folder), "test", None, features, Pca())
    return view_of(spec, compute=compute, store=store)


def write_noise(folder, prefix, n, seed, labels=None):
    rng = np.random.default_rng(seed)
    write_split(folder, prefix, rng.integers(0, 256, (n, 4, 4)), np.arange(n) % 2 if labels is None else labels)


def test_files_that_changed_are_read_again_and_others_are_not(store, tmp_path):
    write_noise(tmp_path, "t10k", 20, seed=0)
    first = view_now(tmp_path, store)
    assert view_now(tmp_path, store).dataset is first.dataset
    write_noise(tmp_path, "t10k", 20, seed=1)
    second = view_now(tmp_path, store)
    assert second.spec != first.spec
    assert np.array_equal(second.dataset.images, load_dataset(tmp_path).images)
    assert not np.array_equal(second.dataset.images, first.dataset.images)
    assert second.projection.items == second.dataset.items != first.dataset.items


def test_a_classifier_is_another_one_once_its_training_files_have_changed(store, tmp_path, monkeypatch):
    """The items on the page are the same, and so is their dataset."""
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)
    write_noise(tmp_path, "t10k", 20, seed=0)
    write_noise(tmp_path, "train", 60, seed=1)
    first = view_now(tmp_path, store, Activations("logits"), compute=True)
    assert view_now(tmp_path, store, Activations("logits")).features is first.features
    write_noise(tmp_path, "train", 60, seed=2)
    assert view_now(tmp_path, store, Activations("logits")) is None
    second = view_now(tmp_path, store, Activations("logits"), compute=True)
    assert second.dataset.fingerprint == first.dataset.fingerprint
    assert second.features.network != first.features.network


def test_arrays_are_shown_as_any_other_data(store):
    images = np.random.default_rng(0).integers(0, 256, (30, 4, 4))
    given = [Given(dataset_from_arrays(images=images, labels=np.arange(30) % 2, name="mine")) for _ in range(2)]
    views = [view_of(ViewSpec(each, "all", 20, Pixels(), Pca()), compute=False, store=store) for each in given]
    assert views[0].dataset is views[1].dataset and len(views[0].dataset) == 20
    assert np.array_equal(views[0].dataset.images, images[views[0].dataset.ids])
    other = Given(dataset_from_arrays(images=images[::-1].copy(), labels=np.arange(30) % 2, name="mine"))
    assert view_of(ViewSpec(other, "all", 20, Pixels(), Pca()), compute=False, store=store).dataset.items != (
        views[0].dataset.items
    )


def test_only_the_runs_that_ended_last_can_go_on_and_a_frame_of_each_stays(store, monkeypatch):
    monkeypatch.setattr(ended, "MOST_ITEMS", 50)
    monkeypatch.setattr(ended, "_ended", weakref.WeakKeyDictionary())
    specs = [digits(Tsne(perplexity=3.0, max_iter=251, seed=seed), limit=20) for seed in range(4)]
    runs = [Steering() for _ in specs]
    for spec, steering in zip(specs[:3], runs, strict=False):
        view_of(spec, compute=True, store=store, steering=steering)
    assert [steering.can_go_on for steering in runs[:3]] == [False, True, True]
    assert all(steering.frames for steering in runs[:3])
    runs[1].go_on(1)
    view_of(specs[1], compute=True, store=store, steering=runs[1])
    assert runs[1].newest.done == 252, "it went on where it had ended"
    view_of(specs[3], compute=True, store=store, steering=runs[3])
    assert [steering.can_go_on for steering in runs] == [False, True, False, True], "it ended later than the third"


class Visitor:
    """Somebody whose layout forms in a job."""

    def __init__(self, spec, store):
        self.forming = threading.Event()
        self.steering = Steering()
        how = {"store": store, "steering": self.steering, "on_forming": lambda forming: self.forming.set()}
        self.job = Job(lambda progress: view_of(spec, compute=True, progress=progress, **how))

    def waits(self):
        while not self.job.watch().stage.endswith("before you"):
            assert self.job.is_running
            time.sleep(0.01)


@pytest.fixture
def visitors(store, monkeypatch):
    """Makes visitors who want t-SNE that never ends by itself; one at a time is at work."""
    monkeypatch.setattr(embviz.view, "turns", Turns(1))
    everybody = []

    def come():
        seed = len(everybody)
        everybody.append(Visitor(digits(Tsne(perplexity=3.0, max_iter=10**6, seed=seed), limit=20), store))
        return everybody[-1]

    yield come
    for visitor in everybody:
        visitor.job.cancel()
    for visitor in everybody:
        visitor.job.wait(60)
        assert not visitor.job.is_running
    assert (embviz.view.turns.n_working, embviz.view.turns.n_waiting) == (0, 0)


def test_a_layout_waits_for_its_turn_and_what_is_there_already_does_not(visitors, store):
    view_of(digits(Umap(n_neighbors=3, n_epochs=5), limit=20), compute=True, store=store)
    first = visitors()
    assert first.forming.wait(60)
    second = visitors()
    second.waits()
    assert not second.forming.is_set()
    assert view_of(digits(limit=20), compute=False, store=store) is not None
    assert view_of(digits(Umap(n_neighbors=3, n_epochs=5), limit=20), compute=True, store=store) is not None
    first.job.cancel()
    assert second.forming.wait(60)


def test_a_layout_that_is_paused_lets_the_next_one_begin_and_goes_on_after_it(visitors):
    first = visitors()
    assert first.forming.wait(60)
    frame_after(first.steering, 0)
    second = visitors()
    second.waits()
    first.steering.pause()
    assert second.forming.wait(60)
    first.steering.resume()
    first.waits()
    assert first.steering.state == "waiting", "it is to go on, and does not yet"
    still = first.steering.newest
    second.job.cancel()
    frame_after(first.steering, still.serial)
    assert first.steering.state == "running"


def test_a_layout_that_waits_to_go_on_can_be_stopped(visitors):
    first = visitors()
    assert first.forming.wait(60)
    frame_after(first.steering, 0)
    second = visitors()
    second.waits()
    first.steering.pause()
    assert second.forming.wait(60)
    first.steering.resume()
    first.waits()
    first.steering.stop()
    first.job.wait(60)
    assert first.job.result().projection.departure == "steered"
    assert second.job.is_running
