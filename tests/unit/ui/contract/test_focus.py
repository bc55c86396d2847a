"""Ids as a bit mask, in both directions."""

import base64

import pytest

from embviz.ui.contract.focus import Focus, id_set


def test_an_id_set_has_the_bit_of_each_id() -> None:
    assert base64.b64decode(id_set([0, 9, 10], 17)) == bytes([0b1, 0b110, 0])


def test_an_id_beyond_the_limit_is_a_bug_that_shows() -> None:
    with pytest.raises(IndexError):
        id_set([10], 10)


def test_nothing_selected_means_no_ids() -> None:
    assert Focus().selected_ids().tolist() == []
    assert Focus(selected=id_set([], 10)).selected_ids().tolist() == []
