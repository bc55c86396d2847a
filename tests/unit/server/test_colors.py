"""The colors on offer: a page fetches those of its own offer, and nothing else."""

import gc

import numpy as np
import pytest

from embviz.coloring import ColorBy, column_coloring, label_coloring
from embviz.server import color_offers, shelf
from embviz.ui.contract.legend import colors_body
from embviz.ui.sidebar.color_offer import KEPT, ColorOffer, MadeColorings
from tests.unit.asgi import get
from tests.unit.ui.contract.views import toy_dataset, toy_view

AGES = np.array([3.0, 5.0, np.nan, 3.0])


@pytest.fixture
def offer() -> ColorOffer:
    tagged = toy_dataset(metadata={"age & size": AGES, "site": np.array(["a", "", "", "b"])})
    columns = {name: ColorBy("column", name) for name in tagged.metadata}
    choices = {"Class label": ColorBy(), **columns, "One color": ColorBy("nothing")}
    return ColorOffer(toy_view(tagged), tagged, {}, choices, MadeColorings())


def test_the_colors_of_a_title_are_at_its_address_as_what_kind_is_asked(offer: ColorOffer) -> None:
    address = "/" + color_offers.put(offer)
    usual = column_coloring(offer.tagged, "age & size", AGES)
    apart = column_coloring(offer.tagged, "age & size", AGES, "categories")
    expected = {
        "title=Class%20label": label_coloring(offer.tagged),
        "title=age%20%26%20size": usual,
        "title=age%20%26%20size&kind=categories": apart,
        "title=One%20color": None,
    }
    for query, coloring in expected.items():
        answer = get(f"{address}?{query}")
        assert (answer.status, answer.body) == (200, colors_body(coloring, offer.shown, shelf)), query


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?title=",
        "?title=tag",
        "?kind=values",
        "?title=age%20%26%20size&kind=other",
        "?title=Class%20label&kind=values",
        "?title=site&kind=values",
    ],
)
def test_what_is_not_on_offer_is_not_found(offer: ColorOffer, query: str) -> None:
    assert get(f"/{color_offers.put(offer)}{query}").status == 404


def test_an_offer_is_found_by_its_whole_address_as_long_as_its_page_holds_it(offer: ColorOffer) -> None:
    address = "/" + color_offers.put(offer)
    secret = address.split("/")[-2]
    for other in (address + "x", address.replace(secret, "x" * len(secret)), address.rpartition("/")[0]):
        assert get(f"{other}?title=Class%20label").status == 404
    *_, token = address.split("/")
    held = [offer]
    del offer
    assert color_offers.get(secret, token) is held.pop()


def test_offers_are_alike_only_with_the_same_items_columns_and_scores(offer: ColorOffer) -> None:
    def other(tagged=offer.tagged, scores=None):
        return ColorOffer(toy_view(tagged), tagged, scores or {}, offer.choices, offer.made)

    assert other().is_of_the_same(offer) and other().token != offer.token
    assert not other(toy_dataset(metadata={"age & size": AGES + 1})).is_of_the_same(offer)
    assert not other(scores={"hubness": AGES}).is_of_the_same(offer)


def test_a_coloring_is_made_once_and_the_ones_asked_for_last_are_kept() -> None:
    columns = {f"column {at}": np.arange(4.0) + at for at in range(KEPT + 1)}
    tagged = toy_dataset(metadata=columns)
    view, made = toy_view(tagged), MadeColorings()
    first, *_, last = [made.coloring(ColorBy("column", name), view, tagged, {}) for name in columns]
    assert len(made.made) == KEPT and made.made[-1][1] is last
    assert made.coloring(ColorBy("column", list(columns)[-1]), view, tagged, {}) is last
    assert made.coloring(ColorBy("column", "column 0"), view, tagged, {}) is not first


def test_an_offer_that_nobody_holds_is_gone() -> None:
    tagged = toy_dataset()
    address = color_offers.put(ColorOffer(toy_view(tagged), tagged, {}, {"Class label": ColorBy()}, MadeColorings()))
    gc.collect()
    assert get(f"/{address}?title=Class%20label").status == 404
