"""The `Wishes` value: fields, further files and a tensor that the user names in place of guesses."""

from dataclasses import dataclass

NO_GROUP = "none"
"""Value of `Wishes.group` if no items belong together."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Names of fields, further files and a tensor from the user, in place of guesses; a use is guessed if it is None.

    Attributes
    ----------
    vectors
        A field, several that are put side by side (``"a,b,c"``), or a file.
    labels
        A field or a file with the class of each item.
    images
        A field, a file or a folder with the images.
    metadata
        A file with further columns.
    group
        A field that says which items belong together; `NO_GROUP` if none do.
    tensor
        Name of a tensor in a log folder of TensorBoard.
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


def why_nothing_to_open(wishes: Wishes) -> str:
    """A sentence for wishes that name no file where no other file is given: the name that was taken for one.

    Examples
    --------
    >>> why_nothing_to_open(Wishes(vectors="v.npy"))
    "there is no file or folder 'v.npy'; give one that is there, and its own file or folder for a field"
    """
    named = next((wish for wish in (wishes.vectors, wishes.images, wishes.labels, wishes.metadata) if wish), "")
    if not named:
        options = "--vectors or --images, in Python vectors= or images="
        return f"give a file or a folder, or files of vectors or images: {options}"
    return f"there is no file or folder {named!r:.200}; give one that is there, and its own file or folder for a field"
