"""The page's scripts: their own tests pass, and they import only what exists and stands before them."""

import re
import subprocess
from pathlib import Path

import pytest

from embviz.server import FRONTEND

JAVASCRIPT_TESTS = Path(__file__).parents[2] / "js"
SCRIPTS = sorted(FRONTEND.rglob("*.js"))
COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
ROOMS = ("maths", "texts", "crowd", "state", "images", "lines", "plot", "pointer", "chrome", "run", "standalone", "")
"""A script imports only from its own folder and from folders that stand before it; "" is the frontend's folder."""
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")


def name_of(script: Path) -> str:
    return script.relative_to(FRONTEND).as_posix()


def room_of(script: Path) -> int:
    return ROOMS.index(name_of(script).rpartition("/")[0])


def test_the_tests_written_in_javascript_pass(node: str) -> None:
    tests = sorted(JAVASCRIPT_TESTS.rglob("*.test.mjs"))
    assert tests
    all_in_one_process = "for (const path of process.argv.slice(1)) await import(path);"
    command = [node, "--input-type=module", "--eval", all_in_one_process, *map(str, tests)]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0 and "# fail 0" in outcome.stdout, outcome.stdout + outcome.stderr


def imported_by(script: Path) -> list[Path]:
    """What a script imports, types in comments aside; names must be relative, or a browser finds nothing by them."""
    names = IMPORTED.findall(COMMENT.sub("", script.read_text(encoding="utf-8")))
    assert all(name.startswith(("./", "../")) for name in names)
    return [(script.parent / name).resolve() for name in names]


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_a_script_imports_only_what_stands_before_it(script: Path) -> None:
    for imported in imported_by(script):
        assert imported in SCRIPTS
        assert imported.parent == script.parent or room_of(imported) < room_of(script)


def test_every_script_is_used() -> None:
    mounted_by_component_py = {FRONTEND / f"{name}.js" for name in ("index", "gallery", "heatmap", "maps", "axis")}
    run_in_a_file = {FRONTEND / "standalone.js"}
    types_alone = {FRONTEND / "state" / "messages.js"}
    imported = {path for script in SCRIPTS for path in imported_by(script)}
    assert set(SCRIPTS) == imported | mounted_by_component_py | run_in_a_file | types_alone


PART_OF_A_CLASS_BEFORE_A_DESCENDANT = re.compile(r"\[class[^]]*=[^]]*\][^\s>+~,{]*(?:\s*>|\s(?=[\w.#:\[*]))")


@pytest.mark.parametrize(
    ("selector", "is_found"),
    [
        ('[class*="a"] b', True),
        ('[class*="a"]:hover>b', True),
        ('i [class^="a"] > b', True),
        ('b [class*="a"] + b, c', False),
        ("[class] b", False),
    ],
)
def test_what_stands_before_a_descendant_is_found(selector: str, is_found: bool) -> None:
    assert bool(PART_OF_A_CLASS_BEFORE_A_DESCENDANT.search(f"{selector} {{")) == is_found


def test_a_changed_class_does_not_have_the_styles_of_a_subtree_computed_anew() -> None:
    rules = re.sub(r"/\*.*?\*/", "", (FRONTEND / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert PART_OF_A_CLASS_BEFORE_A_DESCENDANT.findall(rules) == []
