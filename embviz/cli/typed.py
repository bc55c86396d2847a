"""Values of options as they are typed, each checked by a function that argparse calls."""

import argparse
import re

from embviz.cli.commands import FEATURES, LAYER, NAMED_VECTORS
from embviz.errors import EmbvizError

FEATURES_SAID = f"{', '.join(FEATURES)}, or {NAMED_VECTORS}NAME"
"""What can be typed as features, in words, but for layers of deeper classifiers."""


def features_typed(text: str) -> str:
    """The features as they are typed: `FEATURES`, a layer, or named vectors.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none.
    """
    is_layer = re.fullmatch(LAYER, text)
    if text not in FEATURES and not text.startswith(NAMED_VECTORS) and not is_layer:
        raise argparse.ArgumentTypeError(f"{text!r} is not one of the features; give {FEATURES_SAID}")
    return text


def folder_typed(text: str) -> str:
    """The path of a folder that is typed, with `~` replaced by the home folder.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none.
    """
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


def port_typed(text: str) -> int:
    """The port that is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none.
    """
    if not (text.isdecimal() and len(text) <= len("65535") and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a whole number in 1..65535")
    return int(text)
