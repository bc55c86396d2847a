"""The data that the page was started on: told to the page's process by one environment variable."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.source import TITLES, Files, Named, source_named
from embviz.errors import DatasetError

VARIABLE = "EMBVIZ_OPEN"
"""The environment variable in which ``embviz app`` says what to open."""

_WISHES = tuple(field.name for field in fields(Wishes))
_MOST_CHARACTERS = 100_000
_TIMES_AS_LONG = 50
"""What was found holds so many times as long as it took to look: the state of 70,000 files takes half a second."""

_looked: dict[str, tuple[float, Named | Files]] = {}


def started_text(source: Named | Files) -> str:
    """The value of `VARIABLE` that lets the page open on a source, in the state that its files have then.

    Examples
    --------
    >>> started_text(source_named("digits"))
    '{"dataset": "digits"}'
    """
    said = {name: wish for name, wish in asdict(source.wishes).items() if wish is not None}
    if isinstance(source, Named):
        return json.dumps({"dataset": source.name} | said)
    return json.dumps({"file": str(source.paths[0])} | said if source.paths else said)


def started_source() -> Named | Files | None:
    """The source that the page was started on, in its present state; None if it was started on none.

    Raises
    ------
    DatasetError
        If the variable holds anything but what `started_text` writes, or the files are gone.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    until, found = _looked.get(text, (0.0, None))
    began = time.monotonic()
    if found is None or began > until:
        found = _source_of(text)
        now = time.monotonic()
        _looked[text] = (now + _TIMES_AS_LONG * (now - began), found)
    return found


def _source_of(text: str) -> Named | Files:
    said = _checked(text)
    wishes = Wishes(**{name: said[name] for name in _WISHES if name in said})
    if "dataset" in said:
        source = source_named(said["dataset"], wishes)
    elif "file" in said:
        source = source_named(Path(said["file"]), wishes)
    else:
        source = source_named(None, wishes)
    return source


def _checked(text: str) -> Mapping[str, str]:
    """The texts by their names, if they are such as `started_text` writes."""
    if len(text) > _MOST_CHARACTERS:
        raise DatasetError(f"{VARIABLE} has {len(text):,} characters, more than {_MOST_CHARACTERS:,}; unset it")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{VARIABLE} is no JSON; unset it, and start the page with `embviz app FILE`") from error
    is_whole = isinstance(said, dict) and said and all(isinstance(each, str) and each for each in said.values())
    if not is_whole or not set(said) <= {"dataset", "file", *_WISHES} or {"dataset", "file"} <= set(said):
        raise DatasetError(
            f"{VARIABLE} must have texts by the names dataset or file, {', '.join(_WISHES)}; "
            "unset it, and start the page with `embviz app FILE`"
        )
    if said.get("dataset", "digits") not in TITLES:
        raise DatasetError(f"{VARIABLE} names the dataset {said['dataset']!r:.80}; give {', '.join(TITLES)}")
    if "file" in said and not Path(said["file"]).is_absolute():
        raise DatasetError(f"{VARIABLE} names {said['file']!r:.80}, and not the whole path of a file; give that")
    if any("\0" in each for each in said.values()):
        raise DatasetError(f"{VARIABLE} holds a text with a character 0, as no name has; unset it")
    return {name: str(each) for name, each in said.items()}
