"""Texts that are not ours are shown letter by letter in a real browser, and never become links, icons or HTML."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.servers import ROOT

HOSTILE = [
    "see http://evil.example/x, HTTPS://EVIL.EXAMPLE or www.evil.example",
    "me@evil.example and mailto:me@evil.example",
    "![](http://evil.example/a.png) ![x][y] [z](http://evil.example)",
    "<img src=http://evil.example/b.png> <b>b</b> <!-- c --> <http://evil.example>",
    "&lt; &amp; &#65; &copy; AT&T",
    ":material/home: :streamlit: :smile: :red[x] :badge[y] ::z",
    "a -> b <- c -- d ~= e",
    "->",
    "line\n====\nother\n---\n# no heading\n> no quote\n- no list\n1. none",
    "# x",
    "> x",
    "1. x",
    "- x",
    "    four blanks",
    "```code``` ``a` `b``",
    "`http://evil.example`",
    "**a** __b__ _c_ ~~d~~ *e* f_g_h",
    "$x^2$ $$y$$ \\(z\\)",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[^1]\n\n[^1]: http://evil.example",
    "C:\\new\\table \\* \\",
    "half \ud800, turned \u202e, zero \x00",
    "t10k-images-idx3-ubyte's 3 (of 4) is 0.5 %; use k <3 or >5!",
]

APP = f"""
import json, sys
import streamlit as st
sys.path.insert(0, {str(ROOT)!r})
from embviz.ui.words import as_html, as_text, filled, joined
for text in json.loads({json.dumps(HOSTILE)!r}):
    st.error(as_text(text))
    lines = filled("{{text}}", text=text), filled("**{{text}}** {{n:,}}: {{text}}", text=text, n=3000)
    st.caption(joined("  \\n", lines))
    st.button(filled("Download {{text}} now", text=text), key=repr(text))
    st.html(f'<p class="own" title="{{as_html(text)}}">{{as_html(text)}}</p>')
"""
MADE = "a, img, svg, h1, h2, h3, h4, ul, ol, pre, table, blockquote, del, em, hr, sup, .katex, [role=img]"


def as_shown(text: str) -> str:
    written = text.replace("\ud800", "\\ud800").replace("\u202e", "\\u202e").replace("\x00", "\\x00")
    return " ".join(written.split())


PLACES = {
    "[data-testid=stAlert] [data-testid=stMarkdownContainer]": "{0}",
    "[data-testid=stCaptionContainer]": "{0} {0} 3,000: {0}",
    ".stButton button": "Download {0} now",
    ".own": "{0}",
}
"""Selector of each place on the page where the texts are, with the words around them."""


def test_every_letter_is_shown_and_nothing_is_made_of_it(serve: Callable[..., str], page: Page, tmp_path: Path) -> None:
    (tmp_path / "hostile.py").write_text(APP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(tmp_path, script=tmp_path / "hostile.py"))
    for place, around in PLACES.items():
        shown = [around.format(as_shown(text)) for text in HOSTILE]
        expect(page.locator(place)).to_have_text(shown, use_inner_text=True)
        assert page.locator(place).locator(MADE).count() == 0
    assert not [url for url in asked if "evil" in url.lower()]
