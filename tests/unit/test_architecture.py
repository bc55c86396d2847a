"""Imports point one way, heavy packages stay where they belong and are imported late, errors are all used."""

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "embviz"
MODULES = sorted(PACKAGE.rglob("*.py"))
FRONTEND = PACKAGE / "ui" / "frontend"

ORDER = (
    "version",
    "errors",
    "progress",
    "arrays",
    "checks",
    "logs",
    "processes",
    "storage",
    "dataset",
    "items",
    "annotations",
    "datasets",
    "features",
    "coloring",
    "neighbors",
    "search",
    "projection",
    "alignment",
    "jobs",
    "overlap",
    "layers",
    "bounds",
    "faithfulness",
    "stability",
    "sprites",
    "export",
    "label_check",
    "pipeline",
    "distributed",
    "library",
    "view_spec",
    "view",
    "saved",
    "findings",
    "run",
    "showing",
    "server",
    "ui",
    "cli",
)
"""A module imports only what stands before it; of the page the command line has the part that writes it into a file."""

HOMES = {
    "cleanlab": ("label_check/label_check.py",),
    "dask": ("distributed/cluster.py",),
    "distributed": ("distributed/cluster.py",),
    "streamlit": ("ui/",),
    "starlette": ("server/", "server/hosts.py", "ui/contract/websocket.py"),
    "plotly": ("server/assets.py",),
    "faiss": ("neighbors/faiss_library.py",),
    "umap": ("projection/",),
    "numba": ("projection/",),
    "tensorflow_datasets": ("datasets/named/tfds",),
    "platformdirs": ("storage/store.py",),
    "onnxruntime": ("features/onnx_child.py",),
    "h5py": ("datasets/files/anndata/", "datasets/files/h5ad.py"),
    "narwhals": ("datasets/files/tables/frame.py",),
}
"""Packages that only these files may import."""

LATE = (
    "cleanlab",
    "dask",
    "distributed",
    "faiss",
    "h5py",
    "narwhals",
    "numba",
    "onnxruntime",
    "pyarrow",
    "scipy",
    "sklearn",
    "streamlit",
    "tensorflow_datasets",
    "umap",
)
"""Packages that take long to import, or may be missing."""

TOP = {"__init__", "__main__"}


def imported_modules(tree):
    """Full names of all modules that a tree imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield node.module
            if node.module == "embviz":
                yield from (f"embviz.{alias.name}" for alias in node.names)


def part_of(path):
    """The module or sub-package of embviz that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def test_every_module_has_its_place_in_the_order():
    homeless = {part_of(path) for path in MODULES} - TOP - set(ORDER)
    assert not homeless, "add them to ORDER in this file, above what they import and below what imports them"


def test_imports_point_downwards():
    upwards = []
    for path in MODULES:
        part = part_of(path)
        if part in TOP:
            continue
        imported = {module.split(".")[1] for module in imported_modules(parsed(path)) if module.startswith("embviz.")}
        higher = {other for other in imported - {part} if ORDER.index(other) > ORDER.index(part)}
        upwards += [f"{name_of(path)} imports {other}" for other in sorted(higher)]
    assert not upwards, "they stand below it in ORDER: move what is imported down, or hand it over as an argument"


def test_heavy_packages_stay_where_they_belong():
    strays = []
    for path in MODULES:
        imported = {module.split(".")[0] for module in imported_modules(parsed(path))}
        away = [package for package, homes in HOMES.items() if not name_of(path).startswith(homes)]
        strays += [f"{name_of(path)} imports {package}" for package in away if package in imported]
    assert not strays


def test_no_module_imports_itself_by_way_of_others():
    named = {f"embviz.{name_of(path).removesuffix('.py').replace('/', '.')}": path for path in MODULES}
    paths = {name.removesuffix(".__init__"): path for name, path in named.items()}

    def imported_by(path):
        """Modules of embviz; a module that is imported from its package does not count as the package."""
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield whole if whole in paths else node.module
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)

    left = {name: set(imported_by(path)) & paths.keys() for name, path in paths.items()}
    assert "embviz.view" in left["embviz.ui.main"]
    while leaves := {name for name, imported in left.items() if not imported & left.keys()}:
        left = {name: imported for name, imported in left.items() if name not in leaves}
    assert not left


def test_only_the_session_reads_and_writes_what_streamlit_keeps_of_a_visitor():
    using = [name_of(path) for path in MODULES if "session_state" in path.read_text(encoding="utf-8")]
    assert using == ["ui/session.py"]


def test_only_the_page_imports_panels_and_knows_nothing_of_what_is_inside_one():
    modules = [path for path in MODULES if " = Panel(" in path.read_text(encoding="utf-8")]
    panels = {f"embviz.ui.panels.{path.stem}" for path in modules}
    importing = {name_of(path) for path in MODULES if panels & set(imported_modules(parsed(path)))}
    assert importing == {"ui/main.py"}
    for node in ast.walk(parsed(PACKAGE / "ui" / "main.py")):
        if isinstance(node, ast.ImportFrom) and node.module in panels:
            assert [alias.name for alias in node.names] == [node.module.split(".")[-1].upper()]


STAGES = ORDER[ORDER.index("features") : ORDER.index("pipeline")]
COMPUTING = set(STAGES) - {"coloring", "search", "jobs", "export"}
SPEAKING = ("feature_spec", "layer_names", "classifier_of", "verdict")
COMPUTES_NOTHING = {"admission", "catalogue", "decisions", "ready", "reasons", "specs", "steps", "titles"}
COMPUTES_NOTHING |= {"wording", *SPEAKING}
"""Functions, or modules of them, that only speak of specs, or prepare the machine."""


def test_page_and_command_line_have_everything_computed_by_the_pipeline():
    """They import values and constants of the stages, and none of the functions that make them."""
    for path in [path for path in MODULES if part_of(path) in ("ui", "cli")]:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and set(node.module.split(".")[1:2]) & COMPUTING:
                functions = {alias.name for alias in node.names if alias.name.islower()}
                speaks = functions <= COMPUTES_NOTHING or node.module.split(".")[-1] in COMPUTES_NOTHING
                asked = f"ask for {sorted(functions)} through a function in embviz/pipeline/statistics/"
                assert speaks, f"{name_of(path)}: {asked}"


def test_no_module_is_too_long_to_read():
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    too_long = {name: count for name, count in lines.items() if count > 300}
    assert not too_long, "give part of it a module of its own"


def test_no_folder_has_more_modules_than_one_can_overlook():
    """Packages' own files, which say what is in them, do not count."""
    listed = [path for path in (*MODULES, *FRONTEND.rglob("*.js")) if path.stem not in TOP]
    counts = Counter(path.parent for path in listed)
    full = {folder.relative_to(PACKAGE).as_posix(): count for folder, count in counts.items() if count > 12}
    assert not full, "put modules that belong together into a folder below it"


@pytest.mark.parametrize(
    "start", ["import embviz", "import runpy, sys; sys.argv[1:] = ['--help']; runpy.run_module('embviz')"]
)
def test_starting_imports_nothing_heavy(start):
    script = f"""
import sys
try:
    {start}
except SystemExit as end:
    assert not end.code
print("heavy:", *sorted(set(sys.modules) & {set(LATE)!r}))
"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "heavy:", ran.stdout


def test_every_error_is_raised_somewhere():
    """All but the root, which is only caught."""
    declared = {node.name for node in parsed(PACKAGE / "errors.py").body if isinstance(node, ast.ClassDef)}
    raised = {
        node.exc.func.id
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    assert declared - raised == {"EmbvizError"}


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))
