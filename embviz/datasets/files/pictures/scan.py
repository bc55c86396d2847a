"""Files of a folder or an archive looked through: which are complete images, and what is wrong with the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from embviz.datasets.files.pictures.look import BrokenPictureError, Facts, facts_of, picture_format
from embviz.datasets.files.pictures.tree import Parts, is_leftover
from embviz.errors import DatasetError
from embviz.progress import Progress, blocks_of

MOST_BYTES = 256 << 20
"""Most bytes of one file."""

FORMATS = "PNG, JPEG, WebP, GIF, TIFF, BMP or PGM"
"""Formats that are read, in words."""

_BEGINNING = 1 << 16
"""Bytes that are read first; where there are many image files, most have fewer."""
_ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pbm", ".pgm", ".ppm")
"""Files with such a name are meant to be images."""
_MOST_NAMED = 5
_MOST_CHARACTERS = 80
"""Most characters of a name in a sentence."""
_FILES = 64
"""Files between two calls of progress."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a folder or an archive.

    Attributes
    ----------
    parts
        Its path, to be shown and to tell classes by; nothing is opened by it.
    size
        Size in bytes, as the folder or archive says.
    read
        Reads the first bytes, as many as asked for; raises `BrokenPictureError` if just this file cannot be read.
    """

    parts: Parts
    size: int
    read: Callable[[int], bytes]

    @property
    def path(self) -> str:
        """The path as one text."""
        return "/".join(self.parts)


@dataclass(slots=True)
class Scan:
    """Images and other files that were found in a folder or an archive.

    Attributes
    ----------
    files, facts
        The complete images, in the order of the given files, and the facts of each.
    broken
        Paths of files that are meant to be images, and why they are not shown.
    others
        Paths of files that are not images.
    """

    files: list[StoredFile] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


def has_picture_name(name: str) -> bool:
    """Whether a file of that name is meant to be an image.

    Examples
    --------
    >>> has_picture_name("cat/1.PNG"), has_picture_name("labels.csv")
    (True, False)
    """
    return name.lower().endswith(_ENDINGS)


def scan_of(where: str, files: Sequence[StoredFile], progress: Progress) -> Scan:
    """Look through files for images; files that operating systems add, such as ``.DS_Store``, are ignored.

    Raises
    ------
    DatasetError
        If none is an image that can be shown.
    """
    scan = Scan()
    wanted = [file for file in files if not is_leftover(file.parts)]
    for block in blocks_of("looking through files", len(wanted), _FILES, progress):
        for file in wanted[block]:
            _look(file, scan)
    if not scan.files:
        found = f"holds no image that can be shown{_reasons(scan) or ': there is no image file in it'}"
        raise DatasetError(f"{where} {found}; give images as {FORMATS}")
    return scan


def whole_file(file: StoredFile) -> bytes:
    """Whole content of a file.

    Raises
    ------
    BrokenPictureError
        If it is too large, or cannot be read.
    """
    data = file.read(_BEGINNING)
    if len(data) == _BEGINNING:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BrokenPictureError(f"it has more than {MOST_BYTES >> 20} MB")
    return data


def notes_on(scan: Scan) -> list[str]:
    """Sentences on the files that were left out: broken images, and files that are not images."""
    notes = []
    if scan.broken:
        notes.append(f"{counted(len(scan.broken), 'image file')} left out as broken{_reasons(scan)}.")
    if scan.others:
        notes.append(note_on_others(scan.others))
    return notes


def note_on_others(names: Sequence[str]) -> str:
    """A sentence on files that are left out because they are not images.

    Examples
    --------
    >>> note_on_others(["notes.txt"])
    '1 file is left out (not an image): notes.txt.'
    """
    return f"{counted(len(names), 'file')} left out (not an image): {first_of(names)}."


def counted(n: int, what: str) -> str:
    """Number of things, in words and with the verb.

    Examples
    --------
    >>> counted(1, "image"), counted(1200, "image")
    ('1 image is', '1,200 images are')
    """
    return f"{n:,} {what} is" if n == 1 else f"{n:,} {what}s are"


def first_of(names: Sequence[str]) -> str:
    """The first of some names, and whether there are more.

    Examples
    --------
    >>> first_of(["a.png", "b.png"]), first_of("abcdefgh")
    ('a.png, b.png', 'a, b, c, d, e, …')
    """
    return ", ".join([*map(_short, names[:_MOST_NAMED]), *(["…"] if len(names) > _MOST_NAMED else [])])


def reasons_of(broken: Mapping[str, str]) -> str:
    """The first of some files, each with what is wrong with it.

    Examples
    --------
    >>> reasons_of({"a.png": "it is empty"})
    'a.png (it is empty)'
    """
    said = [f"{_short(path)} ({reason})" for path, reason in islice(broken.items(), _MOST_NAMED)]
    return ", ".join([*said, *(["…"] if len(broken) > _MOST_NAMED else [])])


def _short(name: str) -> str:
    """A name with � for what cannot be printed, such as a line end; a name of over 80 characters lacks its middle."""
    half = _MOST_CHARACTERS // 2
    short = name if len(name) <= _MOST_CHARACTERS else f"{name[:half]}…{name[-half:]}"
    return "".join(character if character.isprintable() else "�" for character in short)


def _look(file: StoredFile, scan: Scan) -> None:
    is_meant = has_picture_name(file.path)
    try:
        beginning = file.read(_BEGINNING)
        if not is_meant and not picture_format(beginning):
            scan.others.append(file.path)
            return
        facts = facts_of(beginning if len(beginning) < _BEGINNING else whole_file(file))
    except BrokenPictureError as error:
        if is_meant:
            scan.broken[file.path] = str(error)
        else:
            scan.others.append(file.path)
        return
    scan.files.append(file)
    scan.facts.append(facts)


def _reasons(scan: Scan) -> str:
    return f": {reasons_of(scan.broken)}" if scan.broken else ""
