"""The colorings that the select *Color by* offers: their titles, and each coloring as soon as somebody asks for it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_urlsafe

from embviz.coloring import KNOWN, ColorBy, Coloring, coloring_of
from embviz.coloring.coloring import Kind
from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.export.scores import Scores
from embviz.server import shelf
from embviz.ui.contract.legend import colors_body
from embviz.view import Forming, View

SCORES = {
    "trustworthiness": "Trustworthiness",
    "continuity": "Continuity",
    "neighbor_recall": "Neighbors kept",
    "class_trustworthiness": "Trustworthiness by class",
    "class_continuity": "Continuity by class",
    "hubness": "How often a neighbor",
    "singularity": "Singularity score",
    "stability": "Stability from seed to seed",
    "label_doubt": "Label in doubt",
}
"""Titles of the items' scores in the select *Color by*, which offers a score once a tab has measured it."""

KEPT = 8
"""Number of colorings kept, so that no run computes one again: for each of four panes two, of select and toggle."""

KINDS: Mapping[str, Kind] = {"categories": "categories", "values": "values"}
"""What a column may be asked for as, by its name in an address."""

Key = tuple[ColorBy, str, str, str]
"""Choice of a coloring, and fingerprints of dataset, features and layout; no layout unless the coloring is a score."""


class MadeColorings:
    """The colorings of one visitor that were asked for last; each is made once, whichever thread asks for it."""

    def __init__(self) -> None:
        self._made: dict[Key, Coloring | None] = {}
        self._making = threading.Lock()

    @property
    def made(self) -> list[tuple[Key, Coloring | None]]:
        """The colorings that are kept, the one asked for last at the end."""
        with self._making:
            return list(self._made.items())

    def coloring(self, by: ColorBy, shown: View | Forming, tagged: Dataset, scores: Scores) -> Coloring | None:
        """The coloring of the items of a view; None for one color.

        `tagged` is the view's dataset with tags as columns; `scores` are the measured scores of its items.
        """
        layout = shown.projection.fingerprint if isinstance(shown, View) and by.what == "score" else ""
        key = (by, tagged.fingerprint, shown.features.fingerprint, layout)
        with self._making:
            made = self._made.pop(key) if key in self._made else _new_coloring(by, shown, tagged, scores)
            self._made[key] = made
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return made


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class ColorOffer:
    """The colorings that are offered for the items of one view, by their titles in the select.

    Attributes
    ----------
    tagged
        The view's dataset with tags as columns.
    scores
        Measured scores of the items.
    choices
        The choices by title.
    token
        Part of the offer's address that cannot be guessed.
    """

    shown: View | Forming
    tagged: Dataset
    scores: Scores
    choices: Mapping[str, ColorBy]
    made: MadeColorings
    token: str = field(default_factory=token_urlsafe)

    def body(self, title: str, kind: str) -> bytes | None:
        """The bytes of a coloring, as in `colors_body`; None if no such coloring is offered.

        `kind` is ``categories``, ``values``, or empty for the usual kind of the column.
        """
        by = self.choices.get(title)
        if by is None or (kind and (by.what != "column" or kind not in KINDS)):
            return None
        try:
            coloring = self.coloring(replace(by, kind=KINDS[kind]) if kind else by)
        except InputError:  # text as values
            return None
        return colors_body(coloring, self.shown, shelf)

    def coloring(self, by: ColorBy) -> Coloring | None:
        """The coloring of a choice; None for one color."""
        return self.made.coloring(by, self.shown, self.tagged, self.scores)

    def is_of_the_same(self, other: "ColorOffer") -> bool:
        """Whether two offers have the same colorings."""
        return self._content == other._content

    @property
    def _content(self) -> tuple[object, ...]:
        layout = self.shown.projection.fingerprint if isinstance(self.shown, View) else ""
        return self.tagged.fingerprint, self.shown.features.fingerprint, layout, tuple(self.scores), self.made


def title(by: ColorBy) -> str:
    """Title of a coloring in the select.

    Examples
    --------
    >>> title(ColorBy("correctness")), title(ColorBy("column", "writer"))
    ('Right or wrong', 'writer')
    """
    match by.what:
        case "score":
            return SCORES.get(by.column, by.column)
        case "column":
            return by.column
        case "nothing":
            return "One color"
    return KNOWN[by.what].title


def _new_coloring(by: ColorBy, shown: View | Forming, tagged: Dataset, scores: Scores) -> Coloring | None:
    """A coloring; that of a score is named as in the select."""
    coloring = coloring_of(by, tagged, shown.features, scores)
    return replace(coloring, name=title(by)) if by.what == "score" and coloring is not None else coloring
