"""The command line: ``python -m embviz`` datasets, project, overlap, export, app."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from embviz.errors import EmbvizError, SpecError

FEATURES = ("pixels", "hidden", "logits")

Answer = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 2 after one line on stderr that says what is wrong."""
    options = _parser().parse_args(arguments)
    if options.data_dir is not None:
        os.environ["EMBVIZ_DATA_DIR"] = options.data_dir
    try:
        answer: Answer = options.run(options)
    except EmbvizError as error:
        _say(f"embviz: {error}")
        return 2
    except KeyboardInterrupt:
        _say("embviz: stopped")
        return 130
    if options.json:
        print(json.dumps(answer))
    else:
        print(options.text(answer))
    return 0


def datasets(options: argparse.Namespace) -> Answer:
    """What `load_dataset` knows by name."""
    from embviz.datasets import known_datasets

    return {
        "datasets": [
            {
                "name": info.name,
                "title": info.title,
                "counts": dict(info.counts),
                "image_shape": list(info.image_shape),
                "on_machine": info.on_machine,
                "download_bytes": info.download_bytes,
            }
            for info in known_datasets()
        ]
    }


def project(options: argparse.Namespace) -> Answer:
    """Lay a dataset out and write its coordinates."""
    from embviz.export import write_coordinates
    from embviz.pipeline import projection_of
    from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
    from embviz.store import default_store

    match options.method:
        case "pca":
            spec: ProjectionSpec = Pca(n_components=options.dims, axes=tuple(options.axes or ()), seed=options.seed)
        case "tsne":
            spec = Tsne(
                n_components=options.dims,
                perplexity=options.perplexity,
                max_iter=options.max_iter,
                metric=options.metric,
                seed=options.seed,
            )
        case _:
            spec = Umap(
                n_components=options.dims,
                n_neighbors=options.n_neighbors,
                min_dist=options.min_dist,
                metric=options.metric,
                seed=options.seed,
            )
    progress = TerminalProgress()
    dataset, (features,) = _loaded(options, [options.features], progress)
    projection = projection_of(features, spec, store=default_store(), progress=progress)
    out = write_coordinates(options.out, dataset, projection)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "method": options.method,
        "dims": options.dims,
        "seed": options.seed,
        "seconds": round(projection.seconds, 3),
        "out": str(out),
    }


def overlap(options: argparse.Namespace) -> Answer:
    """Measure how much two classes overlap in feature space."""
    from embviz.overlap import class_overlap

    dataset, (features,) = _loaded(options, [options.features], TerminalProgress())
    if dataset.labels is None:
        raise SpecError(f"dataset {dataset.name!r} has no labels, so there are no classes to compare")
    a, b = (_class_code(name, dataset.class_names) for name in options.classes)
    found = class_overlap(features.vectors, dataset.labels, (a, b), options.k, space=features.name)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": found.n,
        "space": found.space,
        "classes": [dataset.class_names[a], dataset.class_names[b]],
        "k": found.k,
        "rate": found.rate,
        "chance": found.chance,
        "index": found.index,
    }


def export(options: argparse.Namespace) -> Answer:
    """Write a folder that TensorBoard's Embedding Projector opens."""
    from embviz.export import export_projector

    progress = TerminalProgress()
    dataset, features = _loaded(options, list(dict.fromkeys(options.features or ["pixels"])), progress)
    report = export_projector(options.out, dataset, features, overwrite=options.overwrite, progress=progress)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "features": [each.name for each in features],
        "out": str(report.path),
        "files": list(report.files),
        "bytes": report.total_bytes,
        "command": report.command,
        "notes": list(report.notes),
    }


def app(options: argparse.Namespace) -> NoReturn:
    """Serve the page; the same as ``streamlit run app.py``."""
    script = Path(__file__).parent.parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(options.port)]
    os.chdir(script.parent)  # where .streamlit/config.toml is
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter and script, and a number


def _loaded(options: argparse.Namespace, names: list[str], progress: "TerminalProgress") -> tuple[Any, list[Any]]:
    """The dataset the options name, and its features."""
    from embviz.datasets import load_dataset
    from embviz.features import feature_spec
    from embviz.pipeline import features_of
    from embviz.store import default_store

    dataset = load_dataset(options.dataset, options.split, options.limit, progress=progress)
    specs = [feature_spec(name) for name in names]
    return dataset, [features_of(dataset, spec, store=default_store(), progress=progress) for spec in specs]


def _class_code(name: str, class_names: Sequence[str]) -> int:
    if name in class_names:
        return class_names.index(name)
    raise SpecError(f"class {name!r} is not in this dataset; choose from {', '.join(class_names)}")


class TerminalProgress:
    """Progress on stderr: one line that is written over on a terminal, one line per stage elsewhere."""

    def __init__(self) -> None:
        self._shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far `stage` is."""
        live = sys.stderr.isatty()
        text = f"{stage}: {done:,} of {total:,}" if total and live else stage
        if text == self._shown:
            return
        self._shown = text
        sys.stderr.write(f"\r\033[K{text}" if live else f"{text}\n")
        if live and done == total:
            sys.stderr.write("\n")
        sys.stderr.flush()


def _say(line: str) -> None:
    print(" ".join(line.split()), file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _say(f"embviz: {message}; see {self.prog} --help")
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m embviz", description="Which classes does your model or your data confuse?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print one JSON object; progress goes to stderr")
    common.add_argument("--data-dir", metavar="DIR", help="where datasets are looked for first (EMBVIZ_DATA_DIR)")

    data = _Parser(add_help=False, parents=[common])
    data.add_argument("dataset", metavar="DATASET", help="a name of `datasets`, or a folder of MNIST-format IDX files")
    data.add_argument("--split", choices=("train", "test", "all"), default="test")
    data.add_argument("--limit", type=int, metavar="N", help="a seeded sample that keeps the share of each class")

    one = _Parser(add_help=False, parents=[data])
    one.add_argument("--features", choices=FEATURES, default="pixels")

    def command(name: str, run: Any, text: Any, parent: _Parser) -> _Parser:
        added = commands.add_parser(name, help=run.__doc__.rstrip("."), description=run.__doc__, parents=[parent])
        added.set_defaults(run=run, text=text)
        return added

    command("datasets", datasets, _datasets_text, common)

    added = command("project", project, _project_text, one)
    added.add_argument("--method", choices=("pca", "tsne", "umap"), default="pca")
    added.add_argument("--dims", type=int, choices=(2, 3), default=2)
    added.add_argument("--seed", type=int, default=0)
    added.add_argument("--out", required=True, metavar="FILE", help="ends in .csv, .parquet or .npy")
    added.add_argument("--axes", type=int, nargs="+", metavar="PC", help="PCA: components to show, counted from 1")
    added.add_argument("--perplexity", type=float, default=30.0, help="t-SNE")
    added.add_argument("--max-iter", type=int, default=750, help="t-SNE")
    added.add_argument("--n-neighbors", type=int, default=15, help="UMAP")
    added.add_argument("--min-dist", type=float, default=0.1, help="UMAP")
    added.add_argument("--metric", choices=("euclidean", "cosine"), default="euclidean", help="t-SNE and UMAP")

    added = command("overlap", overlap, _overlap_text, one)
    added.add_argument("--classes", nargs=2, required=True, metavar=("A", "B"))
    added.add_argument("--k", type=int, default=10, help="neighbors per item")

    added = command("export", export, _export_text, data)
    added.add_argument("--features", choices=FEATURES, action="append", help="once or more; pixels if left out")
    added.add_argument("--out", required=True, metavar="DIR")
    added.add_argument("--overwrite", action="store_true", help="write into a folder that holds other files")

    added = command("app", app, None, common)
    added.add_argument("--port", type=int, default=8501)
    return parser


def _datasets_text(answer: Answer) -> str:
    lines = []
    for info in answer["datasets"]:
        counts = ", ".join(f"{split} {count:,}" for split, count in info["counts"].items())
        where = "on this machine" if info["on_machine"] else f"download of {info['download_bytes'] / 2**20:.0f} MB"
        shape = "×".join(str(side) for side in info["image_shape"])
        lines.append(f"{info['name']:14}  {info['title']:14}  {shape:6}  {counts:36}  {where}")
    return "\n".join(lines)


def _project_text(answer: Answer) -> str:
    return f"{answer['n']:,} items, {answer['method']} {answer['dims']}D in {answer['seconds']:.1f} s: {answer['out']}"


def _overlap_text(answer: Answer) -> str:
    a, b = answer["classes"]
    return (
        f"{a} and {b} in {answer['space']}: overlap index {answer['index']:.2%} "
        f"(rate {answer['rate']:.2%}, chance {answer['chance']:.2%}, k {answer['k']}, {answer['n']:,} items)\n"
        "0 %: the classes never meet. 100 %: thoroughly mixed."
    )


def _export_text(answer: Answer) -> str:
    size = f"{answer['bytes'] / 1e6:.1f} MB"
    return "\n".join(
        [
            f"{answer['n']:,} items, {', '.join(answer['features'])}: {answer['out']} ({size})",
            *answer["notes"],
            answer["command"],
        ]
    )
