"""docs/architecture.md lists every module with what the module says of itself."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FOLDERS = sorted({path.parent for kind in ("*.py", "*.js") for path in (ROOT / "embviz").rglob(kind)})


def said_of(path):
    """The first paragraph of a module, on one line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)).partition("\n\n")[0]
    else:
        said = re.match(r"/\*\*(.*?)\*/", text, re.DOTALL)[1].replace("\n *", "\n")
    return " ".join(said.split())


def section_of(folder):
    """What docs/architecture.md has to say of a folder."""
    modules = sorted(path for path in folder.iterdir() if path.suffix in (".py", ".js"))
    lines = [f"- `{path.name}`: {said_of(path)}" for path in modules]
    return "\n".join([f"### {folder.relative_to(ROOT).as_posix()}/", "", *lines, ""])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_module_is_listed_with_its_own_first_sentence(folder):
    section = section_of(folder)
    assert section in ARCHITECTURE, f"write this into docs/architecture.md:\n\n{section}"


def test_no_other_folder_is_listed():
    listed = re.findall(r"^### (embviz/.*|embviz)/$", ARCHITECTURE, re.MULTILINE)
    assert listed == [folder.relative_to(ROOT).as_posix() for folder in FOLDERS]
