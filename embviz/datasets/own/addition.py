"""The `Addition` value: what a dropped table adds to the data that are open, or why it cannot."""

from dataclasses import dataclass, replace

from embviz.dataset import Dataset
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.uses.build import names_said
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.info import DatasetInfo
from embviz.datasets.load import dataset_of
from embviz.datasets.own.added import Match, added_names, match_of
from embviz.datasets.own.preview import name_of
from embviz.datasets.own.upload import Upload
from embviz.datasets.source import Uploaded
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True)
class Addition:
    """The columns that a dropped table adds to the data that are open.

    Attributes
    ----------
    info
        Facts of the data with them; None if they cannot be added.
    said
        What would be added, or why it cannot be, in a sentence; empty for files without columns.
    has_items
        Whether the files can also be opened by themselves.
    """

    info: DatasetInfo | None
    said: str
    has_items: bool


def addition_of(upload: Upload, opened: DatasetInfo, *, progress: Progress = no_progress) -> Addition:
    """The addition of dropped files to data that are open.

    Parameters
    ----------
    upload
        The files.
    opened
        Facts of the data that are open.
    progress
        Called while the files and the data are read.

    Raises
    ------
    DatasetError
        If a file cannot be read.
    """
    from embviz.datasets.files.opening.load import opened_files  # late, because readers import Pillow

    found = opened_files(upload.paths, further_files=False, progress=progress)
    contents, has_items = found.contents, bool(found.roles.vectors or found.roles.images)
    if found.roles.images or not any(field.kind == "column" for field in contents.fields):
        return Addition(None, "", has_items)
    whole = dataset_of(opened.source, "all" if "all" in opened.counts else next(iter(opened.counts)), progress=progress)
    if len(whole) != whole.n_source:
        return Addition(
            None, f"Cannot be added to {opened.title}: not all of its items are on this machine.", has_items
        )
    try:
        match = match_of(contents, whole, progress=progress)
    except DatasetError as error:
        return Addition(None, f"Cannot be added to {opened.title}: {error}.", has_items)
    names = added_names(contents, whole, match)
    if not names:
        return Addition(None, f"{contents.name} has no columns to add to {opened.title}.", has_items)
    roles = Roles(columns=tuple(names))
    source = Uploaded(
        upload.paths, roles, f"{opened.title} + {upload.name}", upload.stamp, base=opened.source, match=match
    )
    numbers = tuple(names[field.name] for field in contents.fields if field.name in names and field.dtype.kind in "if")
    info = replace(opened, name=name_of(source), title=source.title, source=source, numbers=(*opened.numbers, *numbers))
    return Addition(info, _said(contents, whole, opened.title, tuple(names.values()), match), has_items)


def _said(contents: Contents, whole: Dataset, title: str, names: tuple[str, ...], match: Match) -> str:
    how = f"matched by {match.column!r:.60}" if match.column else "in the order of the items"
    return f"Fits {title}: {contents.n:,} rows for {len(whole):,} items, {how}, with {names_said(names)}."
