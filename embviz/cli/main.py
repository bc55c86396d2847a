"""The command line: its arguments, and how a command ends."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from embviz.cli import commands
from embviz.cli.terminal import open_closed_streams, print_answer, say
from embviz.errors import EmbvizError


def main(
    arguments: Sequence[str] | None = None,
    *,
    name: str = "python -m embviz",
    before_work: Callable[[], object] = lambda: None,
) -> int:
    """Run one command; its exit code: 0, 2 after one line on stderr that says what is wrong, 130 if stopped.

    `name` is what stands before the command where it was typed. `before_work` is called when the arguments are read
    and numpy is imported, which makes an ImportError of an interrupt.
    """
    open_closed_streams()
    options = _parser(name).parse_args(arguments)
    import numpy  # noqa: F401  # here, and not above, because `--help` needs none

    before_work()
    if options.data_dir is not None:
        os.environ["EMBVIZ_DATA_DIR"] = options.data_dir
    try:
        answer: commands.Answer = options.run(options)
        print_answer(json.dumps(answer) if options.json else options.text(answer))
    except EmbvizError as error:
        say(f"embviz: {error}")
        return 2
    except KeyboardInterrupt:
        say("embviz: stopped")
        return 130
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        say(f"embviz: {message}; see {self.prog} --help")
        sys.exit(2)


def _parser(name: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=name, description="Which classes does your model or your data confuse?")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    place = _Parser(add_help=False)
    place.add_argument(
        "--data-dir", type=_folder, metavar="DIR", help="where datasets are looked for first (EMBVIZ_DATA_DIR)"
    )

    common = _Parser(add_help=False, parents=[place])
    common.add_argument("--json", action="store_true", help="print one JSON object; progress goes to stderr")

    data = _Parser(add_help=False, parents=[common])
    data.add_argument("dataset", metavar="DATASET", help="a name of `datasets`, or a folder of MNIST-format IDX files")
    data.add_argument("--split", choices=("train", "test", "all"), default="test")
    data.add_argument("--limit", type=int, metavar="N", help="a seeded sample that keeps the share of each class")

    one = _Parser(add_help=False, parents=[data])
    one.add_argument("--features", choices=commands.FEATURES, default="pixels")

    def command(name: str, run: Any, text: Any, parent: _Parser) -> _Parser:
        added = subparsers.add_parser(name, help=run.__doc__.rstrip("."), description=run.__doc__, parents=[parent])
        added.set_defaults(run=run, text=text)
        return added

    command("datasets", commands.datasets, commands.datasets_text, common)

    added = command("project", commands.project, commands.project_text, one)
    added.add_argument("--method", choices=("pca", "tsne", "umap"), default="pca")
    added.add_argument("--dims", type=int, choices=(2, 3), default=2)
    added.add_argument("--seed", type=int, default=0)
    added.add_argument("--out", required=True, metavar="FILE", help="ends in .csv, .parquet or .npy")
    added.add_argument("--axes", type=int, nargs="+", metavar="PC", help="PCA: components to show, counted from 1")
    added.add_argument("--perplexity", type=float, help="t-SNE: 30 if left out")
    added.add_argument("--max-iter", type=int, help="t-SNE: 750 if left out")
    added.add_argument("--n-neighbors", type=int, help="UMAP: 15 if left out")
    added.add_argument("--min-dist", type=float, help="UMAP: 0.1 if left out")
    added.add_argument("--metric", choices=("euclidean", "cosine"), help="t-SNE and UMAP: euclidean if left out")
    added.add_argument("--supervised", action="store_true", default=None, help="UMAP: let labels shape the layout")
    added.add_argument(
        "--init", choices=("pca", "spectral", "random"), help="t-SNE: pca if left out; UMAP: spectral if left out"
    )
    added.add_argument(
        "--engine",
        choices=("embviz", "reference"),
        help="t-SNE and UMAP: embviz if left out; reference is scikit-learn or umap-learn, slower",
    )
    added.add_argument(
        "--preprocess",
        choices=("none", "pca-50"),
        help="t-SNE and UMAP: look neighbors up among 50 principal components; pca-50 above 20,000 items if left out",
    )

    added = command("overlap", commands.overlap, commands.overlap_text, one)
    added.add_argument("--classes", nargs=2, required=True, metavar=("A", "B"))
    added.add_argument("--k", type=int, default=10, help="neighbors per item")
    added.add_argument(
        "--group",
        default="",
        metavar="COLUMN",
        help="column of items that belong together: the interval says what other groups would show; none for single "
        "items; the dataset's own if left out (MNIST: writer)",
    )
    added.add_argument(
        "--other-groups", action="store_true", help="look an item's neighbors up among items of other groups only"
    )

    added = command("export", commands.export, commands.export_text, data)
    added.add_argument("--features", choices=commands.FEATURES, action="append", help="once or more; pixels if none")
    added.add_argument("--out", required=True, metavar="DIR")
    added.add_argument("--overwrite", action="store_true", help="write into a folder that holds other files")

    added = command("app", commands.app, None, place)
    added.add_argument("--port", type=_port, default=8501, help="1..65535; 8501 if left out")
    added.add_argument("streamlit", nargs="*", metavar="-- OPTION", help="more options of `streamlit run`, after --")
    return parser


def _folder(text: str) -> str:
    from embviz.checks.arguments import path_of  # late, as it imports numpy
    from embviz.datasets.named.folders import is_folder

    try:
        folder = path_of("it", text)
        is_there = is_folder(folder)
    except EmbvizError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not is_there:
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder; give one, or leave it out")
    return str(folder)


def _port(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len("65535") and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a whole number in 1..65535")
    return int(text)
