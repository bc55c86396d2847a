"""What the user says of files instead of what is guessed: fields by name, further files, and which tensor."""

from dataclasses import dataclass

NO_GROUP = "none"
"""What `Wishes.group` is if items are to stand for themselves."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of files: names of fields, further files, and which tensor.

    Attributes
    ----------
    vectors
        A field, several that are put side by side (``"a,b,c"``), or a file.
    labels
        A field or a file: of which class an item is.
    images
        A field, a file or a folder.
    metadata
        A file with further columns.
    group
        A field: which items belong together. `NO_GROUP` if none do.
    tensor
        Which tensor of a log folder of TensorBoard.
    """

    vectors: str | None = None
    labels: str | None = None
    images: str | None = None
    metadata: str | None = None
    group: str | None = None
    tensor: str | None = None


NO_WISHES = Wishes()

OPTIONS = ("images", "vectors", "labels", "metadata", "group")
"""Wishes that name fields or files, in the order in which they are granted."""
