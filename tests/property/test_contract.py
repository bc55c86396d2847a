"""The browser contract holds for any ids and for anything that the browser sends."""

import base64
import math
from contextlib import suppress

import numpy as np
from hypothesis import given, settings, strategies as st

from embviz.errors import ProtocolError
from embviz.ui.contract.answers import focus_from_json, ids_from_json, look_from_json
from embviz.ui.contract.focus import Focus, id_set

IDS_AND_LIMIT = st.integers(1, 2000).flatmap(
    lambda limit: st.tuples(st.lists(st.integers(0, limit - 1), max_size=50), st.just(limit))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ALMOST_FOCUS = st.fixed_dictionaries(
    {
        "source": JSON | st.just("toy/100"),
        "serial": JSON | st.integers(0, 9),
        "pinned": JSON | st.integers(0, 9),
        "selected": JSON | st.lists(st.integers(0, 99), max_size=9).map(lambda ids: id_set(ids, 100)),
        "pair": JSON | st.lists(st.integers(0, 9), min_size=2, max_size=2),
    }
)


@settings(max_examples=100)
@given(IDS_AND_LIMIT)
def test_an_id_set_gives_back_its_ids_ascending_and_once(case: tuple[list[int], int]) -> None:
    ids, limit = case
    text = id_set(ids, limit)
    assert Focus(selected=text).selected_ids().tolist() == sorted(set(ids))
    assert len(base64.b64decode(text)) == math.ceil(limit / 8)
    assert id_set(np.array(ids, np.int64), limit) == text


@settings(max_examples=150)
@given(JSON | ALMOST_FOCUS)
def test_an_answer_is_a_focus_one_can_work_with_or_refused(answer: object) -> None:
    with suppress(ProtocolError):
        focus = focus_from_json(answer, "toy/100", 96)
        assert focus.source == "toy/100"
        assert focus.serial >= 0
        assert focus.pinned is None or focus.pinned >= 0
        assert all(0 <= id < 96 for id in focus.selected_ids())
        assert focus.pair is None or len({*focus.pair}) == 2


ALMOST_LOOK = st.fixed_dictionaries({"key": JSON | st.text(), "camera": JSON | st.lists(st.floats(), max_size=11)})


@settings(max_examples=100)
@given(JSON | ALMOST_LOOK)
def test_an_answer_is_a_place_to_look_from_in_finite_numbers_or_refused(answer: object) -> None:
    with suppress(ProtocolError):
        look = look_from_json(answer)
        assert isinstance(look["key"], str)
        assert len(look["camera"]) <= 9 and all(math.isfinite(number) for number in look["camera"])


@settings(max_examples=100)
@given(JSON | st.lists(st.integers(-2, 9), max_size=4))
def test_an_answer_is_a_list_of_counts_or_refused(answer: object) -> None:
    with suppress(ProtocolError):
        assert all(type(value) is int and value >= 0 for value in ids_from_json(answer, 4))
