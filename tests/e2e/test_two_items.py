"""Two items side by side, chosen by keyboard alone: the ring of the held one, and the difference of the two images."""

import numpy as np
from playwright.sync_api import expect
from sklearn.datasets import load_digits

from tests.e2e.projector_page import ProjectorPage


def test_the_held_item_keeps_a_ring_and_the_difference_is_that_of_the_two_images(projector: ProjectorPage) -> None:
    page, host = projector.page, projector.page.locator(".embviz")
    stage = page.locator(".embviz-stage")
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(host).not_to_have_attribute("data-pinned", "")
    held = int(projector.attribute("pinned"))
    projector.wait_idle()
    page.get_by_role("button", name="Hold").click()
    expect(host).to_have_attribute("data-held", str(held))
    stage.focus()
    page.keyboard.press("n")
    following = (held + 1) % 1797
    expect(host).to_have_attribute("data-pinned", str(following))
    canvas = page.wait_for_selector(f'.st-key-two-difference canvas[data-item="{following}"]')
    assert canvas is not None
    page.wait_for_function("canvas => canvas.width === 8", arg=canvas)
    read = canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")
    shown = np.array(read).reshape(8, 8, 4)[..., 3]
    images = load_digits().images.astype(int)
    expected = np.abs(images[following] - images[held])
    assert (shown[expected == 0] == 0).all() and np.corrcoef(shown.ravel(), expected.ravel())[0, 1] > 0.999
    places = projector.wait_still()
    for name, item in (("held", held), ("pin", following)):
        ring = page.locator(f".embviz-ring-{name}").bounding_box()
        assert ring is not None
        middle = (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
        np.testing.assert_allclose(middle, places[item], atol=1.5)
    stage.focus()
    page.keyboard.press("p")
    expect(host).to_have_attribute("data-pinned", str(held))
    expect(page.locator(".st-key-two-difference")).to_have_count(0)
