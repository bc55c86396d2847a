"""What files usually call labels, groups, class names and layouts: the first guess at what a field is used for."""

import re

LABELS = ("label", "labels", "class", "classes", "target", "targets", "y", "category", "species", "digit", "digits")
"""Of a column of classes, the likeliest first."""

CLASS_NAMES = ("class_names", "classes", "label_names", "target_names", "categories", "names")
"""Of a list of texts, one per class."""

GROUPS = ("group", "writer", "author", "patient", "subject", "session", "batch", "source")
"""Of a column that says which items belong together, and are no independent samples."""

_LAYOUT = re.compile(r"umap|t-?sne|layout|coord|projection|pca|mds|trimap|pacmap|(^|[^a-z])xyz?$")


def is_label_name(name: str) -> bool:
    """Whether a field of that name is likely to hold classes, as files with and without splits call it.

    Examples
    --------
    >>> is_label_name("Labels"), is_label_name("train_y"), is_label_name("type")
    (True, True, False)
    """
    parts = re.split(r"[^a-z0-9]+", name.lower())
    return any(part in LABELS for part in parts)


def is_layout_name(name: str) -> bool:
    """Whether 2 or 3 numbers of that name are likely to be coordinates of a layout.

    Examples
    --------
    >>> is_layout_name("X_umap"), is_layout_name("size")
    (True, False)
    """
    return bool(_LAYOUT.search(name.lower()))
