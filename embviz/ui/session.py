"""The session of one visitor, and the values of controls; no other module uses Streamlit's session state."""

from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import Generic, TypeVar

import streamlit as st

from embviz.ui.memory import Memory
from embviz.ui.pane import Pane

SESSION = "session"
"""The key under which Streamlit holds the session of a visitor."""

PROJECTOR = "projector"
"""Key of the first pane of the page."""

Value = TypeVar("Value")
Default = TypeVar("Default")


@dataclass(eq=False, slots=True)
class Session(Memory):
    """Values that are remembered of one visitor from one run of the page to the next.

    Values that several modules need are attributes; values of one module are `kept` by their class.

    Attributes
    ----------
    pane
        The pane that sidebar and tabs are about.
    key
        Random key, by which an open page sees that the server has begun a new session for it.
    pair
        Names of the two classes that were chosen to be compared; None if none were chosen.
    label
        What points are to be labeled by, as `label` of a `ViewState`; empty for nothing.
    """

    pane: Pane = field(default_factory=partial(Pane, PROJECTOR))
    key: str = field(default_factory=partial(token_hex, 8))
    pair: tuple[str, str] | None = None
    label: str = ""


def session() -> Session:
    """The session of the visitor for whom this page is drawn."""
    found: Session = st.session_state.setdefault(SESSION, Session())
    return found


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a Control[str]("key")
class Control(Generic[Value]):
    """A control of the page, or a component, found by its key, and its value.

    Attributes
    ----------
    key
        Key that it is drawn with.
    """

    key: str

    @property
    def value(self) -> Value:
        """Value of the control, which must have been drawn before, or given a value by `show`."""
        value: Value = st.session_state[self.key]
        return value

    def value_or(self, default: Default) -> Value | Default:
        """Value of the control, or `default` if it was never drawn and `show` was never called."""
        value: Value | Default = st.session_state.get(self.key, default)
        return value

    def show(self, value: Value) -> None:
        """Set the value of the control; Streamlit allows that in callbacks, and before the control is drawn."""
        st.session_state[self.key] = value
