"""Reader of a zip file of a projector folder, as the Export tab makes it; it stays unpacked while its fields exist."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.opened import opened, title_of
from embviz.datasets.files.projector.config import CONFIG_FILE
from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.errors import DatasetError, ExportError
from embviz.progress import Progress, no_progress
from embviz.storage.scratch import ScratchFolder

_MOST_BYTES = 2**33
_MOST_FILES = 10_000
_PIECE = 2**20


def looks_like_projector_zip(path: Path) -> bool:
    """Whether a file is a zip file with a `projector_config.pbtxt` in it."""
    try:
        with _archive(path) as archive:
            return any(PurePosixPath(name).name == CONFIG_FILE for name in archive.namelist())
    except DatasetError:
        return False


def projector_zip_contents(path: Path, *, progress: Progress = no_progress) -> Contents:
    """Contents of a zip file, as `tensorboard_contents` reads its folder, which stays unpacked while they are used.

    Parameters
    ----------
    path
        The zip file.
    progress
        Called with stage ``Unpacking`` and the bytes.

    Raises
    ------
    DatasetError
        If it is not a complete zip file, would unpack to more than 8 GiB or to files outside, or holds no config.
    """
    with _archive(path) as archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        total = sum(each.file_size for each in members)
        if total > _MOST_BYTES or len(members) > _MOST_FILES:
            raise DatasetError(
                f"{path} would unpack to {len(members):,} files of {total / 1e9:,.1f} GB; "
                "unpack it yourself, and give the folder"
            )
        try:
            scratch = ScratchFolder(total)
        except ExportError as error:
            raise DatasetError(f"{path} cannot be unpacked: {error}") from error
        done = 0
        for member in members:
            done = _unpack(path, archive, member, scratch.path, done, total, progress)
    found = tensorboard_contents(scratch.path)
    fields = tuple(replace(field, read=partial(_read, scratch, field)) for field in found.fields)
    notes = tuple(note.replace(f"{scratch.path}/", "") for note in found.notes)
    name = title_of(path) if found.name == scratch.path.name else found.name
    return Contents(name, found.n, fields, found.splits, notes)


def _read(_: ScratchFolder, field: Field, rows: slice, progress: Progress) -> AnyArray:
    """Values of a field. The unused argument keeps the unpacked folder, which is removed with the last reference."""
    return field.read(rows, progress)


def _unpack(
    path: Path,
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    folder: Path,
    done: int,
    total: int,
    progress: Progress,
) -> int:
    """Unpack one file of the archive, a link as a plain file; returns `done` plus the bytes written."""
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    if not parts or {"..", "/"} & set(parts) or ":" in parts[0]:
        raise DatasetError(f"{path} holds {member.filename!r:.80}, which would be unpacked elsewhere; pack it again")
    target = folder.joinpath(*parts)
    if target.exists():
        raise DatasetError(f"{path} holds {member.filename!r:.80} twice; pack it again")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("xb") as file:
            while piece := packed.read(_PIECE):
                progress("Unpacking", done, total)
                done += file.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        what = f"{member.filename!r:.80} in it cannot be read ({error!s:.80})"
        raise DatasetError(f"{path} is not a complete zip file: {what}; get it again") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be unpacked: {error.strerror or error}; make room") from error
    return done


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    with opened(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            raise DatasetError(f"{path} is not a complete zip file ({error!s:.80}); get it again") from error
