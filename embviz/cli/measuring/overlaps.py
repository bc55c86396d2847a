"""The command ``overlap``: the overlap of two classes or of all pairs, with intervals, as JSON and as text."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it imports numpy, which takes longer than `--help` may
    from embviz.bounds import ErrorBounds
    from embviz.overlap import Overlap, OverlapMatrix


def overlap_answer(found: "Overlap", classes: list[str]) -> dict[str, Any]:
    """The JSON answer on two classes with these names: their overlap, and its intervals or the reason for none."""
    return {
        "n": found.n,
        "space": found.space,
        "classes": classes,
        "k": found.k,
        "rate": found.rate,
        "chance": found.chance,
        "index": found.index,
        "group": found.spread.group or None,
        "other_groups_only": found.others_chance is not None,
        "standard_error": found.spread.rate_error,
        "interval": None if found.interval is None else asdict(found.interval),
        "index_interval": None if found.index_interval is None else asdict(found.index_interval),
        "no_interval": found.spread.missing or None,
        "rate_at_most": found.rate_at_most,
        "index_at_most": found.index_at_most,
    }


def bounds_answer(bounds: "ErrorBounds | None") -> dict[str, Any]:
    """Bounds of the Bayes error, N2 and local set cardinality, by name; all None if `bounds` is None."""
    names = ("nearest_neighbor", "henze_penrose", "n2", "local_set_cardinality")
    return {name: None if bounds is None else asdict(getattr(bounds, name)) for name in names}


def table_answer(matrix: "OverlapMatrix", names: list[str]) -> dict[str, Any]:
    """The JSON answer on all pairs of classes: the most overlapping pair first, pairs without an overlap last."""
    ranks = matrix.ranks
    pairs = [(a, b) for a in range(len(names)) for b in range(a + 1, len(names))]
    reasons = {pair: reason for pair in pairs if (reason := matrix.missing(*pair, names))}
    there = sorted((pair for pair in pairs if pair not in reasons), key=lambda pair: -matrix.index[pair])
    named = {pair: [names[code] for code in pair] for pair in pairs}
    answers = []
    for pair in there:
        low, high = (None, None) if ranks is None else ranks.between(*pair)
        same = None if ranks is None else [named[other] for other in ranks.not_told_from(*pair)]
        answer = overlap_answer(matrix.pair(*pair), named[pair])
        answers.append(answer | {"rank": {"low": low, "high": high}, "not_told_from": same})
    return {
        "n": int(matrix.n_per_class.sum()),
        "space": matrix.space,
        "k": matrix.k,
        "recall": matrix.recall,
        "group": matrix.spreads.group or None,
        "pairs": answers,
        "missing": [{"classes": named[pair], "reason": reason} for pair, reason in reasons.items()],
    }


def overlap_text(answer: dict[str, Any]) -> str:
    """The answer as text: for two classes the index, its rate and how to read it; for all classes a line per pair."""
    if "pairs" in answer:
        return _table_text(answer)
    a, b = answer["classes"]
    return (
        f"{a} and {b} in {answer['space']}: overlap index {_share(answer, 'index')} "
        f"(rate {_share(answer, 'rate')}, chance {answer['chance']:.2%}, k {answer['k']}, {answer['n']:,} items)\n"
        f"{_interval_text(answer)}\n"
        "0 %: the classes never meet. 100 %: thoroughly mixed."
        f"{_bounds_text(answer)}"
    )


def _bounds_text(answer: dict[str, Any]) -> str:
    """Lower and upper bound of the Bayes error, the error that no classifier can avoid, by each of two estimates."""
    nearest, tree = answer["nearest_neighbor"], answer["henze_penrose"]
    if nearest is None:
        return ""
    most = nearest["error_at_most"]
    ends = f"{nearest['low']:.2%} to {nearest['high']:.2%}" if most is None else f"at most {most:.2%}"
    return (
        f"\nThe error that no classifier can avoid in {answer['space']}: {ends} by nearest neighbors, "
        f"{tree['low']:.2%} to {tree['high']:.2%} by the spanning tree."
    )


def _share(answer: dict[str, Any], name: str) -> str:
    """A share in percent; its upper bound if no neighbor is of the other class, because the share need not be 0."""
    most = answer[f"{name}_at_most"]
    return f"{answer[name]:.2%}" if most is None else f"at most {most:.2%}"


def _interval_text(answer: dict[str, Any]) -> str:
    """The confidence interval in words, or why there is none."""
    counted = (
        "" if answer["rate_at_most"] is None else "No neighbor is of the other class, so the rate is at most 3 / n. "
    )
    interval = answer["index_interval"]
    if interval is None:
        return f"{counted}There is no interval: {answer['no_interval']}."
    ends, covers = _ends(interval), interval["covers"]
    return f"{counted}95 % confidence interval: {ends}, for {covers}."


def _table_text(answer: dict[str, Any]) -> str:
    """A line for each pair, with its interval and its rank."""
    lines = [f"Overlap index of every two classes in {answer['space']} (k {answer['k']}, {answer['n']:,} items)"]
    for rank, each in enumerate(answer["pairs"], start=1):
        a, b = each["classes"]
        interval, between = each["index_interval"], each["rank"]
        others = f"no interval: {each['no_interval']}" if interval is None else _ends(interval)
        place = "" if between["low"] is None else f", rank {rank} (between {between['low']} and {between['high']})"
        lines.append(f"{a} and {b}: {_share(each, 'index')} ({others}{place})")
    lines += [f"{a} and {b}: none, {reason}" for (a, b), reason in map(dict.values, answer["missing"])]
    lines.append("In parentheses: the 95 % confidence interval, and the ranks that are possible.")
    return "\n".join(lines)


def _ends(interval: dict[str, Any]) -> str:
    return f"{interval['low']:.2%} to {interval['high']:.2%}"
