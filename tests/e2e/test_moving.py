"""The hand moves the picture: a drag in 2-D, the right button in 3-D, where the left one turns it."""

import numpy as np
import pytest

from tests.e2e.projector_page import ProjectorPage

ACROSS, DOWN = 60, 36


def dragged(projector: ProjectorPage, button: str = "left") -> np.ndarray:
    """How far each point has moved, in pixels, after a drag that begins near the upper left corner of the plot."""
    before = projector.wait_still()
    box = projector.page.locator(".embviz-stage").bounding_box()
    assert box is not None
    mouse, (x, y) = projector.page.mouse, (box["x"] + 90, box["y"] + 40)
    mouse.move(x, y)
    mouse.down(button=button)  # type: ignore[arg-type]
    for step in range(1, 7):
        mouse.move(x + ACROSS * step / 6, y + DOWN * step / 6)
    mouse.up(button=button)  # type: ignore[arg-type]
    item, place = next(iter(before.items()))
    shown = """([item, x]) => document.querySelector(".embviz").embviz.shownPlaces()
        .find((each) => each[0] === item)?.[1] !== x"""
    projector.page.wait_for_function(shown, arg=[item, place[0]])
    after = projector.wait_still()
    both = before.keys() & after.keys()
    assert len(both) > len(before) / 2
    return np.array([np.subtract(after[item], before[item]) for item in both])


def test_a_drag_moves_a_picture_in_2d_with_the_hand(projector: ProjectorPage) -> None:
    moved = dragged(projector)
    np.testing.assert_allclose(moved, np.broadcast_to([ACROSS, DOWN], moved.shape), atol=2)


@pytest.mark.parametrize("button", ["left", "right"])
def test_in_3d_the_left_button_turns_and_the_right_one_moves(projector: ProjectorPage, button: str) -> None:
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    moved = dragged(projector, button)
    together = np.linalg.norm(moved.mean(axis=0))
    apart = np.linalg.norm(moved - moved.mean(axis=0), axis=1).mean()
    if button == "right":
        assert together > 20 and apart < together / 4
        assert moved.mean(axis=0) @ (ACROSS, DOWN) > 0
    else:
        assert apart > 20 and together < apart / 4
