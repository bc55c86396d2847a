"""The report on pages: tables, targets, and how every number was measured."""

import json
import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tests.bench.gestures import GESTURE_SECONDS, JUMPS, MOVES_PER_SECOND
from tests.bench.page import Column, PageReport, Section
from tests.bench.visits import VIEWPORT


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the measure, its name in the report, how its values are written, how it was measured."""

    measure: str
    label: str
    text: Callable[[list[float]], str]
    how: str


def _median(scale: float, digits: int) -> Callable[[list[float]], str]:
    return lambda values: f"{np.median(values) * scale:.{digits}f}"


def _latency(values: list[float]) -> str:
    return f"{np.median(values):.0f} / {np.percentile(values, 90):.0f} (n = {len(values)})"


ROWS = (
    Row(
        "open",
        "open: plot painted, hover answers, s",
        _median(1e-3, 2),
        "navigation start until the plot is painted and answers which item is where, plus two animation frames; new "
        "browser process and empty profile each time; the server has shown the same data before (embviz has its "
        "layouts in the store and opens on t-SNE of at most 10,000, Plotly gets coordinates, TensorBoard computes "
        "its PCA in the browser); what follows is measured on PCA of all items",
    ),
    Row("complete", "… every image in the browser, s", _median(1e-3, 2), "until a tooltip would show any item's image"),
    Row("reload", "reload, s", _median(1e-3, 2), "as `open`, the same page once more in the same browser"),
    Row("change", "2-D → 3-D, s", _median(1e-3, 2), "click on the control until painted, plus two animation frames"),
    Row("bytes", "transferred, MB", _median(1e-6, 1), "on the wire, web sockets included, until nothing comes for 1 s"),
    Row("heap", "JavaScript objects, MB", _median(1e-6, 0), "in use after collecting garbage, before any gesture"),
    Row("arrays", "array buffers, MB", _median(1e-6, 0), "backing stores of typed arrays, at the same moment"),
    Row(
        "orbit_frames",
        "orbit, animation frames/s",
        _median(1, 1),
        "requestAnimationFrame callbacks while dragging in circles, until the last event was handled",
    ),
    Row("orbit_draws", "… own draws/s", _median(1, 1), "calls of the page's own drawing function meanwhile"),
    Row(
        "jump",
        "hover after a jump, ms",
        _latency,
        f"median / 90th percentile over {JUMPS} moves per repeat from the plot's corner into its middle: "
        "pointermove.timeStamp until the item is shown. embviz: tooltip with the image drawn and placed; TensorBoard: "
        "its own render() returned, no image; Plotly: plotly_hover, no image",
    ),
    Row(
        "sweep",
        "hover while sweeping, ms",
        _latency,
        "the same each time another item is shown while the pointer wanders over the middle half of the plot; moves "
        "wait for the next animation frame, which is part of it; moves that a busy page drops do not count",
    ),
    Row("sweep_rate", "… items shown/s", _median(1, 1), "how often another item was shown meanwhile; at most 60"),
)


def markdown(report: PageReport, machine: str, repeats: int) -> str:
    """The whole report as Markdown."""
    parts = [
        "# Page benchmark",
        machine,
        *map(_table, report.sections),
        "## Targets",
        _targets(report),
        "## How it was measured",
        _method(report, repeats),
    ]
    return "\n\n".join(parts)


def raw_json(report: PageReport, machine: str) -> str:
    """Every sample as JSON, for later comparison."""
    return json.dumps({"machine": machine} | asdict(report), indent=1, default=sorted)


def machine_lines(chromium: str, load: tuple[float, float]) -> str:
    """Time, commit, machine, browser and versions in four lines; `load` is the machine's load before and after."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, cwd=Path(__file__).parent).stdout.strip()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    versions = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "plotly", "tensorboard", "playwright"))
    return "  \n".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}",
            f"{os.cpu_count()} × {_cpu()}, {system}; load {load[0]:.1f} before, {load[1]:.1f} after",
            chromium,
            versions,
        ]
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _table(section: Section) -> str:
    lines = [["", *(column.title for column in section.columns)], ["---"] + ["--:"] * len(section.columns)]
    lines += [[row.label, *(_cell(column, row) for column in section.columns)] for row in ROWS]
    lines.append(["canvas, CSS px (drawn px)", *map(_canvas, section.columns)])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    errors = [f"- {column.title}: {error}" for column in section.columns for error in sorted(column.errors)]
    return "\n\n".join([f"## {section.title}", table, *(["Uncaught errors:", *errors] if errors else [])])


def _cell(column: Column, row: Row) -> str:
    if row.measure in column.failures:
        return column.failures[row.measure]
    values = column.samples.get(row.measure)
    if values:
        return row.text(values)
    return "no item shown" if values == [] else "–"


def _canvas(column: Column) -> str:
    box = column.canvas
    return "–" if box is None else f"{box.width:.0f} × {box.height:.0f} ({box.pixels[0]} × {box.pixels[1]})"


def _targets(report: PageReport) -> str:
    columns = {column.title: column for section in report.sections if section.n == 10_000 for column in section.columns}

    def median(title: str, measure: str) -> float:
        values = columns[title].samples.get(measure) if title in columns else None
        return float(np.median(values)) if values else float("nan")

    hover = median("embviz 3-D", "sweep")
    ratio = median("embviz 3-D", "orbit_frames") / median("Plotly scatter3d", "orbit_frames")
    reload = median("embviz 2-D", "reload") / 1000
    start = float(np.median(report.start_seconds))
    return "\n".join(
        [
            _target("hover while sweeping, 10,000 items in 3-D, under 30 ms", hover, f"{hover:.0f} ms", hover < 30),
            _target("orbit, 10,000 items, at least 5 × plain Plotly", ratio, f"{ratio:.1f} ×", ratio >= 5),
            _target("reload, 10,000 items, within 4 s", reload, f"{reload:.2f} s", reload <= 4),
            _target("`streamlit run` on digits to painted, within 8 s", start, f"{start:.2f} s", start <= 8),
        ]
    )


def _target(sentence: str, value: float, text: str, reached: bool) -> str:
    mark, said = ("?", "not measured") if np.isnan(value) else ("✓" if reached else "✗", text)
    return f"- {mark} {sentence}: {said}"


def _method(report: PageReport, repeats: int) -> str:
    columns = [column for section in report.sections for column in section.columns]
    slowest = min((rate for column in columns for rate in column.samples.get("sent", [])), default=0)
    lines = [
        f"repeats: {repeats}; medians over them, latencies pooled; one page at a time",
        f"window {VIEWPORT['width']} × {VIEWPORT['height']}, device pixel ratio 1, headless: where WebGL is software, "
        "compare numbers with each other, not with those of a machine that has a GPU",
        f"gestures are mouse events of the browser's own input pipeline (DevTools), {MOVES_PER_SECOND}/s for "
        f"{GESTURE_SECONDS} s, sent without waiting for the page; {slowest:.1f}/s sent at the slowest",
        "every page shows the same items by PCA; embviz finds them as the test split of a folder, so it opens on them",
        "TensorBoard opens what `export_projector` wrote, with thumbnails (the normal export) or without images",
        "Plotly has one scatter3d trace per class, all defaults, in an area as large as our canvas, and no images",
        *(f"**{row.label}**: {row.how}" for row in ROWS),
        "**`streamlit run`**: process start with an empty store until painted in an empty profile",
    ]
    return "\n".join(f"- {line}" for line in lines)
