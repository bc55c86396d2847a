"""The overlap of two classes as ``overlap`` prints it, with its interval."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it imports numpy, which takes longer than `--help` may
    from embviz.overlap import Overlap


def overlap_answer(found: "Overlap", classes: list[str]) -> dict[str, Any]:
    """The numbers of an overlap of classes with these names, and its intervals or why there are none."""
    spread = found.spread
    assert spread is not None, "a pair is measured with its spread"
    return {
        "n": found.n,
        "space": found.space,
        "classes": classes,
        "k": found.k,
        "rate": found.rate,
        "chance": found.chance,
        "index": found.index,
        "group": spread.group or None,
        "other_groups_only": found.others_chance is not None,
        "standard_error": spread.rate_error,
        "interval": None if found.interval is None else asdict(found.interval),
        "index_interval": None if found.index_interval is None else asdict(found.index_interval),
        "no_interval": spread.missing or None,
    }


def overlap_text(answer: dict[str, Any]) -> str:
    """The index, what it is made of, and how to read it."""
    a, b = answer["classes"]
    return (
        f"{a} and {b} in {answer['space']}: overlap index {answer['index']:.2%} "
        f"(rate {answer['rate']:.2%}, chance {answer['chance']:.2%}, k {answer['k']}, {answer['n']:,} items)\n"
        f"{_interval_text(answer)}\n"
        "0 %: the classes never meet. 100 %: thoroughly mixed."
    )


def _interval_text(answer: dict[str, Any]) -> str:
    """What other samples would show, or why that is not known."""
    interval = answer["index_interval"]
    if interval is None:
        return f"There is no interval: {answer['no_interval']}."
    others = "Another" + interval["covers"].removeprefix("another") + ("," if answer["group"] else "")
    return f"{others} would show {interval['low']:.2%} to {interval['high']:.2%} (95 % interval)."
