"""What ``import embviz`` offers: every name there, sorted, documented and the one of its module."""

import ast
import inspect
from pathlib import Path

import pytest

import embviz


def test_every_public_name_is_there_and_documented():
    for name in embviz.__all__:
        assert inspect.getdoc(getattr(embviz, name)), name


def test_public_names_are_sorted_and_listed_once():
    assert list(embviz.__all__) == sorted(set(embviz.__all__))
    assert dir(embviz) == embviz.__all__


def test_type_checkers_and_python_see_the_same_names_from_the_same_modules():
    """Names are listed three times, for the reader of `__all__`, the type checker and the lazy import."""
    tree = ast.parse(Path(embviz.__file__).read_text())
    imports = [
        (alias.name, node.module)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(name for name, _ in imports) == embviz.__all__
    assert dict(imports) == embviz._MODULE_OF


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        embviz.nothing  # noqa: B018  # asking is enough


def test_names_import_from_the_package():
    namespace: dict[str, object] = {}
    exec("from embviz import *", namespace)
    assert set(embviz.__all__) <= set(namespace)
