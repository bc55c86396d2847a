"""The commands ``faithfulness``, ``ladder`` and ``stability``: measures of how far a layout can be trusted.

A ladder has up to three rungs, at each of which the overlap of two classes is measured: the features, the weighted
edges of the neighbor graph of t-SNE or UMAP, and the layout.
"""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from embviz.cli.axes import axes_spec
from embviz.cli.given import dataset_given, features_given, layout_given, pair_given, spec_given
from embviz.cli.terminal import TerminalProgress

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.faithfulness import Step
    from embviz.features import Features
    from embviz.projection.projection import Projection

Answer = dict[str, Any]
Shown = tuple["Dataset", "Features", "Projection"]


def faithfulness(options: argparse.Namespace) -> Answer:
    """Measure how well each item keeps its neighbors from feature space in a layout."""
    from embviz.pipeline import faithfulness_of
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset, features, layout = _shown(options, progress)
    found = faithfulness_of(features, layout, dataset, options.k, store=default_store(), progress=progress)
    return _said_of(dataset, features, layout) | {
        "k": found.k,
        "means": found.means,
        "hubness": {"largest": int(found.hubness.max()), "skewness": found.hubness_skewness},
        "singularity": None if found.singularity is None else _quartiles(found.singularity),
        "arrangement": found.arrangement and asdict(found.arrangement) | {"sentence": found.arrangement.sentence},
        "recall": found.recall,
        "n_ranked": found.n_ranked,
        "out": _written(options, dataset, layout, found.columns),
    }


def ladder(options: argparse.Namespace) -> Answer:
    """Measure the overlap of two classes in the features, in the neighbor graph of a layout and in the layout."""
    from embviz.faithfulness import verdict
    from embviz.pipeline import ladder_of
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset, features, layout = _shown(options, progress)
    found = ladder_of(
        features, layout, dataset, pair_given(options, dataset), options.k, store=default_store(), progress=progress
    )
    errors = found.index_errors or [None] * len(found.rungs)
    rungs = zip(found.rungs, found.indices, errors, found.intervals, strict=True)
    return _said_of(dataset, features, layout) | {
        "classes": options.classes,
        "k": found.k,
        "n_pair": sum(found.n_per_class),
        "group": found.group or None,
        "rungs": [
            {"name": name, "index": index, "standard_error": error, "interval": interval and asdict(interval)}
            for name, index, error, interval in rungs
        ],
        "steps": [
            {"from": before, "to": after} | _change(step)
            for before, after, step in zip(found.rungs, found.rungs[1:], found.steps, strict=False)
        ],
        "whole": _change(found.whole),
        "no_interval": found.missing or None,
        "no_edges": found.no_edges or None,
        "sentence": verdict(found, layout.spec),
    }


def stability(options: argparse.Namespace) -> Answer:
    """Measure how well items keep their neighbors when a layout is computed with other seeds."""
    from embviz.pipeline import stability_of
    from embviz.stability import verdict
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset, features, layout = _shown(options, progress)
    found = stability_of(
        features,
        layout.spec,
        dataset,
        options.k,
        n_seeds=options.seeds,
        store=default_store(),
        progress=progress,
    )
    return _said_of(dataset, features, layout) | {
        "k": found.k,
        "seeds": list(found.seeds),
        "mean": found.mean,
        "n_moving": found.n_moving,
        "sentence": verdict(found, layout.spec),
        "out": _written(options, dataset, layout, {"stability": found.kept}),
    }


def _shown(options: argparse.Namespace, progress: TerminalProgress) -> Shown:
    """Dataset, features and layout that the options ask for; invalid ``--classes`` are refused before the layout."""
    from embviz.export.scores import scores_path
    from embviz.projection.admission import admission

    if getattr(options, "out", None) is not None:
        scores_path(options.out)  # refuses what cannot work before anything is computed
    asked = spec_given(options)
    dataset = dataset_given(options, progress)
    spec = asked or axes_spec(options, dataset)
    if "classes" in options:
        pair_given(options, dataset)
    admission(spec, len(dataset), labels=dataset)
    (features,) = features_given(options, dataset, [options.features], progress)
    return dataset, features, layout_given(options, spec, dataset, features, progress)


def _said_of(dataset: "Dataset", features: "Features", layout: "Projection") -> Answer:
    from embviz.projection.titles import projection_title

    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "space": features.name,
        "title": projection_title(layout),
    }


def _quartiles(values: Any) -> Answer:
    import numpy as np

    return dict(
        zip(("lower_quartile", "median", "upper_quartile"), np.percentile(values, (25, 50, 75)).tolist(), strict=True)
    )


def _change(step: "Step") -> Answer:
    return {"change": step.after - step.before, "interval": step.interval and asdict(step.interval)}


def _written(
    options: argparse.Namespace, dataset: "Dataset", layout: "Projection", columns: dict[str, Any]
) -> str | None:
    from embviz.export.scores import write_scores

    return None if options.out is None else str(write_scores(options.out, dataset, layout, columns))


def faithfulness_text(answer: Answer) -> str:
    """The answer as text: the mean of each measure over all items."""
    means = answer["means"]
    lines = [
        f"{answer['n']:,} items, {answer['space']}, {answer['title']}, k {answer['k']}",
        f"neighbors kept {means['neighbor_recall']:.1%}, {means['corrected_recall']:.1%} above chance",
        f"trustworthiness {means['trustworthiness']:.4f}, continuity {means['continuity']:.4f}",
    ]
    if "class_trustworthiness" in means:
        aware = means["class_trustworthiness"], means["class_continuity"]
        lines.append("by class: trustworthiness {:.4f}, continuity {:.4f}".format(*aware))
    hubs = answer["hubness"]
    lines.append(f"the largest hub is a neighbor of {hubs['largest']:,} items (skewness {hubs['skewness']:.1f})")
    if answer["singularity"]:
        middle, upper = answer["singularity"]["median"], answer["singularity"]["upper_quartile"]
        lines.append(f"singularity score, log10: median {middle:.2f}, upper quartile {upper:.2f}")
    if answer["arrangement"]:
        angles = answer["arrangement"]
        lines.append(
            f"{angles['sentence']} Class angular distortion {angles['distortion']:.4f}, by chance "
            f"{angles['by_chance']:.4f}"
        )
    if answer["n_ranked"] < answer["n"]:
        lines.append(f"ranks were counted among {answer['n_ranked']:,} items drawn at random")
    return "\n".join(lines + ([answer["out"]] if answer["out"] else []))


def ladder_text(answer: Answer) -> str:
    """The answer as text: one line per rung of the ladder, and the conclusion."""
    a, b = answer["classes"]
    lines = [f"{a} and {b}, {answer['n_pair']:,} items, {answer['space']}, {answer['title']}, k {answer['k']}"]
    for rung in answer["rungs"]:
        interval = rung["interval"]
        said = f" ({interval['low']:.1%} to {interval['high']:.1%})" if interval else ""
        lines.append(f"{rung['name']:9} overlap index {rung['index']:.1%}{said}")
    if answer["no_edges"]:
        lines.append(f"The edges are left out: {answer['no_edges']}.")
    return "\n".join([*lines, answer["sentence"]])


def stability_text(answer: Answer) -> str:
    """The answer as text: one sentence, and the file with each item's score."""
    lines = [f"{answer['n']:,} items, {answer['space']}, {answer['title']}, k {answer['k']}", answer["sentence"]]
    return "\n".join(lines + ([answer["out"]] if answer["out"] else []))
