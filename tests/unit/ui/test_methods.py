"""Help on the page is taken from docs/methods.md, which the wheel has beside the page's script."""

import re
from pathlib import Path

import pytest

import embviz
from embviz.ui.panels.methods import METHODS, in_words

ROOT = Path(embviz.__file__).parent.parent
TERMS = re.compile(r"in_words\(\"([^\"]+)\"\)")


def test_every_term_that_the_page_explains_is_in_the_document():
    asked = {
        term for path in (ROOT / "embviz" / "ui").rglob("*.py") for term in TERMS.findall(path.read_text("utf-8"))
    } - {"Continuity"}
    assert len(asked) > 4
    text = " ".join((ROOT / METHODS).read_text(encoding="utf-8").split())
    for term in asked:
        assert len(in_words(term)) > 40
        assert f"**{term}.** {in_words(term)}" in text


def test_a_term_that_is_not_there_is_a_mistake():
    with pytest.raises(KeyError):
        in_words("nothing of the kind")
