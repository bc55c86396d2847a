"""Files that a config names lie beside it, and nowhere else."""

from pathlib import Path

import pytest

from embviz.datasets.files.projector.beside import file_beside
from embviz.errors import DatasetError


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    (folder / "00000" / "a%2fb").mkdir(parents=True)
    for name in ("labels.tsv", "00000/labels.tsv", "00000/a%2fb/labels.tsv", "my file.tsv"):
        (folder / name).write_text(name)
    (tmp_path / "secret.tsv").write_text("secret")
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "projector_config.pbtxt"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("labels.tsv", "labels.tsv"),
        ("./labels.tsv", "labels.tsv"),
        ("00000/labels.tsv", "00000/labels.tsv"),
        ("00000/a%2fb/labels.tsv", "00000/a%2fb/labels.tsv"),
        ("oss_data/labels.tsv", "labels.tsv"),
        ("/home/somebody/logs/00000/labels.tsv", "00000/labels.tsv"),
        (r"C:\logs\00000\labels.tsv", "00000/labels.tsv"),
        ("https://a.b/c/my%20file.tsv?raw=true", "my file.tsv"),
        ("gs://bucket/logs/labels.tsv", "labels.tsv"),
        ("../labels.tsv", "labels.tsv"),
    ],
)
def test_a_file_is_found_by_the_longest_end_of_its_path(config: Path, written: str, found: str) -> None:
    assert file_beside(config, written) == config.parent / found


@pytest.mark.parametrize(
    "written",
    ["", "/", ".", "..", "../secret.tsv", "/etc/passwd", "00000", "a\0b", "x" * 5000, "loop", "file:///etc/passwd"],
)
def test_what_is_not_there_or_no_file_is_none(config: Path, written: str) -> None:
    assert file_beside(config, written) is None


@pytest.mark.parametrize("is_folder", [False, True])
def test_links_that_lead_out_are_refused(config: Path, is_folder: bool, tmp_path: Path) -> None:
    link = config.parent / "out"
    link.symlink_to(tmp_path if is_folder else tmp_path / "secret.tsv")
    with pytest.raises(DatasetError, match=r"leads out of .*; put the file itself there"):
        file_beside(config, "out/secret.tsv" if is_folder else "out")
