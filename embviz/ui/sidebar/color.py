"""The choice of what the points are colored by: labels, predictions, columns or scores of the items shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import streamlit as st

from embviz.coloring import CategoryColoring, ColorBy, Coloring, colorings_offered
from embviz.dataset import Dataset
from embviz.export.scores import Scores
from embviz.findings.trust import scores_at_hand
from embviz.server import color_offers
from embviz.storage.store import default_store
from embviz.ui.component import recoloring
from embviz.ui.contract.color_messages import RecoloringRequest
from embviz.ui.session import Control, session
from embviz.ui.sidebar.color_offer import ColorOffer, MadeColorings, title
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text, told_apart
from embviz.view import Forming, View

SELECT = Control[ColorBy]("color-by")

AS_CATEGORIES = (
    "On: a color for each number or date, as for codes. Off: a scale of colors from the lowest to the highest."
)


@dataclass(frozen=True, slots=True)
class ColorChoice:
    """The coloring that was chosen last; None if none was, or if a bookmark restored the usual colors (`is_usual`)."""

    by: ColorBy | None = None
    is_usual: bool = False


@dataclass(frozen=True, slots=True)
class ColorShown:
    """The coloring of the first pane's points, None where all have one color; and whether that is the usual one."""

    by: ColorBy | None = None
    is_usual: bool = True

    @property
    def chosen(self) -> ColorBy | None:
        """The coloring if it is not the usual one; else None."""
        return None if self.is_usual else self.by


@dataclass(frozen=True, slots=True)
class OfferNow:
    """The colorings that the page offers now; None if there is nothing to choose from."""

    offer: ColorOffer | None = None


@dataclass(frozen=True, slots=True)
class Recoloring:
    """State of a change of color.

    Attributes
    ----------
    is_ahead
        Whether the select is drawn by itself, ahead of the rest of the page.
    is_painted
        Whether the plot has the colors, so that the rest of the page may follow.
    """

    is_ahead: bool = False
    is_painted: bool = False


def color_control(shown: View | Forming, tagged: Dataset, drawn: str) -> Coloring | None:
    """Draw the select *Color by*; returns the coloring that it asks for, None for one color.

    `tagged` is the dataset with tags as columns; scores are those of the items without tags. If items cannot be colored
    by what was chosen for other items, the first coloring offered is shown. If none is offered, nothing is drawn, and
    None is returned. `drawn` is the revision of the items in the projector of the first pane, which gets other colors
    at once; the rest of the page follows.
    """
    session().keep(Recoloring())
    _choice(shown, tagged, drawn)
    session().keep(Recoloring(is_ahead=True))
    return coloring_like(shown, tagged)


@st.fragment
def _choice(shown: View | Forming, tagged: Dataset, drawn: str) -> None:
    """Draw the select as a fragment, because points are to have their colors before all of the page is drawn again."""
    state = session().kept(Recoloring)
    if state.is_painted:
        st.rerun()
    offer = _new_offer(shown, tagged)
    if not offer.choices:
        session().keep(OfferNow())
        session().keep(ColorShown())
        return
    url = f"{color_offers.put(offer)}?title="  # put before the offer before it goes, which may have the same address
    session().keep(OfferNow(offer))
    titles = {by: title for title, by in offer.choices.items()}
    picked = _picked(titles)
    by = _with_kind(picked, offer)
    session().keep(ColorShown(by, is_usual=by == next(iter(titles))))
    kind = f"&kind={by.kind}" if by.kind != picked.kind else ""
    request: RecoloringRequest = {
        "pane": session().pane.key,
        "items": drawn,
        "select": SELECT.key,
        "url": url,
        "chosen": f"{url}{quote(titles[picked], safe='')}{kind}" if state.is_ahead else None,
    }
    recoloring("recoloring", request, _painted)


def _painted() -> None:
    session().keep(Recoloring(is_painted=True))


def _new_offer(shown: View | Forming, tagged: Dataset) -> ColorOffer:
    """The colorings offered for these items, at the address of the offer before if that has the same ones."""
    scores = _scores_of(shown)
    titles = told_apart({by: title(by) for by in colorings_offered(tagged, shown.features, scores)})
    choices = {title: by for by, title in titles.items()}
    offer = ColorOffer(shown, tagged, scores, choices, session().kept(MadeColorings))
    before = session().kept(OfferNow).offer
    return replace(offer, token=before.token) if before is not None and before.is_of_the_same(offer) else offer


def _picked(titles: Mapping[ColorBy, str]) -> ColorBy:
    """Draw the select; returns the coloring that it asks for."""
    offered = list(titles)
    choice = session().kept(ColorChoice)
    chosen = choice.by
    by = chosen if chosen is not None and chosen in titles else first_shown(SELECT.key, offered[0], titles.__contains__)
    if chosen is not None or choice.is_usual:  # else the browser may still have what was chosen before a restart
        SELECT.show(by)

    def changed() -> None:
        session().keep(ColorChoice(SELECT.value))

    shown_as = titles.__getitem__
    return st.selectbox("Color by", offered, offered.index(by), key=SELECT.key, on_change=changed, format_func=shown_as)


def _with_kind(picked: ColorBy, offer: ColorOffer) -> ColorBy:
    """The coloring that was picked, as categories or as numbers; draws the toggle for columns that can be either."""
    if picked.what != "column":
        return picked
    are_usual = isinstance(offer.coloring(picked), CategoryColoring)
    if are_usual and offer.tagged.metadata[picked.column].dtype.kind not in "if":
        return picked
    key = f"categories-{picked.column}"
    as_categories = st.toggle("As categories", first_shown(key, are_usual), key=key, help=as_text(AS_CATEGORIES))
    return picked if as_categories == are_usual else replace(picked, kind="categories" if as_categories else "values")


def coloring_like(shown: View | Forming, tagged: Dataset) -> Coloring | None:
    """The coloring of a view by what the first pane shows, or else the first one offered; None for one color.

    `tagged` is its dataset with tags as columns.
    """
    scores = _scores_of(shown)
    offered = colorings_offered(tagged, shown.features, scores)
    by = session().kept(ColorShown).by
    if not offered or by is None:
        return None
    is_offered = by in offered or replace(by, kind=None) in offered
    return session().kept(MadeColorings).coloring(by if is_offered else offered[0], shown, tagged, scores)


def color_by_score(name: str) -> None:
    """Have the items colored by one of their scores from the next run on."""
    session().keep(ColorChoice(ColorBy("score", name, "values")))


def bring_back_color(by: ColorBy | None) -> None:
    """Have the points colored by `by`, or as usual if it is None, from the next run on; called in a callback."""
    asked = by if by is None or by.what == "score" else replace(by, kind=None)
    session().keep(ColorChoice(asked, is_usual=by is None))
    if by is not None and by.what == "column" and by.kind is not None:
        Control[bool](f"categories-{by.column}").show(by.kind == "categories")


def _scores_of(shown: View | Forming) -> Scores:
    """The scores measured for the items and the layout shown, by name; empty while the layout forms."""
    return scores_at_hand(shown, default_store()) if isinstance(shown, View) else {}
