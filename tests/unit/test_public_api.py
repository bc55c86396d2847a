"""What ``import embviz`` offers: every name there, sorted, documented and the one of its module."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import embviz


def test_every_public_name_is_there_and_documented():
    for name in embviz.__all__:
        assert inspect.getdoc(getattr(embviz, name)), name


def test_public_names_are_sorted_and_listed_once():
    assert list(embviz.__all__) == sorted(set(embviz.__all__))
    assert dir(embviz) == embviz.__all__


def test_python_offers_what_type_checkers_see():
    tree = ast.parse(Path(embviz.__file__).with_suffix(".pyi").read_text())
    modules = {alias.name: node.module for node in tree.body[1:] for alias in node.names}
    assert sorted(modules) == embviz.__all__
    for name, module in modules.items():
        assert getattr(embviz, name) is getattr(import_module(f"embviz.{module}"), name)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError):
        embviz.nothing  # noqa: B018  # asking is enough


def test_names_import_from_the_package():
    namespace: dict[str, object] = {}
    exec("from embviz import *", namespace)
    assert set(embviz.__all__) <= set(namespace)
