"""The script runs once at a time for a visitor, because two runs would change what is remembered of them at once."""

from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import ROOT

FIRST_PCA = """
from embviz.ui import first_picture

first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"
"""
"""Opens the page with PCA, as if there were few items, and the Inspect tab."""

HELD = """
import time
from pathlib import Path

HOME = Path({home!r})


def log(sign):
    with (HOME / "runs").open("a") as runs:
        runs.write(sign)


def held_main():
    log("+")
    try:
        while (HOME / "hold").exists():
            time.sleep(0.02)
        main()
    finally:
        log("-")


"""
"""Logs the begin and the end of each run, and holds a run back as long as there is a file."""


def test_a_click_during_a_run_waits_for_its_end_and_is_not_lost(page, serve, compiled_kernels, tmp_path):
    script = tmp_path / "app.py"
    app = (ROOT / "app.py").read_text().replace("    main()\n", "    held_main()\n")
    script.write_text(app.replace("if __name__", HELD.format(home=str(tmp_path)) + "if __name__"))
    projector = ProjectorPage(page, serve(tmp_path, script=script)).open()
    (tmp_path / "hold").touch()
    for name in ("PCA", "Custom", "PCA"):
        page.get_by_role("radio", name=name, exact=True).click()
    page.wait_for_timeout(1000)  # a second run would begin meanwhile
    (tmp_path / "hold").unlink()
    projector.wait_idle()
    runs = (tmp_path / "runs").read_text()
    assert runs.replace("+-", "") == "" and len(runs) > 4
    assert page.get_by_role("radio", name="PCA", exact=True).is_checked()


UNFINISHED = """
import time

from embviz.run import Run
from embviz.ui import current_view
from embviz.ui.waiting import computed

computed.PATIENCE = 600


def waiting(run, clock):
    while True:
        clock("waiting", 0, 0)
        time.sleep(0.02)


current_view.started_run = lambda spec, store: Run(spec, waiting)
"""
"""Has the script wait for ten minutes for a run that does not end."""


def test_a_click_ends_the_wait_for_work_that_may_be_quick(page, serve, compiled_kernels, tmp_path):
    script = tmp_path / "app.py"
    script.write_text(UNFINISHED + FIRST_PCA + (ROOT / "app.py").read_text())
    projector = ProjectorPage(page, serve(tmp_path, script=script)).open()
    before = projector.attribute("painted")
    projector.choose("Method", "UMAP")
    projector.run()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="running"]')
    projector.choose("Method", "PCA")
    assert projector.attribute("painted") == before
