"""What the page remembers of one visitor, and what his controls say; no other module uses Streamlit's session state."""

from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

import streamlit as st

from embviz.ui.memory import Memory
from embviz.ui.pane import Pane

SESSION = "session"
"""The key under which Streamlit holds the session of a visitor."""

PROJECTOR = "projector"
"""Key of the one pane that the page shows."""

Value = TypeVar("Value")
Default = TypeVar("Default")


@dataclass(eq=False, slots=True)
class Session(Memory):
    """What is remembered of one visitor from one run of the page to the next.

    What several modules need is an attribute; what only one needs is `kept` for it.

    Attributes
    ----------
    pane
        The one that sidebar and tabs are about.
    pair
        Names of the two classes that were chosen to be compared; None before.
    label
        What points are to be labeled by, as in `ViewState`; empty for nothing.
    """

    pane: Pane = field(default_factory=partial(Pane, PROJECTOR))
    pair: tuple[str, str] | None = None
    label: str = ""


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
