"""Roles of fields, changed as the user wishes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.uses.build import names_said
from embviz.datasets.files.uses.guess import guessed_roles, pictures_of
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.files.uses.usual_names import is_label_name
from embviz.errors import DatasetError
from embviz.progress import Progress


def with_wish(roles: Roles, option: str, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    """Roles of fields, changed by one wish of the user.

    Parameters
    ----------
    roles
        Roles before the change: those guessed with the labels and other columns that are wished.
    option
        One of `OPTIONS`.
    chosen
        The fields that the wish names, or all fields of a file that it names.
    is_file
        Whether the wish names a file.
    progress
        Called while values are looked at.

    Raises
    ------
    DatasetError
        If the fields cannot be used in this way.
    """
    return _WITH[option](roles, chosen, is_file, progress)


def no_features(asked: Mapping[str, Sequence[Field]]) -> set[str]:
    """Names of the fields that are asked for as something else than features, of fields by option."""
    return {field.name for option in ("labels", "metadata", "group") for field in asked.get(option, ())}


def features_in(
    contents: Contents, names: Mapping[str, str], asked: Mapping[str, Sequence[Field]], files: Collection[str]
) -> list[str]:
    """Names of the fields in a file of vectors that are features: those that are if the file is opened alone.

    Parameters
    ----------
    contents
        Contents of the file.
    names
        Names of its fields among those of all files, by their own names.
    asked
        Fields of all files that are asked for, by option.
    files
        The options whose value is a file.
    """
    labels = labels_among(asked["labels"], "labels" in files) if "labels" in asked else None
    own = next((name for name, new in names.items() if new == labels), None)
    kept_out = no_features(asked)
    roles, _ = guessed_roles(contents, labels=own, no_features=[name for name, new in names.items() if new in kept_out])
    return [names[each] for vectors in roles.vectors for each in vectors] or list(names.values())


def _with_vectors(roles: Roles, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    """Each field of vectors is a set; columns of numbers are one set, side by side."""
    whole = [(field.name,) for field in chosen if field.kind in ("vectors", "layout")]
    columns = tuple(
        field.name for field in chosen if field.kind == "column" and (field.dtype.kind in "if" or not is_file)
    )
    sets = tuple(whole) if whole else (columns,) if columns else ()
    if not sets:
        raise DatasetError(f"there are no vectors in {names_said([field.name for field in chosen])}; give numbers")
    images = roles.images if roles.images and (roles.images.field,) not in sets else None
    return replace(roles, vectors=sets, images=images)


def _with_images(roles: Roles, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    found = next((each for field in chosen if (each := pictures_of(field, progress)) is not None), None)
    if found is None:
        raise DatasetError(
            f"there are no images in {names_said([field.name for field in chosen])}; give arrays of shape (n, h, w), "
            "or squares of numbers"
        )
    return replace(roles, images=found, vectors=tuple(each for each in roles.vectors if each != (found.field,)))


def labels_among(chosen: Sequence[Field], is_file: bool) -> str:
    """Name of the field of classes that a wish for labels means.

    Parameters
    ----------
    chosen, is_file
        As in `with_wish`.

    Raises
    ------
    DatasetError
        If a file has several fields, none of which is named like labels, or none can hold classes.
    """
    names = [field.name for field in chosen if field.kind in ("column", "vectors")]
    named = [name for name in names if is_label_name(name)]
    if not names or (is_file and len(names) > 1 and not named):
        has = names_said([field.name for field in chosen])
        raise DatasetError(f"which are the labels among {has}? Name the column: labels=")
    return named[0] if is_file and named else names[0]


def _with_labels(roles: Roles, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    """Labels that are also named for vectors stay there."""
    return replace(roles, labels=labels_among(chosen, is_file))


def _with_group(roles: Roles, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    if len(chosen) != 1 or chosen[0].kind != "column":
        raise DatasetError(f"a group is one column, got {names_said([field.name for field in chosen])}; choose one")
    return replace(roles, group=chosen[0].name)


def _with_columns(roles: Roles, chosen: list[Field], is_file: bool, progress: Progress) -> Roles:
    more = (
        field.name for field in chosen if field.kind == "column" and field.name not in (*roles.columns, roles.labels)
    )
    return replace(roles, columns=(*roles.columns, *more))


_WITH: dict[str, Callable[[Roles, list[Field], bool, Progress], Roles]] = {
    "images": _with_images,
    "vectors": _with_vectors,
    "labels": _with_labels,
    "metadata": _with_columns,
    "group": _with_group,
}
