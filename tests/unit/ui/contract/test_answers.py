"""Answers of the page are checked before anything is done with them."""

import base64

import pytest

from embviz.errors import ProtocolError
from embviz.ui.contract.answers import class_pair_from_json, focus_from_json, ids_from_json
from embviz.ui.contract.focus import Focus, id_set

ANSWER = {"source": "toy/100", "serial": 4, "pinned": 7, "selected": "Aw==", "pair": [3, 9]}


def test_an_answer_of_the_page_is_its_focus() -> None:
    focus = focus_from_json(ANSWER, "toy/100", 100)
    assert focus == Focus("toy/100", 4, 7, "Aw==", (3, 9))
    assert focus.selected_ids().tolist() == [0, 1]
    nothing = ANSWER | {"pinned": None, "selected": None, "pair": None}
    assert focus_from_json(nothing, "toy/100", 100) == Focus("toy/100", 4)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "focus",
        {},
        {key: value for key, value in ANSWER.items() if key != "selected"},
        ANSWER | {"more": 1},
        ANSWER | {"source": None},
        ANSWER | {"serial": -1},
        ANSWER | {"serial": 1.0},
        ANSWER | {"serial": True},
        ANSWER | {"serial": "4"},
        ANSWER | {"serial": 10**5000},
        ANSWER | {"serial": 2**53},
        ANSWER | {"pinned": 10**5000},
        ANSWER | {"source": "toy/101"},
        ANSWER | {"source": 10**5000},
        ANSWER | {"source": "toy/" + "9" * 5000},
        ANSWER | {"pinned": -1},
        ANSWER | {"pinned": False},
        ANSWER | {"pinned": [7]},
        ANSWER | {"selected": "no base64!"},
        ANSWER | {"selected": "Aw="},
        ANSWER | {"selected": "é"},
        ANSWER | {"selected": [0, 1]},
        ANSWER | {"selected": 3},
        ANSWER | {"selected": True},
        ANSWER | {"pair": 3},
        ANSWER | {"pair": [3]},
        ANSWER | {"pair": [3, 3]},
        ANSWER | {"pair": [3, 4, 5]},
        ANSWER | {"pair": [3, -1]},
        ANSWER | {"pair": "34"},
    ],
)
def test_a_malformed_focus_is_refused(answer: object) -> None:
    with pytest.raises(ProtocolError):
        focus_from_json(answer, "toy/100", 100)


def test_what_is_refused_is_quoted_but_not_at_length() -> None:
    with pytest.raises(ProtocolError) as refused:
        focus_from_json(ANSWER | {"source": "x" * 10_000}, "toy/100", 100)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("id_limit", [1, 8, 9, 24, 25, 1797, 70_000])
def test_a_selection_longer_than_one_of_all_items_is_refused_before_it_is_decoded(
    id_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = id_set(range(id_limit), id_limit)
    assert focus_from_json(ANSWER | {"selected": everything}, "toy/100", id_limit).selected == everything
    monkeypatch.setattr(base64, "b64decode", lambda *arguments, **options: pytest.fail("it was decoded"))
    for longer in (everything + "AAAA", "A" * 12_000_000):
        with pytest.raises(ProtocolError):
            focus_from_json(ANSWER | {"selected": longer}, "toy/100", id_limit)


def test_ids_of_a_card_are_counts() -> None:
    assert ids_from_json([3, 0], 2) == [3, 0]
    assert ids_from_json([], 2) == []


@pytest.mark.parametrize("answer", [None, 3, "31", {"0": 3}, [1.0], [-1], [True], ["3"], [[3]], [1, 2, 3], [10**5000]])
def test_anything_else_is_not_a_list_of_ids(answer: object) -> None:
    with pytest.raises(ProtocolError):
        ids_from_json(answer, 2)


def test_a_pair_of_classes_is_two_different_codes_of_those_there_are() -> None:
    assert class_pair_from_json([2, 0], 3) == (2, 0)
    for answer in (None, [1], [1, 1], [0, 3], [0, 1, 2], ["0", "1"], [-1, 0], "01"):
        with pytest.raises(ProtocolError):
            class_pair_from_json(answer, 3)
