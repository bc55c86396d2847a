"""Texts for the page: our own are Markdown; texts of files, visitors and errors are escaped and shown literally."""

import html
import re
import string
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, TypeVar

Key = TypeVar("Key")

MARKDOWN = re.compile(r"[\\`*\[\]{}|~$]|<(?=[a-z/!?])|(?<![^\W_])_|_(?![^\W_])|:(?=\w)|&(?=[#\w])", re.IGNORECASE)
"""Characters that have a meaning in Markdown anywhere in a line."""
BEGINNING = re.compile(r"\A(?:\d+(?=[.)]$)|(?=>|[-+]$|#+$|=+$))")
"""Place before a character that has a meaning only in the first word of a line: in lists, headings and quotes."""
REPLACED = re.compile(r"https?://|www\.|@|--|->|<-|[<>~]=|:[\w/+-]+:|:material/", re.IGNORECASE)
"""Texts that Streamlit turns into links, icons, arrows and dashes, even if escaped; in code it leaves them alone."""
PERCENT = re.compile(r"(?<=[\d}]) (?=%)")
"""Blank of a template between a number and its percent sign, where no line should break."""
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, characters that change the direction of reading, and surrogates, which UTF-8 cannot encode."""


class Markdown(str):
    """Text that may be given to Streamlit as Markdown; only the functions of this module make one."""

    __slots__ = ()


def as_text(value: object) -> Markdown:
    r"""Text that is not ours (from a file, a visitor, an error), escaped so that Markdown shows it as it is.

    Each run of blanks and line ends becomes one blank, as in HTML. Streamlit shows <= and >= between words as ≤ and ≥.

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
        return r"\/".join(_as_code(part) for part in re.split("(?<=:material)/", word))  # icons even in code
    escaped = MARKDOWN.sub(r"\\\g<0>", word)
    return BEGINNING.sub(r"\g<0>\\", escaped) if is_first else escaped


def _as_code(text: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    blank = " " if "`" in (text[:1], text[-1:]) else ""
    return f"{fence}{blank}{text}{blank}{fence}" if text else ""


def as_html(value: object) -> str:
    """Text that is not ours, escaped for use in HTML, between tags or in quotes.

    Examples
    --------
    >>> as_html('<"&">')
    '&lt;&quot;&amp;&quot;&gt;'
    """
    return html.escape(visible(value))


def visible(value: object) -> str:
    r"""Text in which characters that cannot be seen or sent are written as escapes.

    Examples
    --------
    >>> print(visible("a\x00"))
    a\x00
    """
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], str(value))


def filled(template: str, **values: object) -> Markdown:
    r"""A Markdown template of ours with `values` in place of the names in braces; texts among them are escaped.

    In the template, the blank between a number and a percent sign becomes one at which no line breaks.

    Examples
    --------
    >>> print(filled("**{label}** {n:,}", label="a*b", n=1000))
    **a\*b** 1,000
    >>> filled("{share:.1f} %", share=4.06)
    '4.1\xa0%'
    """
    return Markdown(_Filler().vformat(PERCENT.sub("\xa0", template), (), values))


def three_digits(number: float) -> str:
    """A number with three significant digits, trailing zeros included; from 100 on, rounded to a whole number.

    Examples
    --------
    >>> [three_digits(number) for number in (0.01234, 7, 99.96, 123.4, 6543.2, 1e-9)]
    ['0.0123', '7.00', '100', '123', '6,543', '1.00e-09']
    """
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:#.3g}".rstrip(".")


def told_apart(titles: Mapping[Key, str]) -> dict[Key, str]:
    """The same titles, with a number after each that stood before, because a browser names a choice by its title.

    Examples
    --------
    >>> told_apart({"id": "Id", "column:Id": "Id", "column:size": "size"})
    {'id': 'Id', 'column:Id': 'Id (2)', 'column:size': 'size'}
    """
    taken: dict[str, Key] = {}
    for key, title in titles.items():
        number, free = 2, title
        while free in taken:
            free, number = f"{title} ({number})", number + 1
        taken[free] = key
    return {key: title for title, key in taken.items()}


def joined(separator: str, parts: Iterable[Markdown]) -> Markdown:
    """Several Markdown texts joined into one; `separator` must be Markdown, too."""
    return Markdown(separator.join(parts))


class _Filler(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, Markdown):
            return value
        text = super().format_field(value, format_spec)
        return text if isinstance(value, Real) else as_text(text)
