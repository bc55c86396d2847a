"""The command `project --cluster`: lay out more items than one machine holds, partition by partition."""

import argparse
from typing import TYPE_CHECKING, Any

from embviz.cli.given import option_of, spec_given, usually_reduced
from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # imports numpy, which takes longer than `--help` may
    from embviz.distributed import DistributedLayout

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
    there = answer["partitions"] - answer["computed"]
    if there:
        lines.append(f"{there:,} of {answer['partitions']:,} partitions were there already.")
    return "\n".join(lines)


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
        "seconds": summary.seconds,
        "out": str(summary.out),
    }
