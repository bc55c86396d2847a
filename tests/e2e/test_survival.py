"""Camera, zoom, legend and selection survive other layouts, tabs, themes and visits."""

import base64

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

LAYOUT = "document.querySelector('.embviz .embviz-graph')._fullLayout"
CAMERA = f"() => {LAYOUT}.scene._scene.getCamera()"
RANGES = f"() => [{LAYOUT}.xaxis.range, {LAYOUT}.yaxis.range]"
BACKGROUND = "getComputedStyle(document.querySelector('.embviz')).getPropertyValue('--st-background-color').trim()"


def side(camera):
    """Direction from a camera's center to its eye, of length 1."""
    direction = np.array([camera["eye"][axis] - camera["center"][axis] for axis in "xyz"])
    return direction / np.linalg.norm(direction)


def middle(projector):
    box = projector.page.locator(".embviz-stage").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def orbit(projector):
    x, y = middle(projector)
    before = projector.page.evaluate(CAMERA)
    projector.drag([(x, y), (x + 40, y + 10), (x + 120, y + 30)])
    after = projector.page.evaluate(CAMERA)
    while (later := settled(projector)) != after:
        after = later
    assert after["eye"] != before["eye"]
    return after


def settled(projector):
    """The camera some frames later, because it moves on for a moment after the button was released."""
    projector.page.evaluate("() => new Promise(done => setTimeout(done, 250))")
    return projector.page.evaluate(CAMERA)


def assert_same_camera(a, b):
    for part in ("eye", "center", "up"):
        np.testing.assert_allclose([a[part][c] for c in "xyz"], [b[part][c] for c in "xyz"], atol=1e-6)


def test_another_layout_is_seen_whole_from_the_same_side_and_the_first_as_it_was(projector):
    projector.choose("Dimensions", "3D")
    projector.wait_painted("1797/3/")
    orbit(projector)
    projector.page.mouse.move(*middle(projector))
    projector.page.mouse.wheel(0, -600)
    camera = settled(projector)
    projector.choose("Split", "Test")
    projector.wait_painted("539/3/")
    other = projector.page.evaluate(CAMERA)
    np.testing.assert_allclose(side(other), side(camera), atol=1e-6)
    box = projector.page.locator(".embviz-stage").bounding_box()
    places = np.array(list(projector.places().values()))
    assert len(places) == 539
    in_sight = (places > [box["x"], box["y"]]) & (places < [box["x"] + box["width"], box["y"] + box["height"]])
    assert in_sight.all(axis=1).mean() > 0.95
    projector.choose("Split", "All")
    projector.wait_painted("1797/3/")
    assert_same_camera(projector.page.evaluate(CAMERA), camera)


def test_camera_survives_pins_legend_tabs_and_2d_and_back(projector):
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    camera = orbit(projector)
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    projector.page.get_by_text(f"id {item}").first.wait_for()
    assert_same_camera(projector.page.evaluate(CAMERA), camera)
    projector.page.locator('.embviz-chip[data-code="2"]').click()
    projector.page.get_by_role("tab", name="Overlap").click()
    projector.page.get_by_role("heading", name="Closest pairs").wait_for()
    assert_same_camera(projector.page.evaluate(CAMERA), camera)
    projector.choose("Dimensions", "2D")
    projector.wait_painted("/2/")
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    assert_same_camera(projector.page.evaluate(CAMERA), camera)
    assert projector.page.locator('.embviz-chip[data-code="2"]').get_attribute("aria-pressed") == "false"
    assert projector.attribute("pinned") == str(item)


def test_zoom_survives_reruns_and_comes_back_with_the_layout(projector):
    x, y = middle(projector)
    home = projector.page.evaluate(RANGES)
    projector.page.mouse.move(x, y)
    projector.page.mouse.wheel(0, -400)
    projector.page.wait_for_function(f"home => JSON.stringify(({RANGES})()) !== JSON.stringify(home)", arg=home)
    projector.page.wait_for_timeout(300)  # because Plotly ends a wheel zoom after a pause
    zoomed = projector.page.evaluate(RANGES)
    projector.page.get_by_role("tab", name="Export").click()
    projector.page.get_by_role("button", name="Prepare files").wait_for()
    np.testing.assert_allclose(projector.page.evaluate(RANGES), zoomed)
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    projector.choose("Dimensions", "2D")
    projector.wait_painted("/2/")
    np.testing.assert_allclose(projector.page.evaluate(RANGES), zoomed)
    projector.page.get_by_role("button", name="Reset view").click()
    np.testing.assert_allclose(projector.page.evaluate(RANGES), home)


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_theme_switch_keeps_view_and_repaints(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    before = projector.places()
    projector.page.emulate_media(color_scheme="dark")
    projector.page.wait_for_function(f"() => {BACKGROUND} === '#0f1216'")
    projector.wait_idle()
    after = projector.places()
    assert after.keys() == before.keys()
    items = list(before)
    np.testing.assert_allclose([after[item] for item in items], [before[item] for item in items], atol=0.5)
    assert projector.page.locator(".embviz-tooltip").count() == 1


def test_switching_dimensions_often_leaves_no_canvases_behind(projector):
    counts = []
    for _ in range(4):
        for dims in ("3D", "2D"):
            projector.choose("Dimensions", dims)
            projector.wait_painted(f"/{dims[0]}/")
        counts.append(projector.page.locator("canvas").count())
    assert len(set(counts)) == 1
    context = "document.querySelector('canvas.embviz-points').getContext('webgl2')"
    assert not projector.page.evaluate(f"() => {context}.isContextLost()")


GL = "document.querySelector('.embviz-graph')._fullLayout.scene._scene.glplot.gl"
LOSE_CONTEXT = f"""() => {{
  const lost = {GL}.getExtension("WEBGL_lose_context");
  lost.loseContext();
  setTimeout(() => lost.restoreContext(), 200); // as a browser does when it has the GPU again
}}"""


def test_axes_in_3d_are_there_again_after_the_gpu_was_lost_and_turn_with_the_points(projector):
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    before = projector.wait_still()
    projector.page.evaluate(LOSE_CONTEXT)
    projector.page.wait_for_function(f"() => {GL}.isContextLost()")
    projector.page.wait_for_function(f"() => {{ const gl = {GL}; return gl && !gl.isContextLost(); }}")
    x, y = middle(projector)
    projector.drag([(x, y), (x + 40, y + 20), (x + 80, y + 40)])
    after = projector.wait_still()
    assert max(np.hypot(*np.subtract(after[item], before[item])) for item in before) > 20
    projector.page.get_by_role("button", name="Reset view").click()
    home = projector.wait_still()
    np.testing.assert_allclose([home[item] for item in before], list(before.values()), atol=1)


def test_selection_survives_another_layout(projector):
    x, y = middle(projector)
    projector.page.get_by_role("button", name="Box").click()
    projector.drag([(x - 60, y - 60), (x + 60, y + 60)])
    count = projector.attribute("selected")
    assert int(count) > 0
    projector.page.get_by_role("heading", name=f"{int(count):,} selected").wait_for()
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    assert projector.attribute("selected") == count


def test_two_visitors_do_not_see_each_others_pins(projector, browser, server):
    second = projector.of_another_visitor(browser, server)
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    projector.page.get_by_text(f"id {item}").first.wait_for()
    second.choose("Split", "Test")
    second.wait_painted("539/")
    assert second.attribute("pinned") == ""
    second.page.context.close()


SENT = """async ([address, text]) => new Promise((resolve) => {
  const socket = new WebSocket(address, ["streamlit"]);
  socket.onopen = () => socket.send(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  socket.onclose = (event) => resolve(event.code);
})"""


def test_an_answer_that_python_cannot_read_ends_its_own_connection_and_no_other(projector, server):
    answer = BackMsg()
    widget = answer.rerun_script.widget_states.widgets.add(id="projector")
    widget.json_value = f'{{"focus": {{"serial": {"9" * 5000}}}}}'
    address = server.replace("http", "ws") + "/_stcore/stream"
    sent = base64.b64encode(answer.SerializeToString()).decode()
    assert projector.page.evaluate(SENT, [address, sent]) == 1008
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
