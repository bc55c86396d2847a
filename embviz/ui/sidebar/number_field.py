"""Fields that always show the number in use: an entry that cannot be used is replaced, and a sentence says why."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from embviz.ui.session import Control, session
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import Markdown, as_html

NUMBER = re.compile(r"[+-]?(\d{1,3}([, ]\d{3})+|\d+)(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
"""Allowed form of a number: commas or blanks may separate thousands only; a comma elsewhere would be ambiguous."""
LONGEST = 20
"""Largest number of typed characters that the sentence repeats."""
READING_SECONDS = 10.0
"""Seconds for which the sentence stays, even if the page runs again meanwhile."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The numbers that a field takes: from `least` to `most`, and whole numbers only if `whole` is true."""

    least: float
    most: float
    whole: bool = False

    def number_of(self, text: str) -> float | None:
        """The number that was typed; None if the text is not a number, or not an allowed one.

        Examples
        --------
        >>> Allowed(0, 5000, whole=True).number_of("1,000")
        1000.0
        >>> Allowed(0, 5000, whole=True).number_of("-5")
        """
        if not NUMBER.fullmatch(text.strip()):
            return None
        number = float(re.sub("[, ]", "", text))
        is_one = self.least <= number <= self.most and (number.is_integer() or not self.whole)
        return number if is_one else None

    def __str__(self) -> str:
        return f"a {'whole ' if self.whole else ''}number from {written(self.least)} to {written(self.most)}"


@dataclass(slots=True)
class Refusal:
    """A sentence on an entry that cannot be used, and when it was first shown (`time.monotonic`), if it was."""

    sentence: str
    first_shown: float | None = None


@dataclass(eq=False, slots=True)
class Refusals:
    """Refusals that the visitor may not have read yet, by the key of their field."""

    by_key: dict[str, Refusal] = field(default_factory=dict)


def number_field(label: Markdown, usual: float, allowed: Allowed, *, key: str, help: Markdown | None = None) -> float:
    """The number in a field, which is one of those allowed; draws the field."""
    number = _field(label, written(usual), allowed, key, help)
    assert number is not None, "without a number for an empty field there is always one"
    return number


def optional_number_field(
    label: Markdown,
    usual: float | None,
    allowed: Allowed,
    *,
    key: str,
    empty: str,
    help: Markdown | None = None,
    on_number: Callable[[float | None], None] = lambda number: None,
) -> float | None:
    """The number in a field, or None if the field is empty; draws the field.

    An empty field shows `empty`, which says in gray what is used without a number. When the visitor enters another
    number, or none, `on_number` is called with it before the page runs again.
    """
    return _field(label, "" if usual is None else written(usual), allowed, key, help, empty, on_number)


def _field(
    label: Markdown,
    usual: str,
    allowed: Allowed,
    key: str,
    help: Markdown | None,
    empty: str = "",
    on_number: Callable[[float | None], None] = lambda number: None,
) -> float | None:
    def changed() -> None:
        text = control.value
        number = allowed.number_of(text)
        if number is not None or (empty and not text.strip()):
            control.show("" if number is None else written(number))
            take_back_refusal(key)
            on_number(number)
        else:
            control.show(used)
            refuse(key, text, allowed, used or empty)

    control = Control[str](key)
    first = first_shown(key, usual, lambda text: allowed.number_of(text) is not None or bool(empty and not text))
    st.text_input(label, control.value_or(first), key=key, help=help, placeholder=empty or None, on_change=changed)
    used = control.value  # not `usual`, because after a restart the browser still has what was typed before
    show_refusal(key)
    return allowed.number_of(used)


def written(number: float) -> str:
    """A number as a field shows it.

    Examples
    --------
    >>> written(10000.0), written(0.25)
    ('10,000', '0.25')
    """
    return f"{number:,.15g}"


def refuse(key: str, text: str, allowed: Allowed, used: str) -> None:
    """Have the page say beside a field why it shows `used` again and not the text that was typed."""
    typed = text.strip() if len(text.strip()) <= LONGEST else f"{text.strip()[:LONGEST]}…"
    what = f"“{typed}” is not {allowed}" if typed else f"This must be {allowed}"
    session().kept(Refusals).by_key[key] = Refusal(f"{what}; it is {used} as before.")


def take_back_refusal(key: str) -> None:
    """Remove the sentence beside a field, because a number was typed that can be used, or it was shown long enough."""
    session().kept(Refusals).by_key.pop(key, None)


def show_refusal(key: str) -> None:
    """Draw the sentence that belongs to a field, if the visitor may not have read it yet."""
    refusal = session().kept(Refusals).by_key.get(key)
    if refusal is None:
        return
    refusal.first_shown = refusal.first_shown or time.monotonic()  # not when it was typed: the page may be slow
    if time.monotonic() - refusal.first_shown > READING_SECONDS:
        take_back_refusal(key)
    else:
        st.html(f'<p class="embviz-refusal" role="alert">{as_html(refusal.sentence)}</p>')
