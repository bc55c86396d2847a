"""Usual names of labels, groups, class names and layouts in files, by which the uses of fields are guessed."""

import re

LABELS = ("label", "labels", "class", "classes", "target", "targets", "y", "category", "species", "digit", "digits")
"""Names of a column of classes, the likeliest first."""

CLASS_NAMES = ("class_names", "classes", "label_names", "target_names", "categories", "names")
"""Names of a list of texts, one per class."""

GROUPS = ("group", "writer", "author", "patient", "subject", "session", "batch", "source")
"""Names of a column that says which items belong together, and are not independent samples."""

_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing", "t10k"), "test"),
}
"""Words for each split in names, in the order of splits."""

SPLITS = tuple(dict.fromkeys(_SPLITS.values()))

_LAYOUT = re.compile(r"umap|t-?sne|layout|coord|projection|pca|mds|trimap|pacmap|(^|[^a-z])xyz?$")


def is_label_name(name: str) -> bool:
    """Whether a field of this name is likely to hold classes; the name may also have a split in it.

    Examples
    --------
    >>> is_label_name("Labels"), is_label_name("train_y"), is_label_name("type")
    (True, True, False)
    """
    parts = re.split(r"[^a-z0-9]+", name.lower())
    return any(part in LABELS for part in parts)


def is_layout_name(name: str) -> bool:
    """Whether 2 or 3 numbers of this name are likely to be coordinates of a layout.

    Examples
    --------
    >>> is_layout_name("X_umap"), is_layout_name("size")
    (True, False)
    """
    return bool(_LAYOUT.search(name.lower()))


def split_in(name: str) -> str:
    """The split that a name has in it as a word; empty if it has none, or several.

    Examples
    --------
    >>> split_in("train-00000-of-00001"), split_in("validation_images"), split_in("trainer")
    ('train', 'val', '')
    """
    found = [_SPLITS[word] for word in re.split(r"[_\-. ]+", name.lower()) if word in _SPLITS]
    return found[0] if len(found) == 1 else ""


def without_split(name: str) -> str:
    """The name without the word for a split, which it must have in it.

    Examples
    --------
    >>> without_split("x_train"), without_split("kmnist-test-imgs")
    ('x', 'kmnist-imgs')
    """
    words = re.split(r"([_\-. ]+)", name)
    at = next(place for place, word in enumerate(words) if word.lower() in _SPLITS)
    rest = words[:at] + words[at + 2 :] if at + 1 < len(words) else words[: max(at - 1, 0)]
    return "".join(rest)


def is_id_name(name: str) -> bool:
    """Whether whole numbers of this name are likely to be ids of the items: its last word is "id".

    Examples
    --------
    >>> is_id_name("customer_id"), is_id_name("PassengerId"), is_id_name("sampleID"), is_id_name("grid")
    (True, True, True, False)
    """
    return bool(re.search(r"(^|[^A-Za-z0-9])[iI][dD]$|[a-z0-9]I[dD]$", name))


def is_name_of_ids(name: str) -> bool:
    """Whether whole numbers of this name are likely to be ids of other items.

    Examples
    --------
    >>> is_name_of_ids("neighbor_ids"), is_name_of_ids("pixels")
    (True, False)
    """
    return bool(re.search(r"neighbou?r|(^|[^a-z])(ids|indices)$", name.lower()))
