"""Controls that correct what was recognized in a visitor's files: which field is what, and how images are turned."""

from dataclasses import replace

import streamlit as st

from embviz.datasets.own.preview import Corrections, Preview
from embviz.ui.words import filled

MOST_LISTED = 20
"""Largest number of columns, side by side as vectors, that are listed as chosen; with more, the list starts empty."""


def corrections_control(first: Preview, key: str, before: Corrections) -> Corrections:
    """Draw the controls; returns the visitor's corrections of what was recognized.

    Parameters
    ----------
    first
        Preview of the files as they were recognized.
    key
        Text that is part of the controls' keys; it differs from upload to upload.
    before
        Corrections that were made before the preview: which of several tensors to read.
    """
    roles = first.roles
    assert roles is not None, "what was uploaded is read by its fields"
    whole = [field.name for field in first.fields if field.kind in ("vectors", "layout")]
    numbers = [field.name for field in first.fields if field.kind == "column" and field.is_number]
    vectors = [name for name in (*whole, *numbers) if "," not in name]  # wishes have a comma between names
    images = [field.name for field in first.fields if field.kind in ("images", "vectors")]
    columns = [field.name for field in first.fields if field.kind == "column"]
    one_hot = [] if roles.labels is None or roles.labels in columns else [roles.labels]
    guessed_vectors = [name for names in roles.vectors for name in names if name in vectors]
    if len(guessed_vectors) > MOST_LISTED:
        guessed_vectors = []
    chosen_vectors = st.multiselect(
        "Vectors",
        vectors,
        guessed_vectors,
        key=f"vectors-{key}",
        placeholder="as recognized" if roles.vectors else "none",
        help="Each column of vectors becomes a feature space of its own. Columns of numbers become one feature each, "
        "all in one space.",
    )
    left, middle, right = st.columns(3, gap="small")
    with left:
        guessed = roles.images.field if roles.images else None
        chosen_images, no_images = _one_of("Images", images, guessed, f"images-{key}")
    with middle:
        chosen_labels, no_labels = _one_of("Labels", [*one_hot, *columns], roles.labels, f"labels-{key}")
    with right:
        chosen_group, no_group = _one_of("Group", columns, roles.group, f"group-{key}")
    transposed = inverted = False
    if roles.images is not None or chosen_images is not None:
        with st.container(horizontal=True):
            transposed = st.toggle("Swap rows and columns of images", key=f"transposed-{key}")
            inverted = st.toggle("Swap dark and bright", key=f"inverted-{key}")
    changed = ",".join(chosen_vectors) if chosen_vectors and chosen_vectors != guessed_vectors else None
    without = {"images": no_images, "labels": no_labels, "group": no_group}
    return Corrections(
        replace(before.wishes, vectors=changed, images=chosen_images, labels=chosen_labels, group=chosen_group),
        tuple(name for name, is_left_out in without.items() if is_left_out),
        transposed,
        inverted,
    )


def _one_of(label: str, names: list[str], guessed: str | None, key: str) -> tuple[str | None, bool]:
    """The field that was chosen instead of the guessed one, and whether none is wanted."""
    chosen = st.selectbox(
        filled("{label}", label=label),
        names,
        names.index(guessed) if guessed in names else None,
        key=key,
        placeholder="none",
    )
    return (None if chosen == guessed else chosen), chosen is None and guessed is not None
