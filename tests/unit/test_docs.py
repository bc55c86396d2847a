"""README and CHANGELOG tell the truth: commands run, examples work, numbers and paths are there."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import embviz
from embviz.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def code_in(text):
    """Language and text of each block, or the text of each code span."""
    return re.findall(r"```(\w*)\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)


CODE = code_in(README)


def blocks(language):
    return [text for each, text, _ in CODE if each == language]


def mentioned_paths(text):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    words = " ".join(block or span for language, block, span in code_in(text) if language != "python").split()
    files = [word for word in words if re.fullmatch(r"\.?\w[\w-]*(/[\w.-]+)+|\w+\.(py|txt|md)", word)]
    return sorted({path for path in links + files if not path.startswith(".venv/")})


def commands():
    """What ``python -m embviz --help`` lists."""
    shown = subprocess.run([sys.executable, "-m", "embviz", "--help"], cwd=ROOT, capture_output=True, text=True)
    return re.findall(r"^    (\w+)", shown.stdout, re.MULTILINE)


@pytest.mark.parametrize("path", sorted({*mentioned_paths(README), *mentioned_paths(CONTRIBUTING)}))
def test_paths_in_readme_and_contributing_exist(path):
    assert (ROOT / path).exists()


def test_modules_that_the_readme_runs_exist():
    modules = set(re.findall(r"python -m ([\w.]+)", README))
    assert {"embviz", "pytest", "tests.bench"} <= modules
    assert all(importlib.util.find_spec(module) for module in modules)


def test_the_readme_names_every_command_and_no_other(capsys):
    assert commands() == [
        "datasets",
        "project",
        "overlap",
        "faithfulness",
        "ladder",
        "stability",
        "export",
        "activations",
        "app",
    ]
    spans = {span for *_, span in CODE}
    assert set(commands()) <= spans
    for command in re.findall(r"python -m embviz (\w+)", README):
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert end.value.code == 0


def test_the_console_block_prints_what_the_readme_shows():
    (block,) = blocks("console")
    command, shown = re.fullmatch(r"\$ python (.*)\n(.*\n)", block).groups()
    ran = subprocess.run([sys.executable, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, shown)


def test_the_python_example_makes_projector_files(tmp_path, monkeypatch):
    (example,) = [block for block in blocks("python") if "export_projector" in block]
    assert len([line for line in example.splitlines() if line]) == 3
    vectors = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], np.float32)
    monkeypatch.chdir(tmp_path)
    exec(example, {"vectors": vectors, "labels": ["one", "two"]})
    assert (tmp_path / "projector" / "tensor-vectors.bytes").read_bytes() == vectors.tobytes()
    metadata = (tmp_path / "projector" / "metadata.tsv").read_text().splitlines()
    assert metadata == ["label\tid\twriter", "one\t0\t4", "two\t1\t9"]
    assert "tensorboard --logdir projector" in "".join(blocks("bash"))


def test_the_python_example_of_a_layout_draws_it_as_it_forms():
    (example,) = [block for block in blocks("python") if "step_layout" in block]
    vectors = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)
    features = embviz.vector_features(embviz.dataset_from_arrays(vectors=vectors))
    drawn = []
    exec(example, {"embviz": embviz, "features": features, "draw": drawn.append})
    assert len(drawn) == 75 and len({coords.tobytes() for coords in drawn}) == 75


def test_ci_runs_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (tests,) = [line for block in blocks("bash") for line in block.splitlines() if "pytest" in line]
    assert re.findall(r"-r \S+", tests) == re.findall(r"-r \S+", script)
    assert ".venv/bin/python -m pytest" in tests and ".venv/bin/python -m pytest" in script


def test_environment_variables_in_the_readme_are_read():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "embviz").rglob("*.py"))
    for name in set(re.findall(r"EMBVIZ_\w+", README)):
        assert f'"{name}"' in source


@pytest.mark.mnist
def test_the_overlap_of_1_and_7_in_the_readme_is_that_of_mnist():
    mnist = embviz.load_dataset("mnist")
    overlap = embviz.class_overlap(embviz.pixel_features(mnist), mnist.labels, (1, 7), 10, space="pixels")
    text = " ".join(README.split())
    assert f"{100 * overlap.rate:.1f} % of their ten nearest neighbors belong to the other class" in text
    assert f"class, {100 * overlap.index:.1f} % of what thorough mixing would give" in text


def test_what_changed_since_the_last_version_is_listed_first():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, body = re.search(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL).groups()
    assert first == "Unreleased"
    assert re.search(r"^### (Added|Changed|Fixed|Removed)\n- ", body, re.MULTILINE)


def test_figures_in_the_methods_are_those_of_the_readme():
    methods = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [\d,]+ items.*$", methods, re.MULTILINE)
    figures = {figure for row in rows for figure in re.findall(r"\d*\.?\d+", row.split("|", 2)[2])}
    measured = {cell.strip() for line in README.splitlines() if line.startswith("| ") for cell in line.split("|")}
    assert rows and figures <= measured
