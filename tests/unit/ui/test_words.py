"""Text that is not ours is shown as it is, and every text on the page is made so that it is."""

import ast
from pathlib import Path

import pytest

from embviz.ui import words
from embviz.ui.words import Markdown, as_html, as_text, filled, joined

UI = Path(words.__file__).parent
MODULES = sorted(UI.rglob("*.py"))

READ_AS_MARKDOWN = {
    "badge", "button", "caption", "checkbox", "dialog", "download_button", "error", "expander", "file_uploader",
    "form_submit_button", "header", "info", "link_button", "markdown", "metric", "multiselect", "number_input", "pills",
    "popover", "progress", "radio", "segmented_control", "select_slider", "selectbox", "slider", "spinner", "status",
    "subheader", "success", "text_area", "text_input", "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
"""Elements of Streamlit that show their first argument, or one of `TEXTS`, as Markdown."""

TEXTS = {"body", "label", "text", "help"}

HOLDS_NO_MARKDOWN = {
    "cache_resource", "code", "columns", "components", "container", "context", "form", "fragment", "get_option", "html",
    "image", "query_params", "rerun", "session_state", "set_page_config", "sidebar", "skeleton", "tabs",
}  # fmt: skip
"""The rest of what the page uses: of these `html` and captions of `image` are escaped by hand, and the tabs' names are
the page's own."""

MAKERS = {"as_text", "filled", "joined"}


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain", "plain"),
        ("**bold** [link](a)", r"\*\*bold\*\* \[link\](a)"),
        ("![](x)", r"!\[\](x)"),
        ("a_b __init__", r"a_b \_\_init\_\_"),
        ("# one # two", r"\# one # two"),
        ("1. and 2.", r"1\. and 2."),
        ("see http://a.example/x", "see `http://a.example/x`"),
        ("HTTP://A.example", "`HTTP://A.example`"),
        ("www.a.example", "`www.a.example`"),
        ("a@b.example", "`a@b.example`"),
        (":material/home: :red[x]", r"`:material`\/`home:` \:red\[x\]"),
        ("a -> b", "a `->` b"),
        ("<=", "`<=`"),
        ("use k <= 3", "use k <= 3"),
        ("`http://a.example`", "`` `http://a.example` ``"),
        ("``http://a`b", "``` ``http://a`b ```"),
        ("line\n====\n\n    code", "line ==== code"),
        ("&lt;", r"\&lt;"),
        ("half \ud800 \u202eturned", r"half \\ud800 \\u202eturned"),
        (7, "7"),
    ],
)
def test_text_is_written_so_that_markdown_shows_it(text, markdown):
    assert as_text(text) == markdown


def test_values_are_put_in_as_text_numbers_and_markdown_as_they_are():
    assert filled("**{label}** {n:,} {x:.1f}", label="*", n=1234, x=-0.25) == r"**\*** 1,234 -0.2"
    assert filled("{a} {b}", a=filled("*ours*"), b="{a}*") == r"*ours* \{a\}\*"
    assert filled("{a!r}", a="*") == r"'\*'"
    assert joined(" · ", [as_text("#"), filled("*x*")]) == r"\# · *x*"
    assert all(isinstance(text, Markdown) for text in (as_text(""), filled(""), joined("", [])))


def test_html_has_no_tags_and_quotes_of_others():
    assert as_html("<b title='\"'>\ud800&") == "&lt;b title=&#x27;&quot;&#x27;&gt;\\ud800&amp;"


def is_made_here(node, ours):
    """Whether an expression is a constant, or Markdown by its maker or its type (which mypy checks)."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return is_made_here(node.body, ours) and is_made_here(node.orelse, ours)
        case ast.Call(func=ast.Name(id=name)):
            return name in MAKERS or name in ours
        case ast.Name(id=name):
            return name in ours
        case _:
            return False


def declared_as_markdown(scope):
    """Names that a module or function declares to be Markdown, or to return it."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef) and is_markdown(node.returns):
            yield node.name
    if isinstance(scope, ast.FunctionDef):
        yield from (node.arg for node in scope.args.args + scope.args.kwonlyargs if is_markdown(node.annotation))
        variables = [node for node in ast.walk(scope) if isinstance(node, ast.AnnAssign)]
        yield from (node.target.id for node in variables if is_markdown(node.annotation))


def is_markdown(kind):
    return kind is not None and ast.unparse(kind) in ("Markdown", "Markdown | None")


def unsafe_texts(node, ours=frozenset()):
    """Where a module hands Streamlit a text that may hold what is not ours."""
    ours |= set(declared_as_markdown(node))
    match node:
        case ast.Call(func=ast.Name(id="Markdown")):
            yield ast.unparse(node)
        case ast.Call(func=ast.Name(id="filled" | "joined"), args=[first, *_]) if not isinstance(first, ast.Constant):
            yield ast.unparse(node)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in READ_AS_MARKDOWN:
            positional = node.args[1:2] if name == "progress" else node.args[:1]  # a progress begins with a number
            texts = positional + [keyword.value for keyword in node.keywords if keyword.arg in TEXTS]
            if ast.unparse(value) != "logger" and not all(is_made_here(text, ours) for text in texts):
                yield ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from unsafe_texts(child, ours)


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(UI).as_posix())
def test_every_text_on_the_page_is_ours_or_made_to_be_shown_as_it_is(path):
    if path.name != "words.py":
        assert list(unsafe_texts(parsed(path))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(UI).as_posix())
def test_it_is_known_of_every_element_whether_it_shows_markdown(path):
    used = {
        node.attr
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "st"
    }
    assert used <= READ_AS_MARKDOWN | HOLDS_NO_MARKDOWN


@pytest.mark.parametrize(
    "line",
    [
        "st.error(str(error))",
        "st.error(f'{error}')",
        "st.caption('a' + name)",
        "column.button(label)",
        "st.button('x', help=name)",
        "st.progress(0.5, text=stage)",
        "st.markdown(filled(name))",
        "st.markdown(Markdown(name))",
        "st.markdown('a' if name else name)",
        "st.caption('{}'.format(name))",
        "def f(name: str): st.caption(name)",
        "def f(name: Markdown): ...\ndef g(name: str): st.caption(name)",
    ],
)
def test_a_message_that_is_built_otherwise_is_found(line):
    assert list(unsafe_texts(ast.parse(line)))
