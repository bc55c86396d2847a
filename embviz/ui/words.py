"""Text on the page: ours is Markdown, and what is not ours is put into it so that it is shown as it is."""

import html
import re
import string
from collections.abc import Iterable
from numbers import Real
from typing import Any

MARKDOWN = re.compile(r"[\\`*\[\]{}|~$]|<(?=[a-z/!?])|(?<![^\W_])_|_(?![^\W_])|:(?=\w)|&(?=[#\w])", re.IGNORECASE)
"""What means something in Markdown, wherever it stands."""
BEGINNING = re.compile(r"\A(?:\d+(?=[.)]$)|(?=>|[-+]$|#+$|=+$))")
"""What stands before a character that means something in the first word of a line: lists, headings, quotes."""
REPLACED = re.compile(r"https?://|www\.|@|--|->|<-|[<>~]=|:[\w/+-]+:|:material/", re.IGNORECASE)
"""What Streamlit makes links, icons, arrows and dashes of, also where it is escaped; only in code it does not."""
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, what turns the direction of reading, and half characters, which cannot be sent."""


class Markdown(str):
    """Text that may be given to Streamlit: only the functions of this module make it."""

    __slots__ = ()


def as_text(value: object) -> Markdown:
    r"""Text that is not ours (of a file, a visitor, an error) so that Markdown shows it as it is.

    Blanks and ends of lines become one blank each, as they would be in HTML; <= and >= between words become one sign.

    Examples
    --------
    >>> print(as_text("[1]_a"), as_text("https://a.example"))
    \[1\]\_a `https://a.example`
    """
    first, *others = visible(value).split() or [""]
    rest = [word if word in ("<=", ">=") else _word_as_text(word) for word in others]
    return Markdown(" ".join([_word_as_text(first, is_first=True), *rest]))


def _word_as_text(word: str, *, is_first: bool = False) -> str:
    if REPLACED.search(word):
        return r"\/".join(_as_code(part) for part in re.split("(?<=:material)/", word))  # replaced in code too
    escaped = MARKDOWN.sub(r"\\\g<0>", word)
    return BEGINNING.sub(r"\g<0>\\", escaped) if is_first else escaped


def _as_code(text: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    blank = " " if "`" in (text[:1], text[-1:]) else ""
    return f"{fence}{blank}{text}{blank}{fence}" if text else ""


def as_html(value: object) -> str:
    """Text that is not ours for use in HTML, between tags or in quotes.

    Examples
    --------
    >>> as_html('<"&">')
    '&lt;&quot;&amp;&quot;&gt;'
    """
    return html.escape(visible(value))


def visible(value: object) -> str:
    r"""Text in which what cannot be seen, or not be sent, is written out.

    Examples
    --------
    >>> print(visible("a\x00"))
    a\x00
    """
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], str(value))


def filled(template: str, **values: object) -> Markdown:
    r"""Markdown of ours, in which the places in braces are taken by `values`: numbers, or text shown as it is.

    Examples
    --------
    >>> print(filled("**{label}** {n:,}", label="a*b", n=1000))
    **a\*b** 1,000
    """
    return Markdown(_Filler().vformat(template, (), values))


def joined(separator: str, parts: Iterable[Markdown]) -> Markdown:
    """Several texts as one, with `separator`, which is ours, between them."""
    return Markdown(separator.join(parts))


class _Filler(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, Markdown):
            return value
        text = super().format_field(value, format_spec)
        return text if isinstance(value, Real) else as_text(text)
