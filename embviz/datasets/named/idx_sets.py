"""The set of MNIST's family that IDX files belong to, and the class names of its labels."""

import hashlib
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.datasets.named.idx_format import idx_header, opened_idx
from embviz.datasets.named.tfds import LENGTHS
from embviz.errors import DatasetError

TITLES = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "kmnist": "KMNIST"}
"""Names of sets as people write them."""

QMNIST_COLUMNS = (
    *("label", "hsf_series", "writer", "writer_digit"),
    *("nist_class", "nist_index", "duplicate"),
)
"""Names of the first seven of an item's eight numbers in QMNIST's label files; the last one is not used."""

_LABELS = {
    "mnist": ("a25bea736e30d166cdddb491f175f624", "27ae3e4e09519cfbb04c329615203637"),
    "fashion_mnist": ("9018921c3c673c538a1fc5bad174d6f9", "15d484375f8d13e6eb1aabb0c3f46965"),
}
"""MD5 of each set's unpacked labels, of the train and of the test split: the images are a thousand times larger."""

_PACKED_LABELS = {
    "mnist": ("d53e105ee54ea40749a09fcbcd1e9432", "ec29112dd5afa0611ce80d1b7f02629c"),
    "fashion_mnist": ("25c81989df183df01b3e8a0aad5dffbe", "bb300cfdad3c16e7a12a480ee83cd310"),
    "kmnist": ("e144d726b3acfaa3e44228e80efcd344", "7320c461ea6c1c855c0b718fb2a4b134"),
}
"""MD5 of the gzip files of labels that the makers publish. Nobody publishes that of KMNIST's unpacked labels."""

_FOLDERS = {"fashion": "fashion_mnist", "fashionmnist": "fashion_mnist", "kmnist": "kmnist", "mnist": "mnist"}
"""Set by the name of a folder without hyphens and underscores, in lower case."""

_FOLDERS_ABOVE = 3
"""Number of folders above a file whose names are looked at."""

_MERGED = "abdefghnqrt"
"""Small letters that stay separate classes where EMNIST merges small letters with capital ones."""
_EMNIST_NAMES = {
    "byclass": string.digits + string.ascii_uppercase + string.ascii_lowercase,
    "bymerge": string.digits + string.ascii_uppercase + _MERGED,
    "balanced": string.digits + string.ascii_uppercase + _MERGED,
    "letters": string.ascii_uppercase,
    "digits": string.digits,
    "mnist": string.digits,
}
_MOST_BYTES = 1 << 18
"""Most bytes of a file of 60,000 labels, or of a mapping."""


@dataclass(frozen=True, slots=True)
class LabelNames:
    """Names of the classes that the integer labels in a file stand for.

    Attributes
    ----------
    names
        Names of the classes, in order of their labels; empty if they are not known.
    first
        The integer label of the first class, such as 0 or 1.
    notes
        What was guessed or changed, one sentence each.
    """

    names: tuple[str, ...] = ()
    first: int = 0
    notes: tuple[str, ...] = ()


def known_set(labels: Sequence[Path]) -> tuple[str, str]:
    """Name of the set that label files belong to, and a sentence if it is guessed; both empty if it is not known.

    The set is told by the MD5 of the files, packed or not, or else guessed by the name of a folder that they are in:
    of KMNIST only the MD5 of the packed files are published.

    Parameters
    ----------
    labels
        The label files, one per split.

    Raises
    ------
    DatasetError
        If a file cannot be read.
    """
    named = {name for path in labels if (name := _by_digest(path))}
    if named:
        return (named.pop(), "") if len(named) == 1 else ("", "")
    folders = [part for path in labels for part in path.absolute().parts[-1 - _FOLDERS_ABOVE : -1]]
    plain = [folder.lower().replace("-", "").replace("_", "") for folder in folders]
    name = next((_FOLDERS[folder] for folder in reversed(plain) if folder in _FOLDERS), "")
    return name, f"The classes are taken to be those of {TITLES[name]}, by the name of a folder." if name else ""


def emnist_names(part: str, mapping: Path | None) -> LabelNames:
    """Class names of EMNIST's labels.

    Parameters
    ----------
    part
        Name of one of EMNIST's six ways to divide the characters: ``byclass``, ``letters``, …
    mapping
        EMNIST's file that says which character each label is; None if it is not there.

    Raises
    ------
    DatasetError
        If this file cannot be read, or is not such a mapping.

    Examples
    --------
    >>> letters = emnist_names("letters", None)
    >>> letters.first, letters.names[0], letters.names[25]
    (1, 'A', 'Z')
    """
    notes: tuple[str, ...] = ()
    if part in ("letters", "bymerge", "balanced"):
        notes = ("Where capital and small letters are one class, it is called by the capital one.",)
    if mapping:
        names = _mapped_names(mapping)
        first = min(names)
        return LabelNames(tuple(names[first + code] for code in range(len(names))), first, notes)
    names_of_part = tuple(_EMNIST_NAMES.get(part, ""))
    return LabelNames(names_of_part, 1 if part == "letters" else 0, notes)


def _by_digest(path: Path) -> str:
    """Name of the set that a file of labels belongs to, by its MD5; empty if it is not known."""
    header = idx_header(path)
    if len(header.shape) != 1 or header.shape[0] not in LENGTHS.values() or path.stat().st_size > _MOST_BYTES:
        return ""
    digests = {hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}
    with opened_idx(path) as stream:
        digests.add(hashlib.md5(stream.read(_MOST_BYTES), usedforsecurity=False).hexdigest())
    known = {name: {*packed, *_LABELS.get(name, ())} for name, packed in _PACKED_LABELS.items()}
    return next((name for name, all_of_it in known.items() if digests & all_of_it), "")


def _mapped_names(path: Path) -> dict[int, str]:
    """Characters by label, from lines like ``10 65`` or ``10 65 97``: the label, and ASCII codes of its characters."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("ascii")
    except (OSError, UnicodeError) as error:
        raise DatasetError(f"cannot read {path} ({error}); give EMNIST's mapping, or remove the file") from error
    names: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        is_right = len(fields) in (2, 3) and all(field.isdigit() and len(field) < 4 for field in fields)
        if not is_right or int(fields[0]) in names or not 0 < int(fields[1]) < 128:
            raise DatasetError(
                f"{path}, line {number} is {line!r:.60}, expected a label of its own and an ASCII code; "
                "get the file again, or remove it"
            )
        names[int(fields[0])] = chr(int(fields[1]))
    if not names or sorted(names) != list(range(min(names), min(names) + len(names))):
        raise DatasetError(f"{path} leaves labels out: it has {sorted(names)!s:.60}; get the file again, or remove it")
    return names
