"""Own files in the browser: opened by the command, and dropped on the page, looked at and loaded."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import served

N = 40
OPACITY = """places => {
  const pen = document.querySelector('.embviz').embviz.pointsCopy().getContext('2d');
  const opacities = (x, y) => pen.getImageData(x - 1, y - 1, 3, 3).data.filter((_, at) => at % 4 === 3);
  return places.map(([x, y]) => Math.max(...opacities(x, y)) / 255);
}"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of two classes, as a table; every fourth item is followed by the second one after it."""
    path = tmp_path_factory.mktemp("own") / "flowers.csv"
    numbers = np.random.default_rng(0).normal(size=(N, 3))
    rows = [
        f"{a:.3f},{b:.3f},{c:.3f},{'oak' if a > 0 else 'elm'},{'' if row % 4 else row + 2}"
        for row, (a, b, c) in enumerate(numbers)
    ]
    path.write_text("\n".join(["height,width,depth,species,__seq_next__", *rows]))
    return path


@pytest.fixture(scope="module")
def own_server(compiled_kernels: None, table: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that was started on the table."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("EMBVIZ_OPEN", json.dumps({"file": str(table)}))
        with served(tmp_path_factory.mktemp("own-server")) as address:
            yield address


def packed_images() -> bytes:
    """Images of two classes in a zip file: a bright left half, or a bright upper half."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place in range(N):
            pixels = np.random.default_rng(place).integers(0, 60, (12, 12), np.uint8)
            if place % 2:
                pixels[:6] += 190
            else:
                pixels[:, :6] += 190
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            archive.writestr(f"{'upper' if place % 2 else 'left'}/{place:03}.png", file.getvalue())
    return packed.getvalue()


def test_the_page_opens_on_the_file_of_the_command(own_server: str, page: Page) -> None:
    ProjectorPage(page, own_server).open().wait_painted(f"{N}/2/")
    expect(page.locator(".embviz-top")).to_contain_text(f"flowers.csv · {N} of {N} · vectors 3-d")
    expect(page.locator(".embviz-legend")).to_contain_text("elm")


def drawn_between(opened: ProjectorPage) -> list[float]:
    """How opaque the plot is along each line of the table, where no point is near."""
    opened.page.wait_for_timeout(300)
    places = opened.wait_still()
    box = opened.page.locator(".embviz-stage").bounding_box()
    assert box is not None
    xy = np.array([places[item] for item in range(N)]) - [box["x"], box["y"]]
    shares = np.linspace(0.1, 0.9, 33)[:, None]
    found = []
    for item in range(0, N - 2, 4):
        along = xy[item] * (1 - shares) + xy[item + 2] * shares
        free = along[(np.hypot(*(along[:, None] - xy).transpose(2, 0, 1)) > 12).all(axis=1)]
        if len(free):
            found.append(float(np.mean(opened.page.evaluate(OPACITY, free.round().tolist()))))
    assert len(found) > N / 8
    return found


def test_lines_are_drawn_between_the_items_that_the_table_joins_until_they_are_turned_off(
    own_server: str, page: Page
) -> None:
    opened = ProjectorPage(page, own_server).open()
    opened.choose("Method", "PCA")
    for dims in ("2D", "3D"):
        opened.choose("Dimensions", dims)
        opened.wait_painted(f"{N}/{dims[0]}/")
        assert min(drawn_between(opened)) > 0.3
    page.get_by_role("button", name="Points", exact=True).click()
    page.get_by_label("Lines to the next item").uncheck()
    page.keyboard.press("Escape")
    assert max(drawn_between(opened)) == 0


def test_dropped_images_are_looked_at_then_laid_out(own_server: str, page: Page) -> None:
    opened = ProjectorPage(page, own_server).open()
    opened.wait_painted(f"{N}/2/")
    page.get_by_role("button", name="Open your own files…").click()
    dialog = page.get_by_role("dialog")
    given = dialog.locator("input[type=file]")
    given.set_input_files({"name": "model.pkl", "mimeType": "", "buffer": b"\x80\x04\x95 pickled"})
    expect(dialog.get_by_role("alert")).to_contain_text("a pickle, which may run anything")
    dialog.get_by_role("button", name="Remove model.pkl").click()
    given.set_input_files({"name": "halves.zip", "mimeType": "", "buffer": packed_images()})
    expect(dialog).to_contain_text(f"{N} items · images 12 × 12 · 2 classes: left, upper")
    expect(dialog.locator("img")).to_have_count(16)
    dialog.get_by_role("button", name="Load", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".embviz-top")).to_contain_text(f"halves.zip · {N} of {N} · pixels 144-d · t-SNE 2D")
    expect(page.locator(".embviz-legend")).to_contain_text("upper")


def test_a_dropped_table_adds_columns_and_nothing_else_changes(own_server: str, page: Page) -> None:
    opened = ProjectorPage(page, own_server).open()
    opened.wait_painted(f"{N}/2/")
    opened.open().wait_painted(f"{N}/2/")  # again, so that the slider of a run is not there, and takes no room
    stage = page.locator(".embviz-stage").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.wheel(0, -400)
    item = opened.isolated_ids(1)[0]
    page.mouse.click(*opened.places()[item])
    page.wait_for_selector(f'.embviz[data-pinned="{item}"]', state="attached")
    opened.wait_idle()
    page.mouse.move(5, 5)
    before, mark = opened.wait_still(), opened.attribute("painted")
    rows = "".join(f"{row}\t{'even' if row % 2 == 0 else 'odd'}\n" for row in reversed(range(N)))
    page.get_by_role("button", name="Open your own files…").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "more.tsv", "mimeType": "", "buffer": f"id\tparity\n{rows}".encode()}
    )
    expect(dialog).to_contain_text(f"Fits flowers.csv: {N} rows for {N} items, matched by 'id', with 'parity'.")
    dialog.get_by_role("button", name="Add its columns to flowers.csv").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".embviz-top")).to_contain_text("flowers.csv + more.tsv")
    opened.wait_idle()
    assert opened.wait_still() == before and opened.attribute("painted") == mark
    assert opened.attribute("pinned") == str(item)
    opened.choose_listed("Color by", "parity")
    expect(page.locator(".embviz-legend")).to_contain_text("odd")
    page.locator('.embviz-chip[data-code="1"]').click()
    assert set(opened.places()) == {row for row in before if row % 2 == 0}
