"""Explanations of numbers in the words of docs/methods.md, so that help on the page and the document say the same."""

import re
from functools import cache

from embviz.processes.launch import page_script

METHODS = "docs/methods.md"
"""Beside the page's script: setup.py copies it into a wheel."""


def in_words(term: str) -> str:
    """The explanation of a term in docs/methods.md, one item of its lists, ``- **Term.** Words``; plain text.

    Examples
    --------
    >>> in_words("Continuity")
    '100 % where all neighbors in feature space are neighbors here; less, the farther they are here.'

    Raises
    ------
    KeyError
        If the document has no such term, which is a bug.
    """
    return _terms()[term]


@cache
def _terms() -> dict[str, str]:
    text = (page_script().parent / METHODS).read_text(encoding="utf-8")
    found = re.findall(r"^- \*\*([^*\n]+)\.\*\* (.+(?:\n  .+)*)", text, re.MULTILINE)
    return {term: " ".join(words.split()) for term, words in found}
