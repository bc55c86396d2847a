"""The page of an installed embviz opens in another folder, without network."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from embviz.storage.store import Store
from embviz.ui.first_picture import first_picture
from embviz.view import view_of
from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import ROOT
from tests.installed import built_wheel, installed_command


def test_it_opens_with_the_settings_of_the_checkout(
    compiled_kernels: None, serve: Callable[..., str], page: Page, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    assert view_of(first_picture(store), compute=True, store=store) is not None  # kernels are there
    command = installed_command(built_wheel(tmp_path / "wheel"), tmp_path / "environment")
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]["light"]
    ProjectorPage(page, serve(tmp_path, installed=command)).open().wait_painted("1797/2/")
    expect(page.locator(".embviz-top")).to_contain_text("t-SNE 2D, perplexity 30, seed 0")
    ground = theme["sidebar"]["backgroundColor"]
    color = f"rgb({', '.join(str(int(ground[at : at + 2], 16)) for at in (1, 3, 5))})"
    expect(page.locator('[data-testid="stSidebar"]')).to_have_css("background-color", color)
