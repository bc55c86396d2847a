"""The `Preview` value: recognized fields, sample images and notes of files, to be looked at before loading."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from embviz.arrays import UInt8Array, fingerprint
from embviz.dataset import Dataset
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.uses.build import check_something_to_lay_out, number_columns_of
from embviz.datasets.files.uses.classes import classes_of
from embviz.datasets.files.uses.images import images_of
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.files.uses.wishes import NO_WISHES, Wishes
from embviz.datasets.info import DatasetInfo, counts_of
from embviz.datasets.load import dataset_of
from embviz.datasets.named.idx_folder import idx_folder_splits
from embviz.datasets.own.upload import Upload
from embviz.datasets.source import DataSource, Files, Uploaded
from embviz.progress import Progress, no_progress

if TYPE_CHECKING:
    from embviz.datasets.files.opening.load import Opened

N_SAMPLED = 16
"""Number of images that are shown before the data are loaded."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of files, as it is offered to a person.

    Attributes
    ----------
    name, kind, shape
        As in `Field`.
    is_number
        Whether its values are numbers.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    is_number: bool


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Preview:
    """Preview of files: what was recognized in them, with sample images.

    Attributes
    ----------
    info
        Facts of the dataset that the files will become.
    roles
        What each field is used for; None if the format fixes it.
    fields
        All fields.
    said
        What was recognized, guessed, fitted or left out, one sentence each.
    images
        uint8, shape (m, h, w) or (m, h, w, 3), up to `N_SAMPLED` images, evenly spaced; None without images.
    titles
        Class of each of these images; empty without labels.
    """

    info: DatasetInfo
    roles: Roles | None
    fields: tuple[Shown, ...]
    said: tuple[str, ...]
    images: UInt8Array | None
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Changes that a visitor made to what was recognized in files.

    Attributes
    ----------
    wishes
        What fields are to be used for; must not name files.
    without
        What the data are not to have: some of ``images``, ``labels`` and ``group``.
    transposed, inverted
        Whether rows and columns of the images, or dark and bright, change places compared with what was recognized.
    """

    wishes: Wishes = NO_WISHES
    without: tuple[str, ...] = ()
    transposed: bool = False
    inverted: bool = False


NO_CORRECTIONS = Corrections()


def preview_of(source: Files, *, progress: Progress = no_progress) -> Preview:
    """Preview of the files of a source; labels and sample images are read, vectors are not.

    Raises
    ------
    DatasetError
        If a file cannot be read, or the files hold nothing to lay out.
    """
    from embviz.datasets.files.opening.load import opened_files  # late, because readers import Pillow

    if source.is_idx_folder:
        splits = tuple(idx_folder_splits(source.paths[0]))
        return _preview_of_dataset(dataset_of(source, "all" if len(splits) > 1 else splits[0], progress=progress))
    return _preview(opened_files(source.paths, source.wishes, progress=progress), source, progress)


def preview_of_upload(
    upload: Upload, corrections: Corrections = NO_CORRECTIONS, *, progress: Progress = no_progress
) -> Preview:
    """Preview of the files that a visitor dropped, with fields used as guessed and as the visitor corrected it.

    Parameters
    ----------
    upload
        The files.
    corrections
        What the visitor changed.
    progress
        Called while the files are looked through.

    Raises
    ------
    DatasetError
        As `preview_of`.
    """
    from embviz.datasets.files.opening.load import opened_files  # late, because readers import Pillow

    opened = opened_files(upload.paths, corrections.wishes, further_files=False, progress=progress)
    opened = replace(opened, roles=corrected(opened.roles, corrections))
    tensor = corrections.wishes.tensor or ""
    name = f"{upload.name}: {tensor}" if tensor else upload.name
    return _preview(opened, Uploaded(upload.paths, opened.roles, name, upload.stamp, tensor), progress)


def corrected(roles: Roles, corrections: Corrections) -> Roles:
    """Roles without what the visitor does not want, and with images transposed and inverted as the visitor wishes.

    Examples
    --------
    >>> corrected(Roles(labels="kind", columns=("size",)), Corrections(without=("labels",))).columns
    ('kind', 'size')
    """
    if "labels" in corrections.without and roles.labels is not None:
        roles = replace(roles, labels=None, class_names=(), columns=(roles.labels, *roles.columns))
    if "group" in corrections.without:
        roles = replace(roles, group=None)
    if "images" in corrections.without:
        roles = replace(roles, images=None)
    if roles.images is not None:
        transposed = roles.images.transposed != corrections.transposed
        inverted = roles.images.inverted != corrections.inverted
        roles = replace(roles, images=replace(roles.images, transposed=transposed, inverted=inverted))
    return roles


def _preview(opened: "Opened", source: Files | Uploaded, progress: Progress) -> Preview:
    contents, roles = opened.contents, opened.roles
    fields = {field.name: field for field in contents.fields}
    check_something_to_lay_out(contents, roles)
    sampled = np.unique(np.linspace(0, contents.n - 1, N_SAMPLED).astype(np.int64)).tolist()
    images = None
    if roles.images is not None:
        field = fields[roles.images.field]
        parts = [images_of(field, roles.images, slice(row, row + 1), progress) for row in sampled]
        images = np.concatenate(parts)
    titles, class_names = (), tuple[str, ...]()
    if roles.labels is not None:
        codes, class_names = classes_of(fields[roles.labels], roles.class_names, slice(0, contents.n), progress)
        titles = tuple(class_names[codes[row]] for row in sampled)
    info = DatasetInfo(
        name=name_of(source),
        title=source.title,
        class_names=class_names,
        counts=_counts(contents),
        image_shape=None if images is None else images.shape[1:],
        download_bytes=0,
        on_machine=True,
        source=source,
        numbers=number_columns_of(contents, roles),
        vectors=tuple((names[0], sum(int(np.prod(fields[name].shape)) for name in names)) for names in roles.vectors),
    )
    shown = tuple(Shown(field.name, field.kind, field.shape, field.dtype.kind in "biuf") for field in contents.fields)
    return Preview(info, roles, shown, opened.said, images, titles)


def _preview_of_dataset(dataset: Dataset) -> Preview:
    """The preview of a dataset that is loaded already."""
    source = dataset.source
    assert isinstance(source, Files), "only files that say themselves what they hold"
    sampled = np.unique(np.linspace(0, len(dataset) - 1, N_SAMPLED).astype(np.int64))
    assert dataset.images is not None and dataset.labels is not None, "files in MNIST's format have both"
    ends = [first for _, first in dataset.splits[1:]] + [dataset.n_source]
    lengths = {name: end - first for (name, first), end in zip(dataset.splits, ends, strict=True)}
    info = DatasetInfo(
        name=name_of(source),
        title=source.title,
        class_names=dataset.class_names,
        counts=counts_of(lengths),
        image_shape=dataset.images.shape[1:],
        download_bytes=0,
        on_machine=True,
        source=source,
    )
    titles = tuple(dataset.class_names[code] for code in dataset.labels[sampled])
    return Preview(info, None, (), (), dataset.images[sampled], titles)


def name_of(source: DataSource) -> str:
    """Name of the dataset in `DatasetInfo`; it stays when files change, so that a visitor's choices stay, too."""
    match source:
        case Files(paths=paths, wishes=wishes):
            return f"files-{fingerprint(*map(str, paths), repr(wishes))}"
        case _:
            return f"upload-{source.key}"


def _counts(contents: Contents) -> dict[str, int]:
    if len(contents.splits) < 2:
        return {"all": contents.n}
    ends = [first for _, first in contents.splits[1:]] + [contents.n]
    return counts_of({name: end - first for (name, first), end in zip(contents.splits, ends, strict=True)})
