"""Overlaps compared with each other."""

from dataclasses import replace

import pytest


def assert_same_overlap(found, expected):
    """Equal but for the order in which squares are summed for the errors."""
    errors = [(each.spread.rate_error, each.spread.index_error) for each in (found, expected)]
    assert errors[0] == (errors[1] if None in errors[1] else pytest.approx(errors[1], abs=1e-12))
    spreads = [replace(each.spread, rate_error=None, index_error=None) for each in (found, expected)]
    assert replace(found, spread=spreads[0]) == replace(expected, spread=spreads[1])
