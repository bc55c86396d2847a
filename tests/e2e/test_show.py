"""The page opened from Python: a visitor selects and tags, Python knows; nobody else sees it; it ends with Python."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import embviz
from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import PATIENCE, ROOT, free_port

RNG = np.random.default_rng(0)
N = 60
VECTORS = RNG.normal(size=(N, 5))
IMAGES = RNG.integers(0, 256, (N, 10, 14), np.uint8)
LABELS = ["<b>ash</b>" if first > 0 else "elm" for first in VECTORS[:, 0]]


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_a_visitor_selects_and_tags_is_known_in_python(
    compiled_kernels: None, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    with embviz.show(
        {"wide": VECTORS, "narrow": VECTORS[:, :2]},
        labels=LABELS,
        images=IMAGES,
        name="trees",
        port=port,
        open_browser=False,
    ) as session:
        assert session.address in capsys.readouterr().out
        assert session.is_open and not len(session.selected_ids) and session.annotations == embviz.Annotations()
        assert status_of(f"http://127.0.0.1:{port}/") == 403  # without the key
        assert status_of(f"http://127.0.0.1:{port}/?key={session.address[-8:]}") == 403

        page.goto(f"{session.address}&method=pca&tab=Inspect", wait_until="commit")
        projector = ProjectorPage(page, page.url).wait_painted(f"{N}/2/")
        assert "key=" not in page.url
        expect(page.locator(".embviz-top")).to_contain_text(f"trees · {N} of {N} · pixels 140-d")
        expect(page.locator(".embviz-legend")).to_contain_text("<b>ash</b>")
        (item,) = projector.isolated_ids(1)
        assert np.array_equal(projector.tooltip_pixels(item), IMAGES[item])

        box = page.locator(".embviz-stage").bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2
        inside = sorted(item for item, (x, _) in projector.wait_still().items() if x <= middle)
        page.get_by_role("button", name="Box").click()
        projector.drag([(box["x"] + 1, box["y"] + 1), (middle, box["y"] + box["height"] - 1)])
        page.get_by_role("heading", name=f"{len(inside)} selected").wait_for()
        assert 0 < len(inside) < N and session.selected_ids.tolist() == inside

        page.get_by_role("combobox", name="Tag", exact=True).fill("look again")
        page.get_by_role("combobox", name="Tag", exact=True).press("Enter")
        projector.wait_idle()
        page.get_by_role("button", name=f"Tag {len(inside)} items").click()
        expect(page.get_by_role("button", name="Undo tag")).to_be_visible()
        tagged = embviz.annotated(session.dataset, session.annotations).metadata["tag"]
        assert np.flatnonzero(tagged == "look again").tolist() == inside

        page.reload(wait_until="commit")  # the cookie has the key, the address the selection
        ProjectorPage(page, page.url).wait_painted(f"{N}/2/")
        page.get_by_role("heading", name=f"{len(inside)} selected").wait_for()
        page.goto("about:blank")
    assert not session.is_open
    assert session.selected_ids.tolist() == inside and session.annotations.columns == ("tag",)  # as it was last
    with pytest.raises(OSError):
        status_of(f"http://127.0.0.1:{port}/")


def test_the_server_and_the_data_are_gone_when_python_is_killed(tmp_path: Path) -> None:
    script = (
        "import numpy, embviz, time\n"
        "page = embviz.show(numpy.eye(3), open_browser=False)\n"
        "print(page._folder.path, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as python:
        assert python.stdout is not None
        address, folder = python.stdout.readline().split()[-1], Path(python.stdout.readline().strip())
        assert folder.stat().st_mode & 0o077 == 0 and status_of(address.partition("?")[0]) == 403
        python.kill()
    deadline = time.monotonic() + PATIENCE / 1000
    while folder.exists() or is_served(address):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_served(address: str) -> bool:
    try:
        return bool(status_of(address))
    except OSError:
        return False
