"""The command `project --cluster`: lay out more items than one machine holds, partition by partition."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from embviz.cli.given import option_of, spec_given, usually_reduced
from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # imports numpy, which takes longer than `--help` may
    from embviz.distributed import DistributedLayout, MeasuredLayout

_OF_ONE_MACHINE = ("images", "metadata", "group", "tensor", "features", "hidden_layer_sizes", "split", "limit")
_OF_CLUSTERS = ("id", "landmarks")


def check_cluster_options(options: argparse.Namespace) -> None:
    """Refuse options that do not apply: cluster options without ``--cluster``, and one-machine options with it.

    Raises
    ------
    SpecError
        If such an option is given.
    """
    foreign = _OF_CLUSTERS if options.cluster is None else _OF_ONE_MACHINE
    given = [option_of(name) for name in foreign if getattr(options, name) is not None]
    if given and options.cluster is None:
        raise SpecError(f"{given[0]} needs a layout on a cluster; add --cluster local, or leave it out")
    if given:
        raise SpecError(f"a layout on a cluster does not take {given[0]}; leave it out")


def cluster_answer(options: argparse.Namespace) -> dict[str, Any]:
    """Lay out rows of parquet files on a cluster and write coordinates into a folder; returns the JSON answer."""
    from embviz.distributed import distributed_layout, table_size
    from embviz.projection.specs import LinearSpec, Pca

    if options.dataset is None or options.vectors is None:
        raise SpecError("a layout on a cluster needs files and their vectors: 'data/*.parquet' --vectors COLUMN")
    spec = spec_given(options)
    if spec is None or (isinstance(spec, LinearSpec) and not isinstance(spec, Pca)):
        raise SpecError(f"--method {options.method} works on one machine only; give --method pca, tsne or umap")
    if not isinstance(spec, Pca):
        spec = usually_reduced(options, spec, *table_size(options.dataset, options.vectors))
    more = {} if options.landmarks is None else {"landmarks": options.landmarks}
    summary = distributed_layout(
        options.dataset,
        spec,
        options.out,
        vectors=options.vectors,
        label=options.labels or "",
        id=options.id or "",
        cluster=options.cluster,
        progress=TerminalProgress(),
        **more,
    )
    return _answer(summary)


def cluster_text(answer: dict[str, Any]) -> str:
    """The answer as text: how many items were laid out and placed, how many files existed before, and the folder."""
    lines = [f"{answer['n']:,} items, {answer['title']}: {answer['out']}"]
    if answer["placed"]:
        lines[0] = (
            f"{answer['landmarks']:,} items laid out, {answer['title']}, and {answer['placed']:,} placed among them: "
            f"{answer['out']}"
        )
        share = answer["far"] / answer["placed"]
        lines.append(
            f"{answer['far']:,} placed items ({share:.1%}) are farther from their nearest laid-out item than 99 % of "
            "the laid-out items are from their nearest neighbor; about 1 % would be if they were like the laid-out "
            "items."
        )
    if answer["measured"]:
        lines += _measured_lines(answer["measured"])
    there = answer["partitions"] - answer["computed"]
    if there:
        lines.append(f"{there:,} of {answer['partitions']:,} partitions were there already.")
    return "\n".join(lines)


def _measured_lines(measured: dict[str, Any]) -> list[str]:
    """How many neighbors are kept, and the pair of classes that overlaps most."""
    k = measured["k"]
    lines = [
        f"Of the {k} landmarks nearest to an item in feature space, {measured['neighbor_recall']:.1%} are among the "
        f"{k} nearest in the layout ({measured['n']:,} items measured)."
    ]
    if measured["left_out"]:
        few = len(measured["left_out"])
        lines.append(f"{few:,} classes have fewer than {k + 2} landmarks and are left out of the overlaps.")
    if not measured["overlaps"]:
        return [*lines, f"No overlaps of classes: {measured['missing']}."]
    most = measured["overlaps"][0]
    names, (space, layout) = " and ".join(most["classes"]), (most[space] for space in ("features", "layout"))
    lines.append(
        f"{names} overlap most: {space['index']:.1%} of what thoroughly mixed classes would, 95 % confidence interval "
        f"{space['low']:.1%} to {space['high']:.1%}; in the layout {layout['index']:.1%}. Other pairs: _overlap.csv."
    )
    return lines


def _measured_answer(measured: "MeasuredLayout | None") -> dict[str, Any] | None:
    if measured is None:
        return None
    pairs = []
    for pair in measured.pairs:
        found: dict[str, Any] = {"classes": list(pair.names)}
        for space, overlap in (("features", pair.features), ("layout", pair.layout)):
            interval = overlap.index_interval
            found[space] = asdict(overlap) | {"index": overlap.index, "low": interval.low, "high": interval.high}
        pairs.append(found)
    said = {name: value for name, value in asdict(measured).items() if name != "pairs"}
    return said | {"overlaps": pairs}


def _answer(summary: "DistributedLayout") -> dict[str, Any]:
    from embviz.projection.titles import spec_title

    return {
        "n": summary.n,
        "width": summary.width,
        "method": summary.spec.method,
        "dims": summary.spec.n_components,
        "seed": summary.spec.seed,
        "title": spec_title(summary.spec),
        "landmarks": summary.landmarks,
        "placed": summary.placed,
        "far": summary.far,
        "partitions": summary.partitions,
        "computed": summary.computed,
        "explained_variance_ratio": list(summary.explained_variance_ratio),
        "measured": _measured_answer(summary.measured),
        "seconds": summary.seconds,
        "out": str(summary.out),
    }
