"""The visitor's request for a check of the labels on screen, whose result two tabs show."""

from dataclasses import dataclass

from embviz.label_check import LabelCheck
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation

LABELS = Computation[LabelCheck]("labels")


@dataclass(frozen=True, slots=True)
class Asked:
    """Fingerprints of the data and the features whose labels the visitor asked to check last; None if none."""

    of: tuple[str, str] | None = None


def ask(key: tuple[str, str]) -> None:
    """Have the labels of these data checked, or checked again."""
    LABELS.forget()
    session().keep(Asked(key))
