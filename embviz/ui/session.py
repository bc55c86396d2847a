"""What the page remembers of one visitor, and what his controls say; no other module uses Streamlit's session state."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

from embviz.ui.contract.focus import Focus
from embviz.ui.run import Run
from embviz.ui.waiting.watch import Watched
from embviz.view import View

SESSION = "session"
"""The key under which Streamlit holds the session of a visitor."""

Kind = TypeVar("Kind")
Value = TypeVar("Value")
Default = TypeVar("Default")


@dataclass(eq=False, slots=True)
class Session:
    """What is remembered of one visitor from one run of the page to the next.

    What several modules need is an attribute. What only one module needs is a small class of that module, with a
    default for each field: `kept` and `keep` find its value by its class.

    Attributes
    ----------
    view
        The last one that was computed, or found. Drawn until the next one can be.
    run
        The last one that was started, if it may still be shown.
    pair
        Names of the two classes that were chosen to be compared; None before.
    focus
        What is pinned and selected.
    jobs
        The job started last for each `Computation`, by its name.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Zoom:
    ...     factor: float = 1.0
    >>> visitor = Session()
    >>> visitor.kept(Zoom).factor
    1.0
    >>> visitor.keep(Zoom(2.0))
    >>> visitor.kept(Zoom).factor
    2.0
    """

    view: View | None = None
    run: Run | None = None
    pair: tuple[str, str] | None = None
    focus: Focus = field(default_factory=Focus)
    jobs: dict[str, Watched] = field(default_factory=dict)
    _kept: dict[type, object] = field(default_factory=dict)

    def kept(self, kind: type[Kind]) -> Kind:
        """The value of this class that is kept; at first the one that the class makes of no arguments."""
        value = self._kept.setdefault(kind, kind())
        assert isinstance(value, kind), "values are kept by their class"
        return value

    def keep(self, value: object) -> None:
        """Keep this in place of the value of its class that was kept before."""
        self._kept[type(value)] = value


def session() -> Session:
    """The session of the visitor for whom this page is drawn."""
    found: Session = st.session_state.setdefault(SESSION, Session())
    return found


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a Control[str]("key")
class Control(Generic[Value]):
    """A control of the page, or a component, and what it says now.

    Attributes
    ----------
    key
        The one that it is drawn with.
    """

    key: str

    @property
    def value(self) -> Value:
        """What it says; it has been drawn, or was told what to show."""
        value: Value = st.session_state[self.key]
        return value

    def value_or(self, default: Default) -> Value | Default:
        """What it says, or `default` where it was never drawn nor told anything."""
        value: Value | Default = st.session_state.get(self.key, default)
        return value

    def show(self, value: Value) -> None:
        """Let it show this from now on: Streamlit allows that in callbacks, and before it is drawn."""
        st.session_state[self.key] = value
