"""Names of IDX files: which set and split a file belongs to, and whether it holds images or labels."""

import re
from dataclasses import dataclass

_SPLITS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation"),
    "test": ("test", "testing", "t10k"),
}
"""Words for each split in names of files, in the order in which splits come."""
_KINDS = {"images": "images", "image": "images", "imgs": "images", "labels": "labels", "label": "labels"}
_SAYS_FORMAT = re.compile(r"idx\d?|u?byte|short|int|float|double|gz|xz|zip|\(\d+\)|")
SPLITS = (*_SPLITS, "")
"""Splits in order; the last one, which is empty, is for files whose names do not tell their split."""


@dataclass(frozen=True, slots=True)
class IdxName:
    """The parts of the name of an IDX file.

    Attributes
    ----------
    set_name
        The name without its split, kind and format, such as ``emnist-letters``; empty for MNIST's own names.
    split
        ``train``, ``val``, ``test`` or empty.
    kind
        ``images``, ``labels`` or empty.
    """

    set_name: str
    split: str
    kind: str


def idx_name(name: str) -> IdxName:
    """The parts of a file's name. Case is ignored; points, hyphens, underscores and spaces all separate words.

    Examples
    --------
    >>> idx_name("t10k-images.idx3-ubyte.gz")
    IdxName(set_name='', split='test', kind='images')
    >>> idx_name("emnist-letters-train-labels-idx1-ubyte")
    IdxName(set_name='emnist-letters', split='train', kind='labels')
    """
    words = [word for word in re.split(r"[-._ ]+", name.lower()) if not _SAYS_FORMAT.fullmatch(word)]
    split = next((split for split, names in _SPLITS.items() for word in words if word in names), "")
    kind = next((_KINDS[word] for word in words if word in _KINDS), "")
    left = [word for word in words if word not in _KINDS and word not in _SPLITS.get(split, ())]
    return IdxName("-".join(left), split, kind)


def is_idx_name(name: str) -> bool:
    """Whether a file has the name of an IDX file.

    Examples
    --------
    >>> is_idx_name("train-images-idx3-ubyte"), is_idx_name("qmnist-train-labels-idx2-int.gz"), is_idx_name("a.csv")
    (True, True, False)
    """
    return re.search(r"[-._](idx\d[-._]|ubyte|idx(\.gz)?$)", name.lower()) is not None
