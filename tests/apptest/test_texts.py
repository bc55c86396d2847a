"""What files and visitors say is on the page as they say it, and what is wrong with one set keeps no other away."""

import re

import numpy as np

from embviz.datasets import known_datasets
from embviz.ui.words import as_text
from tests.unit.idx_files import write_split

HOSTILE = "![](evil.example) [x](http:evil.example) <b>*y*"


def test_a_message_with_the_name_of_a_file_is_shown_as_text(page, tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path / HOSTILE))
    (error,) = page.open().errors
    assert as_text(HOSTILE.split()[0]) in error and HOSTILE.split()[0] not in error
    assert not re.search(r"(?<!\\)[<*\[]", error), "nothing of Markdown is left that means something"


def test_a_broken_set_is_named_and_the_others_are_offered(page, tmp_path, monkeypatch):
    folder = tmp_path / "[x](y)"
    write_split(folder, "t10k", np.zeros((20, 28, 28)), np.arange(20) % 10)
    write_split(folder / "fashion_mnist", "t10k", np.zeros((20, 28, 28)), np.arange(20) % 10)
    broken = folder / "fashion_mnist" / "t10k-labels-idx1-ubyte"
    broken.write_text("<!DOCTYPE html><title>403 Forbidden</title>")
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(folder))
    page.open()
    (warning,) = [each.value for each in page.test.warning]
    assert warning.startswith("Fashion-MNIST: ") and as_text(broken) in warning
    assert page.errors == [] and page.view.dataset.name == "mnist"
    (control,) = [each for each in page.test.selectbox if each.key == "dataset"]
    assert control.options == ["Digits 8×8", "MNIST"]


def test_a_problem_of_all_sets_is_told_once(page, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", "~nobody-of-this-name/tfds")
    page.open()
    family = [info.title for info in known_datasets() if info.problem]
    (warning,) = [each.value for each in page.test.warning]
    assert len(family) > 1 and warning.startswith(", ".join(family))
    assert page.errors == [] and page.view.dataset.name == "digits"
    assert not [each for each in page.test.button if each.label.startswith("Download")]
