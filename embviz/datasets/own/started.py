"""The data that the page was started with; an environment variable passes them to the page's process."""

import json
import math
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.own.handed import handed_dataset
from embviz.datasets.source import TITLES, Files, Given, Named, source_named
from embviz.errors import DatasetError

VARIABLE = "EMBVIZ_OPEN"
"""The environment variable in which ``embviz app`` and `embviz.show` say what to open."""

_DATA = ("dataset", "file", "given")
_WISHES = tuple(field.name for field in fields(Wishes))
_MOST_CHARACTERS = 100_000
_TIMES_AS_LONG = 50
"""A source that was found is kept this many times as long as it took to find it."""

_looked: dict[str, tuple[float, Named | Files | Given]] = {}


def started_text(source: Named | Files) -> str:
    """The value of `VARIABLE` that lets the page open on a source, in the state that its files have when it opens.

    Examples
    --------
    >>> started_text(source_named("digits"))
    '{"dataset": "digits"}'
    """
    said = {name: wish for name, wish in asdict(source.wishes).items() if wish is not None}
    if isinstance(source, Named):
        return json.dumps({"dataset": source.name} | said)
    return json.dumps({"file": str(source.paths[0])} | said if source.paths else said)


def handed_text(folder: Path) -> str:
    """The value of `VARIABLE` that lets the page open on a dataset that `hand_over` wrote into a folder."""
    return json.dumps({"given": str(folder)})


def started_folder() -> Path | None:
    """The folder of the dataset that `embviz.show` opened the page with; None if it was started otherwise.

    Raises
    ------
    DatasetError
        As `started_source`.
    """
    text = os.environ.get(VARIABLE, "")
    said = _checked(text) if text else {}
    return Path(said["given"]) if "given" in said else None


def started_source() -> Named | Files | Given | None:
    """The source that the page was started with, in its present state; None if it was started without data.

    Raises
    ------
    DatasetError
        If the variable holds anything but what `started_text` and `handed_text` write, or the files are gone.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    until, found = _looked.get(text, (0.0, None))
    began = time.monotonic()
    if found is None or began > until:
        found = _source_of(text)
        now = time.monotonic()
        is_final = isinstance(found, Given)
        _looked[text] = (math.inf if is_final else now + _TIMES_AS_LONG * (now - began), found)
    return found


def _source_of(text: str) -> Named | Files | Given:
    said = _checked(text)
    if "given" in said:
        return Given(handed_dataset(Path(said["given"])))
    wishes = Wishes(**{name: said[name] for name in _WISHES if name in said})
    if "dataset" in said:
        source = source_named(said["dataset"], wishes)
    elif "file" in said:
        source = source_named(Path(said["file"]), wishes)
    else:
        source = source_named(None, wishes)
    return source


def _checked(text: str) -> Mapping[str, str]:
    """Texts in the variable by name; DatasetError if neither `started_text` nor `handed_text` writes such a value."""
    if len(text) > _MOST_CHARACTERS:
        raise DatasetError(f"{VARIABLE} has {len(text):,} characters, more than {_MOST_CHARACTERS:,}; unset it")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{VARIABLE} is not JSON; unset it, and start the page with `embviz app FILE`") from error
    names = set(said) if isinstance(said, dict) else set()
    is_texts = names and all(isinstance(each, str) and each for each in said.values())
    is_known = names <= {*_DATA, *_WISHES} and len(names & {*_DATA}) <= 1
    if not is_texts or not is_known or ("given" in names and len(names) > 1):
        raise DatasetError(
            f"{VARIABLE} must have texts by the names dataset or file, {', '.join(_WISHES)}, or given alone; "
            "unset it, and start the page with `embviz app FILE`"
        )
    if said.get("dataset", "digits") not in TITLES:
        raise DatasetError(f"{VARIABLE} names the dataset {said['dataset']!r:.80}; give {', '.join(TITLES)}")
    for path in (said[name] for name in ("file", "given") if name in said):
        if not Path(path).is_absolute():
            raise DatasetError(f"{VARIABLE} names {path!r:.80}, not an absolute path; give one")
    if any("\0" in each for each in said.values()):
        raise DatasetError(f"{VARIABLE} holds a text with a character 0, as no name has; unset it")
    return {name: str(each) for name, each in said.items()}
