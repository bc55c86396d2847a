"""Downloads that fail: said in one line, tried again, dismissed."""

import pytest

import embviz.ui.sidebar.download
from embviz.errors import Cancelled, DownloadError


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """What was asked to be downloaded, without a network and with nothing on the machine."""
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    asked = []

    def download(name, progress):
        asked.append(name)
        raise DownloadError(f"could not download {name}: no connection to a.example", "no connection <b>")

    monkeypatch.setattr(embviz.ui.sidebar.download, "download_dataset", download)
    return asked


def press(page, start):
    (button,) = [each for each in page.test.button if each.label.startswith(start)]
    return page.click(button.label)


def test_a_download_that_fails_is_said_in_a_line_and_once_in_a_toast(page, calls):
    press(page.open(), "Download MNIST")
    line = "MNIST was not downloaded: no connection &lt;b&gt;."
    assert line in page.text and page.errors == [] and calls == ["mnist"]
    assert len(page.test.toast) == 1
    page.choose("dims", 3)
    assert line in page.text and len(page.test.toast) == 0 and calls == ["mnist"]
    press(page, "Try again")
    assert line in page.text and len(page.test.toast) == 1 and calls == ["mnist", "mnist"]
    press(page, "Dismiss")
    assert line not in page.text
    page.choose("dims", 2)
    assert line not in page.text and calls == ["mnist", "mnist"]


def test_a_download_of_another_set_takes_the_failure_of_the_first_away(page, calls):
    press(page.open(), "Download MNIST")
    press(page, "Download KMNIST")
    assert "KMNIST was not downloaded: " in page.text and ">MNIST was not" not in page.text
    assert "the four files go into a folder `kmnist`" in page.text


def test_a_download_that_is_cancelled_leaves_nothing_behind(page, monkeypatch, tmp_path):
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))

    def download(name, progress):
        raise Cancelled("stopped as asked")

    monkeypatch.setattr(embviz.ui.sidebar.download, "download_dataset", download)
    press(page.open(), "Download MNIST")
    assert [each.value for each in page.test.toast] == ["The download of MNIST was cancelled."]
    page.choose("dims", 3)
    assert len(page.test.toast) == 0 and page.errors == []


def test_what_was_downloaded_is_chosen_once(page, monkeypatch, tmp_path, mnist_folder):
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.setattr(
        embviz.ui.sidebar.download, "download_dataset", lambda name, progress: mnist_folder([1, 7] * 12)
    )
    press(page.open(), "Download MNIST")
    assert page.shown("dataset") == "mnist" == page.view.dataset.name and page.errors == []
    page.choose("dataset", "digits")
    assert page.view.dataset.name == "digits"
