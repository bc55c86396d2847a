"""The command line: the parser of all commands and options, and the exit codes."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from embviz.cli import commands
from embviz.cli.activations import activations_text
from embviz.cli.exports import TARGETS
from embviz.cli.measuring import layers, trust
from embviz.cli.measuring.labels import labels_text
from embviz.cli.measuring.overlaps import overlap_text
from embviz.cli.pictures import picture_text
from embviz.cli.placing import placed_text
from embviz.cli.terminal import open_closed_streams, print_answer, say
from embviz.cli.typed import FEATURES_SAID, features_typed, folder_typed, port_typed
from embviz.errors import EmbvizError


def main(
    arguments: Sequence[str] | None = None,
    *,
    name: str = "python -m embviz",
    before_work: Callable[[], object] = lambda: None,
) -> int:
    """Run one command and return its exit code: 0; 2 after an error, which is one line on stderr; 130 if interrupted.

    `name` is the name of the program in help and errors. `before_work` is called once the arguments are read and
    numpy is imported, because numpy turns an interrupt during its import into an ImportError.
    """
    open_closed_streams()
    options = _parsed(name, sys.argv[1:] if arguments is None else arguments)
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


def _parsed(name: str, arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed options; argparse does not see options of `app` after ``--``, because they are for Streamlit."""
    typed, given = list(arguments), list[str]()
    if typed[:1] == ["app"] and "--" in typed:
        end = typed.index("--")
        typed, given = typed[:end], typed[end + 1 :]
    return _parser(name).parse_args(typed, argparse.Namespace(streamlit=given))


_ONE_OF = f"{FEATURES_SAID}; if left out pixels, or vectors where there are no images"
_METHOD = "method of the layout; pca if left out"
_COMPONENTS = "PCA: components from 1 on, the first if left out"
_K = "nearest neighbors of each item; 10 if left out"
_PAIR = "names of the two classes"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        say(f"embviz: {message}; see {self.prog} --help")
        sys.exit(2)


def _parser(name: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=name, description="Which classes does your model or your data confuse?")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    place = _Parser(add_help=False)
    place.add_argument(
        "--data-dir",
        type=folder_typed,
        metavar="DIR",
        help="folder to look for datasets first; EMBVIZ_DATA_DIR if left out",
    )

    common = _Parser(add_help=False, parents=[place])
    common.add_argument("--json", action="store_true", help="print one JSON object instead of text")

    own = _Parser(add_help=False)
    own.add_argument("dataset", metavar="DATASET", nargs="?", help="a name from `datasets`, or your own file or folder")
    own.add_argument("--vectors", metavar="COL|FILE", help="own data: vectors, or columns a,b,c; guessed if left out")
    own.add_argument("--labels", "--label", metavar="COL|FILE", help="own data: the classes; guessed if left out")
    own.add_argument("--images", metavar="COL|FILE", help="own data: the images, or their folder; guessed if left out")
    own.add_argument("--metadata", metavar="FILE", help="own data: a file with further columns; none if left out")
    own.add_argument(
        "--group",
        metavar="COL|none",
        help="own data: the column of groups, such as writers, or none for no groups; guessed if left out",
    )
    own.add_argument("--tensor", metavar="NAME", help="a TensorBoard log folder: the tensor to open, if not the first")

    data = _Parser(add_help=False, parents=[common, own])
    data.add_argument("--split", help="train, test or all; if left out test, or all items of files without splits")
    data.add_argument("--limit", type=int, metavar="N", help="a stratified random sample of N; all items if left out")

    classifier = _Parser(add_help=False)
    classifier.add_argument(
        "--hidden-layer-sizes",
        type=int,
        nargs="+",
        metavar="UNITS",
        help="units of each hidden layer of the classifier; 200 if left out; 200 100 gives hidden-1, hidden-2, logits",
    )

    one = _Parser(add_help=False, parents=[data, classifier])
    one.add_argument("--features", type=features_typed, help=_ONE_OF)

    layout = _Parser(add_help=False)
    layout.add_argument(
        "--dims", type=int, choices=(2, 3), help="number of axes; by default as many as are named, or 2"
    )
    layout.add_argument("--seed", type=int, default=0, help="seed of everything random; 0 if left out")
    layout.add_argument("--perplexity", type=float, help="t-SNE: 30 if left out; about how many neighbors an item has")
    layout.add_argument("--max-iter", type=int, help="t-SNE: 750 if left out; number of iterations")
    layout.add_argument("--n-neighbors", type=int, help="UMAP: 15 if left out; neighbors of an item")
    layout.add_argument("--min-dist", type=float, help="UMAP: 0.1 if left out; how close items may be packed")
    layout.add_argument("--metric", choices=("euclidean", "cosine"), help="t-SNE and UMAP: euclidean if left out")
    layout.add_argument(
        "--supervised", action="store_true", default=None, help="t-SNE and UMAP: let labels shape the layout"
    )
    layout.add_argument(
        "--label-strength", type=float, metavar="PERCENT", help="with --supervised: 1..100, 50 if left out"
    )
    layout.add_argument(
        "--ignored-label", metavar="CLASS", help="with --supervised: a class whose items count as if they had no label"
    )
    layout.add_argument(
        "--init", choices=("pca", "spectral", "random"), help="t-SNE: pca if left out; UMAP: spectral if left out"
    )
    layout.add_argument(
        "--engine",
        choices=("embviz", "reference"),
        help="t-SNE and UMAP: embviz if left out; reference is scikit-learn or umap-learn, slower",
    )
    layout.add_argument(
        "--preprocess",
        metavar="STEPS",
        help="change vectors first: center, unit (length 1), center+unit (TensorBoard's Spherize), standardize, or "
        "none; t-SNE and UMAP also pca-N, which searches neighbors in the space of the first N principal components: "
        "pca-50 above 20,000 items if left out, else none; unit+pca-50 is both, unit+none the first alone",
    )

    any_layout = _Parser(add_help=False, parents=[layout])
    any_layout.add_argument(
        "--axes",
        nargs="+",
        metavar="AXIS",
        help=f"{_COMPONENTS}; columns: metadata columns by name, features by number",
    )
    any_layout.add_argument(
        "--direction",
        nargs=2,
        action="append",
        metavar=("FROM", "TO"),
        help="directions: once for each axis; each end is a class, all, or an expression such as 'label in (1, 7)'",
    )

    def command(name: str, run: Any, text: Any, *parents: _Parser) -> _Parser:
        added = subparsers.add_parser(name, help=run.__doc__.rstrip("."), description=run.__doc__, parents=parents)
        added.set_defaults(run=run, text=text)
        return added

    command("datasets", commands.datasets, commands.datasets_text, common)

    added = command("project", commands.project, commands.project_text, one, any_layout)
    added.add_argument("--method", choices=commands.METHODS, default="pca", help=_METHOD)
    added.add_argument("--out", required=True, metavar="FILE", help=".csv, .parquet or .npy; with --cluster a folder")
    added.add_argument(
        "--cluster",
        metavar="WHERE",
        help="DATASET is 'data/*.parquet', laid out by Dask: local, local:4, tcp://host:8786; without Dask if left out",
    )
    added.add_argument("--id", metavar="COL", help="with --cluster: the column of ids; row numbers if left out")
    added.add_argument(
        "--landmarks", type=int, metavar="N", help="with --cluster: items laid out together, 20000 if left out"
    )

    added = command("place", commands.place, placed_text, one, layout)
    added.add_argument("--method", choices=commands.PLACING, default="pca", help=_METHOD)
    added.add_argument("--axes", nargs="+", metavar="AXIS", help=_COMPONENTS)
    added.set_defaults(direction=None)
    added.add_argument("--into", required=True, metavar="DATASET", help="the data laid out: a name, file or folder")
    added.add_argument(
        "--into-split", metavar="SPLIT", help="its split; train by default if DATASET is the same and has it, else all"
    )
    added.add_argument("--into-limit", type=int, metavar="N", help="a stratified random sample of it; all if left out")
    added.add_argument("--out", required=True, metavar="FILE", help="a .csv or .parquet file of old and new items")

    added = command("overlap", commands.overlap, overlap_text, one)
    added.add_argument("--classes", nargs="+", required=True, metavar="NAME", help="two, or the word all for all pairs")
    added.add_argument("--k", type=int, default=10, help=_K)
    added.add_argument(
        "--other-groups", action="store_true", help="search an item's neighbors among items of other groups only"
    )

    added = command("layers", layers.layers, layers.layers_text, data, classifier)
    added.add_argument("--classes", nargs=2, required=True, metavar=("A", "B"), help=_PAIR)
    added.add_argument("--k", type=int, default=10, help=_K)
    added.add_argument(
        "--features",
        type=features_typed,
        action="append",
        help=f"once or more; all there are if left out: {FEATURES_SAID}",
    )

    added = command("axis", layers.axis, layers.axis_text, one)
    added.add_argument("--classes", nargs=2, required=True, metavar=("A", "B"), help=_PAIR)

    laid_out = _Parser(add_help=False, parents=[one, any_layout])
    laid_out.add_argument("--method", choices=commands.METHODS, default="pca", help=_METHOD)
    laid_out.add_argument("--k", type=int, default=10, help=_K)
    scores = _Parser(add_help=False)
    scores.add_argument("--out", metavar="FILE", help="a .csv file of each item's scores; none if left out")

    command("faithfulness", trust.faithfulness, trust.faithfulness_text, laid_out, scores)

    added = command("ladder", trust.ladder, trust.ladder_text, laid_out)
    added.add_argument("--classes", nargs=2, required=True, metavar=("A", "B"), help=_PAIR)

    added = command("stability", trust.stability, trust.stability_text, laid_out, scores)
    added.add_argument(
        "--seeds", type=int, default=5, metavar="N", help="number of seeds, from --seed on; 5 if left out"
    )

    added = command("check-labels", commands.check_labels, labels_text, one)
    added.add_argument("--top", type=int, default=100, metavar="N", help="number of labels to list; 100 if left out")
    added.add_argument(
        "--out", metavar="FILE", help=".csv: id, label, suggested, score, kind, reason; none if left out"
    )

    added = command("export", commands.export, commands.export_text, data, classifier, any_layout)
    added.add_argument("--features", type=features_typed, action="append", help=f"once or more: {_ONE_OF}")
    added.add_argument(
        "--to",
        choices=TARGETS,
        default="tensorboard",
        help="TensorBoard's folder if left out; one parquet file of all for other programs; a zip file of the images",
    )
    added.add_argument("--method", choices=commands.METHODS, help="a layout to write, too; pca by default for parquet")
    added.add_argument("--k", type=int, help="parquet: nearest neighbors of each item in the file; 10 if left out")
    added.add_argument("--out", required=True, metavar="PATH", help="the folder, .parquet file or .zip file to write")
    added.add_argument("--overwrite", action="store_true", help="write also into a folder that holds other files")

    added = command("picture", commands.picture, picture_text, one, any_layout)
    added.add_argument("--method", choices=commands.METHODS, default="pca", help=_METHOD)
    added.add_argument(
        "--color",
        metavar="WHAT",
        help="label, prediction, none, a column, …; label, else prediction, else none if left out",
    )
    added.add_argument("--size", metavar="WxH", help="width and height in pixels; 1200x900 if left out")
    added.add_argument("--dark", action="store_true", help="draw for a dark page; for a light one if left out")
    added.add_argument(
        "--out", required=True, metavar="FILE", help="a .png or .svg file, or .html: a page with hover and legend"
    )

    added = command("activations", commands.activations, activations_text, data)
    added.add_argument("--model", required=True, metavar="FILE", help="an ONNX file; needs the package onnxruntime")
    added.add_argument("--layer", metavar="NAME", help="the layer to write; the layers are listed if left out")
    added.add_argument("--out", metavar="FILE", help="with --layer: the .npz file to write, which `app` opens")
    added.add_argument(
        "--mean", type=float, nargs="+", default=[0.0], help="subtracted from values 0..1, per channel; 0 if left out"
    )
    added.add_argument("--std", type=float, nargs="+", default=[1.0], help="divisor, per channel; 1 if left out")
    added.add_argument("--seconds", type=int, default=600, help="seconds that the model may take; 600 if left out")

    added = command("app", commands.app, None, place, own)
    added.add_argument("--port", type=port_typed, default=8501, help="port of the page, 1..65535; 8501 if left out")
    added.epilog = "Arguments after -- are for `streamlit run`."
    return parser
