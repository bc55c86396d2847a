"""The report on layouts: tables, targets, and how every number was measured."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from tests.bench.engines import ITERATIONS, TURN, WARM_ITEMS, WARM_STEPS
from tests.bench.layouts import COMPONENTS, FEW, JOBS, TRIES, US, LayoutReport, Measured
from tests.bench.quality import NEAREST, PERPLEXITY, SAMPLE

TOLERANCE = 0.005
"""Largest difference by which a share may be lower and still count as the same."""

SHARES = {"recall": f"{NEAREST}-NN recall", "trustworthiness": "trustworthiness", "label": "kNN-label"}
HELD = {"tsne": ("recall",), "umap": ("recall", "trustworthiness", "label")}
"""Shares that must not be lower than a rival's, by method; the divergence of t-SNE must not be higher, either."""

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Race:
    """A target: embviz is so many times as fast as a rival, at no lower quality."""

    job: str
    n: int
    rival: str
    times: float


@dataclass(frozen=True, slots=True)
class Bound:
    """A target: a measure of embviz is above or below a number."""

    job: str
    n: int
    sentence: str
    measure: str
    reached: Callable[[float], bool]
    text: Callable[[list[float]], str]


def _median(scale: float, form: str) -> Callable[[list[float]], str]:
    return lambda values: format(float(np.median(values)) * scale, form)


def _ranged(values: list[float]) -> str:
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return f"{middle:+.1%} (quartiles {low:+.1%} and {high:+.1%}, n = {len(values)})"


TARGETS: tuple[Race | Bound, ...] = (
    Race("tsne2", 10_000, "scikit-learn-intelex", 1.4),
    Race("tsne2", 10_000, "scikit-learn", 10),
    Race("tsne2", 70_000, "scikit-learn-intelex", 2),
    Race("tsne2", 70_000, "openTSNE", 8),
    Bound("tsne2", 70_000, "peak memory under 1.5 GiB", "peak", lambda b: b < 1.5 * GIB, _median(1 / GIB, ".2f")),
    Race("tsne3", 10_000, "scikit-learn", 8),
    Race("umap2", 10_000, "umap-learn", 6),
    Race("umap2", 70_000, "umap-learn", 5),
    *(
        Bound(job, 10_000, "under 1.5 s on top", "on_top", lambda s: s < 1.5, _median(1, ".2f"))
        for job in ("first-tsne", "first-umap")
    ),
    Bound("frames", 10_000, "at least 20 a second", "frames_per_second", lambda f: f >= 20, _median(1, ".1f")),
    Bound("frames", 70_000, "at least 8 a second", "frames_per_second", lambda f: f >= 8, _median(1, ".1f")),
    *(
        Bound(job, 70_000, "cancelled within 0.3 s", "silence", lambda s: s < 0.3, _median(1, ".2f"))
        for job in ("silence-tsne", "silence-umap")
    ),
    *(Bound("frames", n, "cost under 5 %", "cost", lambda share: share < 0.05, _ranged) for n in (10_000, 70_000)),
)


def markdown(report: LayoutReport, machine: str, repeats: int) -> str:
    """The whole report as Markdown."""
    sections = [f"## {title}: {n:,} items\n\n{_tables(report, n)}" for n, title in report.titles.items()]
    targets = "\n".join(_target(report, target) for target in TARGETS)
    parts = ["# Layout benchmark", machine, *sections, "## Targets", targets]
    return "\n\n".join([*parts, "## How it was measured", _method(repeats)])


def raw_json(report: LayoutReport, machine: str) -> str:
    """Every sample as JSON, for later comparison."""
    return json.dumps({"machine": machine} | asdict(report), indent=1)


def _tables(report: LayoutReport, n: int) -> str:
    here = [measured for measured in report.measured if measured.n == n]
    layouts = [_row(report, measured) for measured in here if JOBS[measured.job].kind == "layout"]
    head = ["layout", "by", "s (min – max)", "× embviz's time", "stolen", "KL", *SHARES.values(), "peak, MiB"]
    lines = ["\n".join([_line(head), _line(["---"] * 2 + ["--:"] * 8), *layouts])] if layouts else []
    lines += [_sentence(measured) for measured in here if JOBS[measured.job].kind != "layout"]
    return "\n\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(report: LayoutReport, measured: Measured) -> str:
    job = JOBS[measured.job]
    if measured.failure is not None:
        return _line([job.title, measured.engine, measured.failure, *["–"] * 7])
    seconds, ours = measured.samples["seconds"], _found(report, measured.job, measured.n, US)
    times = "1" if measured.engine == US else _number(measured.median("seconds") / ours.median("seconds"), 1)
    return _line(
        [
            job.title,
            measured.engine,
            f"{measured.median('seconds'):.2f} ({min(seconds):.2f} – {max(seconds):.2f})",
            times,
            _share(measured.median("stolen")),
            _number(measured.median("kl"), 3) if job.method == "tsne" else "–",
            *(_number(measured.median(share), 4) for share in SHARES),
            _number(measured.median("peak") / 2**20, 0),
        ]
    )


def _number(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}"


def _sentence(measured: Measured) -> str:
    job = JOBS[measured.job]
    title = job.title if measured.engine == US else f"{job.title}, {measured.engine}"
    if measured.failure is not None:
        return f"{title}: {measured.failure}"
    stolen = f"stolen: {_share(measured.median('stolen'))}"
    if job.kind == "first":
        return (
            f"{title}, in a new process: {measured.median('on_top'):.2f} s on top of "
            f"{measured.median('second'):.2f} s ({WARM_STEPS[job.method]} steps; {stolen})"
        )
    if job.kind == "silence":
        return f"{title}: {measured.median('silence'):.2f} s between two calls of progress ({stolen})"
    return (
        f"{title}: {measured.median('frames_per_second'):.1f} a second; "
        f"a layout takes {_ranged(measured.samples['cost'])} longer for them, "
        f"{measured.median('processor_cost'):+.1%} of processor time ({stolen})"
    )


def _found(report: LayoutReport, job: str, n: int, engine: str) -> Measured:
    """What was measured of an engine at a job; without samples if nothing was."""
    wanted = (job, n, engine)
    fitting = (measured for measured in report.measured if (measured.job, measured.n, measured.engine) == wanted)
    return next(fitting, Measured(job, n, engine))


def _target(report: LayoutReport, target: Race | Bound) -> str:
    what = f"{JOBS[target.job].title}, {target.n:,} items"
    ours = _found(report, target.job, target.n, US)
    theirs = _found(report, target.job, target.n, target.rival if isinstance(target, Race) else US)
    failure = ours.failure or theirs.failure
    if isinstance(target, Race):
        sentence = f"{what}, at least {target.times:g} × {target.rival} at no lower quality"
        value = theirs.median("seconds") / ours.median("seconds")
        said, held = _quality_held(ours, theirs)
        reached, text = value >= target.times and held, f"{value:.2f} ×; {said}"
    else:
        sentence, value = f"{what}, {target.sentence}", ours.median(target.measure)
        reached, text = target.reached(value), target.text(ours.samples.get(target.measure, [value]))
    mark, text = ("?", failure or "not measured") if failure or math.isnan(value) else ("✓" if reached else "✗", text)
    return f"- {mark} {sentence}: {text}"


def _quality_held(ours: Measured, theirs: Measured) -> tuple[str, bool]:
    """By how much the quality of embviz differs from a rival's, in words, and whether it is no lower."""
    method = JOBS[ours.job].method
    more = {measure: ours.median(measure) - theirs.median(measure) for measure in ("kl", *SHARES)}
    said = [f"KL {more['kl']:+.4f}"] if method == "tsne" else []
    said += [f"{SHARES[share]} {more[share]:+.4f}" for share in HELD[method]]
    held = all(more[share] >= -TOLERANCE for share in HELD[method]) and (method != "tsne" or more["kl"] <= 0)
    return ", ".join(said), held


def _method(repeats: int) -> str:
    return "\n".join(
        f"- {line}"
        for line in (
            f"repeats: {repeats}, medians; the engines take turns, one at a time, all processors theirs",
            f"input: the first {COMPONENTS} principal components of pixels / 255, float32, computed once",
            "every layout is made in a new process that has made a small one of the same kind before "
            f"(t-SNE {WARM_ITEMS['tsne']:,} items, UMAP {WARM_ITEMS['umap']:,}), so that everything is loaded and "
            "compiled; seconds are those of the call that turns the matrix into coordinates: nearest neighbors, "
            "affinities, start, and all iterations",
            f"t-SNE: perplexity {PERPLEXITY}, {ITERATIONS} iterations, the first 250 of them exaggerated, PCA start, "
            "each library's own defaults otherwise, and as many threads as there are processors",
            "UMAP: defaults, with a seed; umap-learn then uses one thread, as it does of itself when given a seed "
            "(`random_state=0, n_jobs=1`), and embviz all",
            f"**KL**: divergence of the layout from one and the same P for all of a size, made from exact neighbors "
            f"({3 * PERPLEXITY} each), with the exact sum over all pairs",
            f"**{NEAREST}-NN recall**: share of an item's {NEAREST} nearest in the input, exact, that are among its "
            f"{NEAREST} nearest in the layout; all items",
            f"**trustworthiness**: scikit-learn's, k = {NEAREST}, within one seeded sample of {SAMPLE:,} items",
            f"**kNN-label**: share of an item's {NEAREST} nearest in the layout that have its label; all items",
            "no lower quality: t-SNE's KL not above, its recall not lower by more than "
            f"{TOLERANCE}; UMAP's three shares not lower by more than {TOLERANCE}",
            "**stolen**: share of the processors' time that the host of a virtual machine kept while it was wanted, "
            f"as Linux counts it; with `--stolen` what it took more from is measured again, {TRIES} times at most, by "
            "the same rule for everyone, and the least disturbed counts",
            "**peak**: largest resident set of the process (VmHWM), imports and warming up included",
            f"**first layout**: the same short layout twice ({WARM_STEPS['tsne']} iterations of t-SNE, "
            f"{WARM_STEPS['umap']} epochs of UMAP) in a new process that has not touched numba, faiss or scipy; first "
            "minus second; kernels are on disk from an earlier process",
            "**frames**: frames that a `Steering` got, by the time from first to last iteration; cost: the time of "
            f"{TURN} iterations with a `Steering` by that of {TURN} without, less 1, of two layouts that take turns in "
            "one warm process; quartiles wider than the target mean that the machine was too busy to tell",
            "**silence**: longest time from one call of progress, where a layout can be cancelled, to the next, in a "
            "new process with kernels on disk, neighbors included",
            f"scikit-learn is left out above {FEW:,} items, where it takes very long, and openTSNE below",
        )
    )
