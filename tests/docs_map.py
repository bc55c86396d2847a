"""The list of modules in docs/architecture.md, each with its first sentence; ``python -m tests.docs_map`` writes it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
FOLDERS = sorted({path.parent for kind in ("*.py", "*.js") for path in (ROOT / "embviz").rglob(kind)})


def said_of(path: Path) -> str:
    """The first paragraph of a module, on one line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0]
    else:
        comment = re.match(r"/\*\*(.*?)\*/", text, re.DOTALL)
        said = comment[1].replace("\n *", "\n") if comment else ""
    assert said, f"{path} must begin with what it is"
    return " ".join(said.split())


def section_of(folder: Path) -> str:
    """What docs/architecture.md has to say of a folder."""
    modules = sorted(path for path in folder.iterdir() if path.suffix in (".py", ".js"))
    lines = [f"- `{path.name}`: {said_of(path)}" for path in modules]
    return "\n".join([f"### {folder.relative_to(ROOT).as_posix()}/", "", *lines, ""])


def main() -> None:
    """Write all sections anew: they are the end of the document."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    written = text[: text.index("### embviz/\n")] + "\n".join(map(section_of, FOLDERS))
    ARCHITECTURE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
