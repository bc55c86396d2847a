"""The commands ``layers`` and ``axis``: two classes compared layer by layer, and along the line between them."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from embviz.cli.given import dataset_given, feature_specs_given, features_given, pair_given
from embviz.cli.terminal import TerminalProgress

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.layers import Accuracy, LayerStep, Separation
    from embviz.overlap import Interval


def layers(options: argparse.Namespace) -> dict[str, Any]:
    """Compare how far two classes are apart in each feature space, from pixels to logits."""
    from embviz.features.features import HIDDEN_LAYER_SIZES
    from embviz.layers.wording import parting_said
    from embviz.pipeline import layer_lens_of, layer_specs
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    pair = pair_given(options, dataset)
    if options.features:
        specs = tuple(feature_specs_given(options, dict.fromkeys(options.features)))
    else:
        specs = layer_specs(dataset, tuple(options.hidden_layer_sizes or HIDDEN_LAYER_SIZES))
    lens = layer_lens_of(dataset, pair, options.k, specs, store=default_store(), progress=progress)
    a, b = options.classes
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": lens.spaces[0].overlap.n,
        "classes": [a, b],
        "k": options.k,
        "group": dataset.group or None,
        "spaces": [_space_answer(each) for each in lens.spaces],
        "steps": [_step_answer(each) for each in lens.steps],
        "apart_in": lens.parting.after if lens.parting else None,
        "classifier_has_seen_them": lens.is_seen,
        "said": parting_said(lens, (a, b)),
    }


def axis(options: argparse.Namespace) -> dict[str, Any]:
    """List the items of two classes that lie on the other class's side of the straight line between them."""
    from embviz.pipeline import pair_axis_of
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    pair = pair_given(options, dataset)
    (features,) = features_given(options, dataset, [options.features], progress)
    found = pair_axis_of(features, dataset, pair, store=default_store(), progress=progress)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(found.rows),
        "space": found.space,
        "classes": options.classes,
        "group": dataset.group or None,
        **_accuracy_answer(found.accuracy),
        "crossing_ids": dataset.ids[found.crossing].tolist(),
    }


def _space_answer(found: "Separation") -> dict[str, Any]:
    overlap = found.overlap
    assert overlap.spread is not None, "it was measured with its spread"
    return {
        "space": found.space,
        "index": overlap.index,
        "index_interval": _interval_answer(overlap.index_interval),
        "no_interval": overlap.spread.missing or None,
        "neighbors": _accuracy_answer(found.neighbors),
        "probe": _accuracy_answer(found.probe),
    }


def _accuracy_answer(found: "Accuracy") -> dict[str, Any]:
    return {
        "accuracy": found.value,
        "interval": _interval_answer(found.interval),
        "no_interval": found.spread.missing or None,
    }


def _step_answer(step: "LayerStep") -> dict[str, Any]:
    interval = _interval_answer(step.interval)
    return {"before": step.before, "after": step.after, "change": step.change, "interval": interval}


def _interval_answer(interval: "Interval | None") -> dict[str, Any] | None:
    return None if interval is None else asdict(interval)


def layers_text(answer: dict[str, Any]) -> str:
    """The answer as text: the conclusion, and a line of numbers for each feature space."""
    rows = [("", "overlap", "neighbors right", "plane right")]
    for space in answer["spaces"]:
        index = _with_interval(space["index"], space["index_interval"])
        neighbors, plane = (
            _with_interval(space[judge]["accuracy"], space[judge]["interval"]) for judge in ("neighbors", "probe")
        )
        rows.append((space["space"], index, neighbors, plane))
    first, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [answer["said"], ""]
    for name, *cells in rows:
        told = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
        lines.append("  ".join([name.ljust(first), *told]))
    others = f", from other {answer['group']}s" if answer["group"] else ""
    said = f"Overlap of mixed, k {answer['k']}, {answer['n']:,} items"
    lines += ["", f"{said}; 95 % confidence intervals for the mean over samples of this size{others}."]
    if answer["classifier_has_seen_them"]:
        lines.append("The classifier was trained on some of these items: new ones would be less far apart.")
    return "\n".join(lines)


def axis_text(answer: dict[str, Any]) -> str:
    """The answer as text: how many items lie on the other class's side, and their ids."""
    a, b = answer["classes"]
    share, ids = _with_interval(answer["accuracy"], answer["interval"]), answer["crossing_ids"]
    said = f"{a} and {b} in {answer['space']}: {len(ids):,} of {answer['n']:,} items lie on the other class's side "
    listed = f"\nids, furthest first: {', '.join(map(str, ids))}" if ids else ""
    return f"{said}(held-out accuracy {share}){listed}"


def _with_interval(share: float | None, interval: dict[str, Any] | None) -> str:
    if share is None:
        return "-"
    return f"{share:.1%}" + (f" [{interval['low']:.1%}, {interval['high']:.1%}]" if interval else "")
