"""The benchmark of judges: their intervals hold in a small run, and the table has a line for each."""

from tests.bench.intervals import Setting
from tests.bench.judges import judged, markdown


def test_intervals_of_grouped_items_hold():
    found = list(judged(Setting(0.3, 200, 5, 2.0), 30))
    assert [each.judge for each in found] == ["neighbors", "probe", "axis"]
    assert all(each.covered >= 0.8 and 0.7 < each.accuracy < 0.9 for each in found)
    assert markdown(found, 30).count("\n| 0.3 | 200 | 5 | 2 |") == 3
