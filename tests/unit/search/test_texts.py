"""Searching texts: what matches, what is refused, and that no pattern takes long."""

import re
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from embviz.errors import InputError, SpecError
from embviz.search.texts import matches, searched_texts

LETTERS = st.text("aAbB1 é€", max_size=5)


def has_capitals(text):
    return text != text.lower()


@given(st.lists(LETTERS, max_size=20), LETTERS)
@example(["a\0b", ""], "b")
def test_a_text_is_found_where_python_finds_it(values, sought):
    found = matches(sought, searched_texts(np.array(values, np.str_)), is_regex=False)
    flags = 0 if has_capitals(sought) else re.IGNORECASE
    assert found.tolist() == [re.search(re.escape(sought), value, flags) is not None for value in values]


PATTERNS = st.recursive(
    st.sampled_from(["a", "B", "b", ".", "^", "$", r"\d", r"\D", "[ab]", "[^a]"]),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("(?:{})?".format, inner),
        st.builds("(?:{})+".format, inner),
    ),
    max_leaves=5,
)


@given(st.lists(st.text("aAbB1", max_size=6), max_size=20), PATTERNS)
def test_a_regular_expression_matches_what_it_does_in_python(values, pattern):
    found = matches(pattern, searched_texts(np.array(values, np.str_)), is_regex=True)
    flags = 0 if "B" in pattern else re.IGNORECASE
    assert found.tolist() == [re.search(pattern, value, flags) is not None for value in values]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_whole_numbers_are_searched_as_they_are_written(numbers):
    assert searched_texts(np.array(numbers, np.int64)).array.to_pylist() == [str(number) for number in numbers]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_numbers_are_searched_as_a_text_that_means_the_same(numbers):
    assert [float(text) for text in searched_texts(np.array(numbers, np.float64)).array.to_pylist()] == numbers


@pytest.mark.parametrize(
    "pattern", ["(a", "*", "[z-a]", "a{2000}", "\\", r"(a)\1", "(?=a)", "(?<!a)b", "((a{100}){10}){10}"]
)
def test_what_is_no_regular_expression_is_refused_in_one_sentence(pattern):
    with pytest.raises(SpecError) as refused:
        matches(pattern, searched_texts(np.array(["a"])), is_regex=True)
    assert "\n" not in str(refused.value)
    assert 10 < len(str(refused.value)) < 200


@pytest.mark.parametrize("pattern", ["\ud800", "a" * 1001])
def test_what_cannot_be_searched_for_is_refused(pattern):
    for is_regex in (True, False):
        with pytest.raises(InputError):
            matches(pattern, searched_texts(np.array(["a"])), is_regex=is_regex)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)(.*)(.*)(.*)(.*)(.*)x$", "((a?){9}){9}a{9}c"])
def test_patterns_that_never_end_in_other_engines_end(pattern):
    found = matches(pattern, searched_texts(np.array(["a" * 300 + "b"] * 5)), is_regex=True)
    assert len(found) == 5


@pytest.mark.parametrize("pattern", ["(a?){900}a{900}", "((a?){20}){20}a{20}c", "(.{50}){50}"])
def test_a_pattern_of_very_many_states_is_refused_at_once(pattern):
    with pytest.raises(SpecError, match="repeats too much"):
        matches(pattern, searched_texts(np.array(["a" * 300] * 1000)), is_regex=True)


def test_a_date_is_no_pattern_of_many_states():
    dates = searched_texts(np.array(["2026-11-26T20:15:00", "26.11.2026"]))
    pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"
    assert matches(pattern, dates, is_regex=True).tolist() == [True, False]


def test_a_search_that_takes_long_is_stopped(monkeypatch):
    clock = iter(np.arange(0, 1e6, 0.3))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("embviz.search.texts.BLOCK", 1000)
    with pytest.raises(SpecError, match="takes more than 1 s"):
        matches("a", searched_texts(np.array(["a" * 300] * 50)), is_regex=True)


@given(st.lists(st.text("ab", max_size=8), max_size=30), st.integers(1, 200))
def test_blocks_of_any_size_find_the_same(values, block):
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("embviz.search.texts.BLOCK", block)
        found = matches("ab", searched_texts(np.array(values, np.str_)), is_regex=False)
    assert found.tolist() == ["ab" in value for value in values]


def test_importing_the_search_does_not_import_pandas():
    code = (
        "import sys, numpy as np\n"
        "from embviz.search.texts import matches, searched_texts\n"
        "for values in (np.array(['a', 'é']), np.arange(3), np.arange(3.0), np.array([True])):\n"
        "    matches('a', searched_texts(values), is_regex=True)\n"
        "print('pandas' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
