"""A layout while it forms: what is asked for happens at the next frame, and frames stay what they were."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled, InputError, SpecError
from embviz.features.vectors import vector_features
from embviz.neighbors import neighbor_graph
from embviz.projection import Tsne, Umap, neighbors_needed, project
from embviz.projection.run import forming as module
from embviz.projection.run.forming import form_layout, start_layout, step_layout
from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import PLANNED
from embviz.projection.start import starting_layout
from embviz.projection.tsne.tsne import kl_divergence, start_tsne
from embviz.projection.umap.umap import start_umap
from tests.unit.compass import compass_of

DIGITS = load_digits().data.astype(np.float32)
TSNE, UMAP = Tsne(perplexity=10, max_iter=300), Umap(n_epochs=200)
ENOUGH = 20.0
"""Seconds nothing here takes."""

BOTH = pytest.mark.parametrize("spec", [TSNE, UMAP], ids=["t-SNE", "UMAP"])
THREE = Tsne(n_components=3, perplexity=10, max_iter=300)


def started(spec, n=200, start=None):
    graph = neighbor_graph(DIGITS[:n], neighbors_needed(spec, n), ties="even")
    if start is None:
        start = starting_layout(spec.init, compass_of(DIGITS[:n], spec.n_components), graph, 0)
    return start_layout(graph, spec, start)


class Run:
    """A layout that forms in another thread, held up before every frame until it is let go."""

    def __init__(self, spec):
        self.layout, self.steering, self.stages = started(spec), Steering(), []
        self._free = threading.Semaphore(0)
        self._waits = threading.Event()
        self._thread = threading.Thread(target=self._form, daemon=True)
        self._thread.start()
        assert self._waits.wait(ENOUGH)

    def _form(self):
        form_layout(self.layout, self.steering, progress=self._progress)
        self._waits.set()

    def _progress(self, stage, done, total):
        self.stages.append((stage, done, total))
        self._waits.set()
        assert self._free.acquire(timeout=ENOUGH)

    def go_on(self):
        """Until progress is called again, or the run ends."""
        self._waits.clear()
        self._free.release()
        assert self._waits.wait(ENOUGH)

    def finish(self):
        self._free.release(10**6)
        self._thread.join(ENOUGH)
        assert not self._thread.is_alive()


@BOTH
def test_steering_that_asks_for_nothing_changes_nothing(spec):
    watched, alone, stepped = started(spec), started(spec), started(spec)
    steering = Steering()
    form_layout(watched, steering)
    form_layout(alone)
    step_layout(stepped, stepped.state.total)
    for layout in (watched, alone):
        assert layout.state.done == layout.state.total == stepped.state.total
        np.testing.assert_array_equal(layout.coords, stepped.coords)
    assert not steering.was_steered
    np.testing.assert_array_equal(steering.newest.coords, stepped.coords)


@BOTH
def test_every_frame_is_shown_in_the_order_of_the_items_and_never_written_to_again(spec, monkeypatch):
    monkeypatch.setattr(module, "MOST_STEPS", 1)
    layout, steering, seen = started(spec), Steering(), []
    show = steering.show
    steering.show = lambda coords, *said: (seen.append((coords, coords.copy())), show(coords, *said))
    form_layout(layout, steering)
    assert len(seen) == steering.newest.serial == layout.state.total
    assert [frame.done for frame in steering.frames] == list(range(1, layout.state.total + 1))
    assert all(np.array_equal(coords, copy) for coords, copy in seen)
    assert len({id(coords) for coords, _ in seen}) == len(seen)
    by_part = started(spec)
    step_layout(by_part, 100)
    width = np.ptp(by_part.coords, axis=0).max()
    np.testing.assert_allclose(steering.frames[99].coords, by_part.coords, atol=1e-5 * width)


@pytest.mark.parametrize("spec", [TSNE, THREE, UMAP], ids=["t-SNE", "t-SNE in 3-D", "UMAP"])
def test_items_stay_in_their_order_whatever_the_optimizer_makes_of_it(spec):
    start = np.random.default_rng(0).normal(size=(200, spec.n_components)).astype(np.float32)
    layout = started(spec, start=start)
    assert sorted(layout.rows.tolist()) == list(range(200)) and layout.rows.tolist() != list(range(200))
    centered, shown = start - start.mean(axis=0), layout.coords - layout.coords.mean(axis=0)
    np.testing.assert_allclose(shown / shown.std(axis=0), centered / centered.std(axis=0), atol=1e-4)
    shown[:] = np.nan
    assert np.isfinite(layout.coords).all(), "what is shown is a copy"


def test_labels_follow_their_items():
    start = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    labels = np.arange(200) % 3
    graph, spec = neighbor_graph(DIGITS[:200], 14), Umap(supervised=True)
    ordered = start_layout(graph, spec, start, labels=labels).state.edges
    given = start_umap(graph, spec, start, labels).edges
    np.testing.assert_allclose(np.sort(ordered.weights), np.sort(given.weights), rtol=1e-5)
    graph, spec = neighbor_graph(DIGITS[:200], 30), Tsne(perplexity=10, supervised=True)
    ordered = start_layout(graph, spec, start, labels=labels).state.joint
    given = start_tsne(graph, spec, start, labels).joint
    np.testing.assert_allclose(np.sort(ordered.weights), np.sort(given.weights), rtol=1e-4)


def test_labels_shape_a_layout_if_its_spec_says_so_and_must_then_be_there():
    graph = neighbor_graph(DIGITS[:200], 14)
    start = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    labels = np.arange(200) % 3
    ignored = start_layout(graph, Umap(), start, labels=labels).state.edges
    np.testing.assert_array_equal(ignored.weights, start_layout(graph, Umap(), start).state.edges.weights)
    with pytest.raises(SpecError, match="supervised UMAP needs labels; give labels"):
        start_layout(graph, Umap(supervised=True), start)
    with pytest.raises(InputError, match="labels"):
        start_layout(graph, Umap(supervised=True), start, labels=labels[:-1])


def test_a_graph_of_too_few_neighbors_says_how_many_are_needed():
    start = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    with pytest.raises(SpecError, match="t-SNE needs 90 euclidean neighbors of each of 200 items, got 14"):
        start_layout(neighbor_graph(DIGITS[:200], 14), Tsne(), start)


@BOTH
def test_progress_that_raises_stops_within_one_frame(spec):
    layout, calls = started(spec), []

    def stop(stage, done, total):
        calls.append(done)
        if len(calls) == 3:
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        form_layout(layout, Steering(), progress=stop)
    assert layout.state.done == calls[-1] < layout.state.total and len(calls) == 3
    assert calls[-1] <= 1 + module.MOST_STEPS


@BOTH
def test_a_pause_stands_still_reports_itself_and_goes_on_where_it_was(spec):
    run = Run(spec)
    run.go_on()
    run.steering.pause()
    before = run.layout.coords
    for _ in range(3):
        run.go_on()
    np.testing.assert_array_equal(run.layout.coords, before)
    assert [stage.endswith("paused") for stage, _, _ in run.stages] == [False, False, True, True, True]
    run.steering.resume()
    run.finish()
    stepped = started(spec)
    step_layout(stepped, stepped.state.total)
    np.testing.assert_array_equal(run.layout.coords, stepped.coords)


@BOTH
@pytest.mark.parametrize("wish", [{"learning_rate": 3.0}, {"more": 10}, {"perturbations": 1}])
def test_a_wish_while_paused_is_granted_and_shown_and_nothing_else_moves(spec, wish):
    run = Run(spec)
    run.go_on()
    run.steering.pause()
    run.go_on()
    before, done, serial = run.layout.coords, run.layout.state.done, run.steering.newest.serial
    run.steering.wish(**wish)
    run.go_on()
    assert run.layout.state.done == done and run.steering.newest.serial == serial + 1
    moved = not np.array_equal(run.layout.coords, before)
    assert moved == ("perturbations" in wish)
    np.testing.assert_array_equal(run.steering.newest.coords, run.layout.coords)
    run.steering.stop()
    run.finish()


@BOTH
@pytest.mark.parametrize("is_paused", [False, True])
def test_a_stop_is_content_with_the_layout_as_it_is(spec, is_paused):
    run = Run(spec)
    run.go_on()
    if is_paused:
        run.steering.pause()
    run.steering.stop()
    done = run.layout.state.done
    run.finish()
    assert run.layout.state.done == done < run.layout.state.total and run.steering.was_steered
    np.testing.assert_array_equal(run.layout.coords, run.steering.newest.coords)


@BOTH
def test_more_iterations_are_done_when_asked_for_even_at_the_end(spec):
    planned, steering = started(spec).state.total, Steering()
    layout = started(spec)

    def ask_at_the_end(stage, done, total):
        if done == planned == total:
            steering.wish(more=40)

    form_layout(layout, steering, progress=ask_at_the_end)
    assert layout.state.done == layout.state.total == planned + 40
    assert (steering.newest.done, steering.newest.total) == (planned + 40, planned + 40)


@BOTH
@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_run_that_has_ended_goes_on_where_it_stood(spec, is_stopped):
    features = vector_features(dataset_from_arrays(vectors=DIGITS[:200]))
    steering, at = Steering(), 120 if is_stopped else np.inf

    def stop_early(stage, done, total):
        if done >= at:
            steering.stop()

    first = project(features, spec, steering=steering, progress=stop_early)
    steering.end()
    frames = len(steering.frames)
    steering.go_on(more=40)
    again = project(features, spec, steering=steering)
    planned = started(spec).state.total
    assert (first.iterations < planned) == is_stopped and again.iterations == planned + 40
    assert again.seconds > first.seconds and len(steering.frames) > frames
    alone = started(spec)
    step_layout(alone, first.iterations)
    alone.state.total += 40
    step_layout(alone, again.iterations - first.iterations)
    np.testing.assert_array_equal(steering.newest.coords, alone.coords)


def test_frames_tell_the_divergence_of_the_last_iteration_that_fifty_divides():
    layout, steering = started(TSNE), Steering()
    step_layout(layout, 250)
    expected = kl_divergence(layout.state)
    form_layout(layout, steering)
    assert (steering.newest.done, steering.newest.divergence) == (300, expected)
    form_layout(started(UMAP), umap := Steering())
    assert umap.newest.divergence is None


@BOTH
def test_wishes_reach_the_optimizer_once(spec):
    run = Run(spec)
    run.steering.wish(learning_rate=7.0, perturbations=2, more=5)
    if spec is TSNE:
        run.steering.wish(exaggeration=3.0)
    planned = run.layout.state.total
    for _ in range(2):
        run.go_on()
    state = run.layout.state
    assert (state.learning_rate, state.shaken, state.total) == (7.0, 2, planned + 5)
    assert spec is UMAP or state.exaggeration == 3.0
    run.finish()


@BOTH
def test_what_was_planned_can_be_asked_for_again(spec):
    run = Run(spec)
    planned = run.layout.state.learning_rate
    factor = {"exaggeration": 3.0} if spec is TSNE else {}
    run.steering.wish(learning_rate=7.0, **factor)
    run.go_on()
    run.steering.wish(learning_rate=PLANNED, **dict.fromkeys(factor, PLANNED))
    run.go_on()
    assert run.layout.state.learning_rate == planned
    assert spec is UMAP or run.layout.state.exaggeration is None
    run.finish()


@BOTH
def test_a_run_is_over_when_its_plan_is_done_and_not_before(spec):
    layout, steering = started(spec), Steering()
    form_layout(layout, steering)
    assert steering.state == "ended"
    steering.wish(more=40, perturbations=1)
    steering.stop()
    assert not steering.was_steered, "it came too late"
    steering.go_on(more=10)
    form_layout(layout, steering)
    assert (layout.state.done, layout.state.shaken) == (started(spec).state.total + 10, 0)


@BOTH
def test_a_pause_is_no_time_spent_on_the_layout(spec):
    features = vector_features(dataset_from_arrays(vectors=DIGITS[:200]))
    steering, asleep = Steering(), []

    def pause_once(stage, done, total):
        if stage.endswith("paused"):
            time.sleep(0.3)
            asleep.append(0.3)
            steering.resume()
        elif done > 0 and not asleep:
            steering.pause()

    began = time.perf_counter()
    made = project(features, spec, steering=steering, progress=pause_once)
    assert asleep and steering.waited_seconds >= sum(asleep)
    assert made.seconds <= time.perf_counter() - began - sum(asleep)


def test_exaggeration_asked_for_holds_beyond_the_early_iterations_and_tightens_the_layout():
    loose, tight, steering = started(TSNE), started(TSNE), Steering()
    steering.wish(exaggeration=4.0)
    form_layout(loose)
    form_layout(tight, steering)
    assert tight.state.exaggeration == 4.0
    assert np.ptp(tight.coords) < np.ptp(loose.coords) / 2


def test_a_learning_rate_asked_for_that_is_far_too_large_is_refused_by_name():
    layout, steering = started(TSNE, n=1100), Steering()
    steering.wish(learning_rate=1e6)
    with pytest.raises(SpecError, match=r"diverged after \d+ iterations with learning rate 1e\+06"):
        form_layout(layout, steering)


@pytest.mark.parametrize(("step", "frame"), [(0.001, 0.0), (0.001, 0.002), (0.025, 0.003), (0.03, 0.5), (2.0, 0.1)])
def test_frames_come_often_but_take_a_small_share_of_the_time(step, frame, monkeypatch):
    now, paces = 0.0, []

    def stepped(layout, n, watch):
        nonlocal now
        now += n * step
        paces.append(n * step)
        layout.state.done += n

    def shown(layout, steering):
        nonlocal now
        now += frame

    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now))
    monkeypatch.setattr(module, "step_layout", stepped)
    monkeypatch.setattr(module, "_show", shown)
    form_layout(started(Tsne(perplexity=10, max_iter=2000)), Steering())
    steady, rounding, most = paces[1:-1], 1.01 * step, module.MOST_SECONDS
    assert all(pace > module.FRAME_SECONDS - rounding for pace in steady)
    assert all(pace < max(most, rounding) + rounding for pace in steady)
    assert all(frame <= module.FRAME_SHARE * (pace + rounding) or pace > most - rounding for pace in steady)


def test_no_frame_takes_longer_than_it_should_to_answer():
    layout, dones = started(UMAP), []
    form_layout(layout, progress=lambda stage, done, total: dones.append(done))
    steps = np.diff(dones)
    assert dones[0] == 0 and dones[-1] == layout.state.total
    assert steps[0] == 1 and steps.max() <= module.MOST_STEPS


def test_umap_refuses_another_exaggeration_instead_of_ignoring_it():
    steering = Steering()
    steering.wish(exaggeration=4.0)
    with pytest.raises(SpecError, match="UMAP has no exaggeration; leave it as it is"):
        form_layout(started(UMAP), steering)
    run = Run(UMAP)
    with pytest.raises(SpecError, match="UMAP has no exaggeration"):
        run.steering.wish(exaggeration=4.0)
    run.finish()
    assert not run.steering.was_steered
