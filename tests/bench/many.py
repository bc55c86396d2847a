"""Tables of what a million items take on one machine: neighbors, UMAP and t-SNE beside the libraries, and growth."""

import subprocess
import sys
from json import loads
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from tests.bench.clusters import Size
from tests.bench.deformed import write_deformed
from tests.bench.engines import Answer
from tests.bench.layouts import ROOT, Say
from tests.bench.million import MOST_COMPARED, MillionRequest

FOLDER = Path(gettempdir()) / "deformed-digits"
"""Where the digits are kept from one run to the next, 200 MB for a million; not embviz-…, which embviz clears up."""

HALVINGS = 4
"""Growth is measured from a sixteenth of the items on."""


def neighbors_table(size: Size, say: Say) -> str:
    """Neighbors of all items: 15 and 90, by every library."""
    lines = [
        f"## Neighbors of {size.items:,} deformed digits × 50",
        "",
        "| k | by | s | processor s | peak | recall | said | stolen |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for k in (15, 90):
        for engine in ("embviz", "faiss HNSW", "pynndescent"):
            answer = _measured("neighbors", engine, size.items, size.items, say, k)
            lines.append(
                f"| {k} | {engine} | {_took(answer)} | {_share(answer, 'recall')} | {_share(answer, 'said')} | "
            )
            lines[-1] += f"{_stolen(answer)} |"
    return "\n".join(lines)


def umap_table(size: Size, say: Say) -> str:
    """UMAP of all items by embviz, whole from the file on, and of a part of them beside umap-learn."""
    return _layout_table("umap", "UMAP 2-D", "umap-learn", size, say)


def tsne_table(size: Size, say: Say) -> str:
    """t-SNE of all items by embviz, whole from the file on, and of a part of them beside openTSNE."""
    return _layout_table("tsne", "t-SNE 2-D, 750 iterations", "openTSNE", size, say)


def growth_table(size: Size, say: Say) -> str:
    """UMAP, whole, of a sixteenth of the items to all of them, and the exponent by which processor seconds grow."""
    sizes = [size.items // 2**halving for halving in range(HALVINGS, -1, -1)]
    answers = [_measured("umap", "embviz", n, size.items, say) for n in sizes]
    names = [name for name in answers[-1] if name.startswith("stage ")]
    rows = {"all": [answer["processor"][0] for answer in answers]}
    rows |= {name.removeprefix("stage "): [answer.get(name, [0, 0])[1] for answer in answers] for name in names}
    lines = [
        "## Growth of UMAP, whole, processor seconds",
        "",
        f"| stage | {' | '.join(f'{n:,}' for n in sizes)} | exponent |",
        f"|---|{'--:|' * (len(sizes) + 1)}",
    ]
    for name, seconds in rows.items():
        lines.append(f"| {name} | {' | '.join(f'{each:.1f}' for each in seconds)} | {_exponent(sizes, seconds)} |")
    peaks = [answer["peak"][0] / 1e9 if "peak" in answer else float("nan") for answer in answers]
    lines.append(f"| peak, GB | {' | '.join(f'{peak:.2f}' for peak in peaks)} | |")
    return "\n".join(lines)


def _layout_table(method: str, title: str, rival: str, size: Size, say: Say) -> str:
    fewer = min(size.items, MOST_COMPARED)
    lines = [
        f"## {title} of deformed digits × 50",
        "",
        "| items | by | s | processor s | peak | kNN-label | KL | longest silence, s | stolen |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    stages: Answer = {}
    for n, engine in ((fewer, rival), (fewer, "embviz"), (size.items, "embviz")):
        answer = stages = _measured(method, engine, n, size.items, say)
        kl, silence = (f"{answer[name][0]:.2f}" if name in answer else "" for name in ("kl", "silence"))
        label, stolen = _share(answer, "label"), _stolen(answer)
        lines.append(f"| {n:,} | {engine} | {_took(answer)} | {label} | {kl} | {silence} | {stolen} |")
    lines += ["", f"Stages of the {size.items:,}:", "", "| stage | s | processor s |", "|---|--:|--:|"]
    said = {name.removeprefix("stage "): took for name, took in stages.items() if name.startswith("stage ")}
    lines += [f"| {name} | {wall:.1f} | {processor:.1f} |" for name, (wall, processor) in said.items()]
    return "\n".join(lines)


def _measured(kind: str, engine: str, n: int, of: int, say: Say, k: int = 0) -> Answer:
    say(f"{kind} of {n:,}, {engine}")
    vectors, labels = write_deformed(of, FOLDER / str(of))
    request = MillionRequest(kind, engine, str(vectors), str(labels), n, k).as_json()
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.million", request]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode != 0:
        complaint = ran.stderr.strip().splitlines() or ["no word"]
        raise SystemExit(f"{request} failed with exit code {ran.returncode}: {complaint[-1]}")
    answer: Answer = loads(ran.stdout.splitlines()[-1])
    say(f"  {answer}")
    return answer


def _exponent(sizes: list[int], seconds: list[float]) -> str:
    """The power of the number of items by which seconds grow, by least squares of logarithms; empty if some are 0."""
    if min(seconds) < 0.05:
        return ""
    return f"{np.polyfit(np.log(sizes), np.log(seconds), 1)[0]:.2f}"


def _took(answer: Answer) -> str:
    peak = f"{answer['peak'][0] / 1e9:.2f} GB" if "peak" in answer else ""
    return f"{answer['seconds'][0]:.1f} | {answer['processor'][0]:.1f} | {peak}"


def _share(answer: Answer, name: str) -> str:
    return f"{answer[name][0]:.3f}" if name in answer else ""


def _stolen(answer: Answer) -> str:
    return f"{answer['stolen'][0]:.0%}"
