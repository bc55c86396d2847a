"""The command ``check-labels``: likely wrong labels, as JSON, as text and in a file."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.features import Features

MOST_GROUPS = 20
"""Largest number of suspicious groups in an answer."""
SHOWN = 10
"""Largest number of labels, and of groups, that are printed as text; the file and ``--json`` have all of the answer."""


def check_label_options(options: argparse.Namespace) -> None:
    """Refuse options that cannot work, before anything is computed."""
    from embviz.label_check.reasons import table_path

    if options.top < 1:
        raise SpecError(f"--top must be at least 1, got {options.top}")
    if options.out is not None:
        table_path(options.out)


def checked_labels(
    options: argparse.Namespace, dataset: "Dataset", features: "Features", progress: TerminalProgress
) -> dict[str, Any]:
    """The JSON answer: the labels that are most likely wrong, worst first, and the largest share that may be wrong."""
    from embviz.label_check import KINDS
    from embviz.label_check.reasons import doubts_of, write_doubts
    from embviz.pipeline import label_check_of, suspicious_groups
    from embviz.storage.store import default_store

    check = label_check_of(features, dataset, store=default_store(), progress=progress)
    doubts = doubts_of(check, dataset, check.worst_first[: options.top].tolist())
    out = None if options.out is None else str(write_doubts(options.out, doubts))
    wrong, names = check.wrong, dataset.class_names
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(check),
        "space": check.space,
        "group": wrong.group or None,
        "wrong_share": wrong.share,
        "standard_error": wrong.standard_error,
        "interval": None if wrong.interval is None else asdict(wrong.interval),
        "neighbor_disagreement": wrong.disagreement,
        "confident_learning": check.n_issues,
        "kinds": {name: int((check.kind == code).sum()) for code, name in enumerate(KINDS)},
        "labels": [asdict(doubt) for doubt in doubts],
        "groups": [
            {
                "group": found.group,
                "label": names[found.label],
                "looks_like": names[found.looks_like],
                "n": found.n_items,
                "suspects": found.n_suspects,
                "ids": [int(dataset.ids[row]) for row in found.rows],
            }
            for found in suspicious_groups(check, dataset, MOST_GROUPS)
        ],
        "out": out,
    }


def labels_text(answer: dict[str, Any]) -> str:
    """The answer as text: the share, the worst labels, and groups with many suspicious labels."""
    lines = [_share_text(answer)]
    counts = ", ".join(f"{count:,} {kind}" for kind, count in answer["kinds"].items() if count)
    lines.append(f"{answer['n']:,} labels: {counts}.")
    for doubt in answer["labels"][:SHOWN]:
        lines.append(f"id {doubt['id']}  {doubt['label']} → {doubt['suggested']}  {doubt['kind']}: {doubt['reason']}")
    for found in answer["groups"][:SHOWN]:
        lines.append(
            f"{answer['group'] or 'group'} {found['group']}: {found['suspects']} of {found['n']} labeled "
            f"{found['label']} look like {found['looks_like']}"
        )
    if answer["out"] is not None:
        lines.append(f"{len(answer['labels']):,} labels, worst first: {answer['out']}")
    return "\n".join(lines)


def _share_text(answer: dict[str, Any]) -> str:
    share, interval = f"{answer['wrong_share']:.2%}", answer["interval"]
    said = f"At most about {share} of the labels are wrong: that many contradict the {answer['space']} of their items"
    if interval is None:
        return f"{said}. There is no interval: there is too little to compare."
    ends = f"{interval['low']:.2%} to {interval['high']:.2%}"
    return f"{said}; 95 % confidence interval: {ends}, for {interval['covers']}."
