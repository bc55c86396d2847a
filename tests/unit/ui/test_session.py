"""What is remembered of a visitor is found by its class, and is his alone."""

from dataclasses import dataclass, field

from embviz.ui.session import Session


@dataclass(frozen=True)
class Zoom:
    factor: float = 1.0


@dataclass(frozen=True)
class Wheel(Zoom):
    pass


@dataclass
class Seen:
    items: list[int] = field(default_factory=list)


def test_what_was_never_kept_is_what_its_class_makes_and_stays_that() -> None:
    visitor = Session()
    assert visitor.kept(Zoom) == Zoom()
    visitor.kept(Seen).items.append(7)
    assert visitor.kept(Seen).items == [7]


def test_the_value_kept_last_is_found_and_those_of_other_classes_stay() -> None:
    visitor = Session()
    visitor.keep(Zoom(2.0))
    visitor.keep(Wheel(3.0))
    visitor.keep(Zoom(4.0))
    assert (visitor.kept(Zoom), visitor.kept(Wheel)) == (Zoom(4.0), Wheel(3.0))


def test_two_visitors_share_nothing() -> None:
    one, other = Session(), Session()
    one.keep(Zoom(2.0))
    one.kept(Seen).items.append(7)
    one.pair, one.pane.run = ("1", "7"), object()
    assert other.kept(Zoom) == Zoom() and other.kept(Seen).items == [] and other.pair is None
    assert one.pane is not other.pane and other.pane.run is None
