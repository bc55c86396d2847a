"""Layouts are drawn while they form, can be steered and replayed; points glide from one layout to the next."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")
HOST = "document.querySelector('.embviz')"
MANY = 100
PLANNED = re.compile(r"^iteration .* of ([\d,]+)")
TWO_DRAWINGS = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
KEEP_BUSY = """() => {
  const work = () => {
    for (const began = performance.now(); performance.now() - began < 100; );
    if (performance.now() < until) setTimeout(work, 5);
  };
  const until = performance.now() + 3000;
  work();
}"""
"""Keep the page busy for three seconds, as on a slow machine, where timers fire between a click and its request."""
PATH = f"""async item => {{
  const [host, path] = [{HOST}, []];
  const before = host.dataset.painted;
  let frame = await new Promise(requestAnimationFrame);
  while (host.dataset.painted === before) {{
    const found = host.embviz.shownPlaces().find(([id]) => id === item);
    if (found) path.push([...found.slice(1), frame]);
    frame = await new Promise(requestAnimationFrame);
  }}
  return path;
}}"""
GLIDE_MILLISECONDS = 600  # as in plot/picture.js
HOVERED = f"""() => {{
  const tooltip = document.querySelector('.embviz-tooltip:not([hidden])');
  if (!tooltip) return null;
  const [canvas, item] = [tooltip.querySelector('canvas'), Number(tooltip.dataset.id)];
  const {{ width, height }} = canvas;
  const place = {HOST}.embviz.shownPlaces().find(([id]) => id === item).slice(1);
  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  return [item, place, [...pixels].filter((_, at) => at % 4 === 3)];
}}"""
"""Item and image of the tooltip, and the item's place, read at once so that nothing moves in between."""


def run_tsne(projector, seed, amount="End"):
    """Ask for t-SNE, and press Run."""
    ask_for_tsne(projector, seed, amount)
    projector.run()


def ask_for_tsne(projector, seed, amount="End"):
    """Choose t-SNE with all sliders at one end, for a long or short run, and a seed that no other test has computed."""
    projector.choose("Method", "t-SNE")
    projector.page.get_by_role("textbox", name="Seed").fill(str(seed))
    projector.page.keyboard.press("Enter")
    for name in ("Perplexity", "Iterations"):
        slider = projector.page.get_by_role("slider", name=name)
        slider.press(amount)
        expect(slider).to_have_value(slider.get_attribute("max" if amount == "End" else "min"))
        projector.wait_idle()


def watch_tsne(projector, seed):
    """Run t-SNE, and wait until the page shows it forming."""
    run_tsne(projector, seed)
    wait_until(projector, "running")


def wait_until(projector, state):
    projector.page.wait_for_selector(f'.embviz[data-run="{state}"]', state="attached")


def planned(projector):
    """Number of planned iterations that the line under the plot shows."""
    said = projector.page.locator(".embviz-replay output").inner_text()
    return int(PLANNED.search(said)[1].replace(",", ""))


def press(projector, name):
    projector.page.get_by_role("button", name=name, exact=True).click()


def final_places(projector):
    """Places of all points after the finished layout is shown and can be replayed."""
    projector.page.wait_for_selector(".embviz:not([data-run]) .embviz-replay input:enabled")
    projector.wait_idle()
    return still_places(projector)


def array(places):
    return np.array([places[item] for item in sorted(places)])


def still_places(projector):
    """Places of all points after they have stopped moving."""
    return array(projector.wait_still())


def wait_for_movement(projector, places):
    for _ in range(MANY):
        if np.abs(array(projector.places()) - places).max() > 2:
            return
        projector.page.wait_for_timeout(50)
    pytest.fail("nothing moves")


def assert_tooltip_true(projector, item):
    np.testing.assert_array_equal(projector.tooltip_pixels(item), DIGITS.images[DIGITS.ids == item][0])


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_a_forming_layout_can_be_paused_shaken_prolonged_and_stopped(projector, dims):
    page = projector.page
    projector.choose("Dimensions", dims)
    watch_tsne(projector, seed=1)
    assert "forming" in page.locator(".embviz-top").inner_text()
    wait_for_movement(projector, array(projector.places()))
    press(projector, "Pause")
    wait_until(projector, "paused")
    paused = still_places(projector)
    assert_tooltip_true(projector, projector.isolated_ids(1, room=6.0)[0])
    press(projector, "Perturb")
    wait_for_movement(projector, paused)
    still_places(projector)
    assert projector.attribute("run") == "paused"
    total = planned(projector)
    page.evaluate(KEEP_BUSY)
    for more in range(1, 6):
        press(projector, "+250")
        page.get_by_text(f"of {total + more * 250:,} · paused").wait_for()
    press(projector, "Resume")
    wait_until(projector, "running")
    press(projector, "Stop")
    final_places(projector)
    assert "forming" not in page.locator(".embviz-top").inner_text()
    assert_tooltip_true(projector, projector.isolated_ids(1, room=6.0)[0])


def test_the_tooltip_follows_what_moves_under_the_pointer(projector):
    watch_tsne(projector, seed=2)
    box = projector.page.locator(".embviz-stage").bounding_box()
    pointer = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    seen = set()
    for step in range(200):
        if len(seen) >= 4:
            break
        at = pointer + 60 * np.array([np.cos(step), np.sin(step)])
        projector.page.mouse.move(*at)
        for _ in range(50):  # the item may move on before the page is asked; then another one soon takes its place
            projector.page.evaluate(f"() => {TWO_DRAWINGS}")
            hovered = projector.page.evaluate(HOVERED)
            if hovered is None:
                break
            item, place, ink = hovered
            assert np.array_equal(ink, DIGITS.images[DIGITS.ids == item].ravel())
            if np.hypot(*(np.array(place) - at)) < 40:
                break
        else:
            pytest.fail("the tooltip stays with an item that is far away")
        if hovered is not None:
            seen.add(hovered[0])
    assert len(seen) >= 4


def test_a_layout_that_ends_by_itself_can_be_replayed_and_goes_on(projector):
    page = projector.page
    run_tsne(projector, seed=3, amount="Home")
    page.get_by_text("300 iterations · KL").wait_for()
    final = final_places(projector)
    slider = page.get_by_role("slider", name="Replay")
    slider.focus()
    page.keyboard.press("Home")
    wait_for_movement(projector, final)
    early = still_places(projector)
    assert_tooltip_true(projector, projector.isolated_ids(1, room=6.0)[0])
    slider.focus()
    page.keyboard.press("Escape")
    wait_for_movement(projector, early)
    np.testing.assert_array_equal(still_places(projector), final)
    page.get_by_role("button", name="Replay", exact=True).click()
    wait_for_movement(projector, final)
    page.get_by_role("button", name="Pause replay").wait_for()
    page.get_by_role("button", name="Back", exact=True).click()
    np.testing.assert_array_equal(still_places(projector), final)
    press(projector, "+250 iterations")
    page.get_by_text("550 iterations · KL").wait_for()
    assert np.abs(final_places(projector) - final).max() > 2


def test_another_wish_ends_the_run_and_the_last_layout_is_there_again(projector):
    before = projector.attribute("painted")
    places = still_places(projector)
    ask_for_tsne(projector, seed=4)
    projector.run_paused()  # on a busy machine, a layout that goes on may end before PCA is chosen
    press(projector, "Perturb")
    wait_for_movement(projector, places)
    projector.choose("Method", "PCA")
    projector.wait_painted(before)
    np.testing.assert_array_equal(still_places(projector), places)
    projector.choose("Method", "t-SNE")
    projector.page.locator(".st-key-pending-projector").get_by_role("button", name="Run").wait_for()


def test_two_visitors_watch_and_steer_a_run_each(projector, browser, server):
    other = projector.of_another_visitor(browser, server)
    for seed, visitor in ((5, projector), (6, other)):
        ask_for_tsne(visitor, seed)
        visitor.run_paused()
    places = still_places(other)
    before = array(projector.places())
    press(projector, "Perturb")
    wait_for_movement(projector, before)
    press(projector, "Stop")
    final_places(projector)
    assert other.attribute("run") == "paused"
    np.testing.assert_array_equal(array(other.places()), places)
    other.page.context.close()


def path_to_component_3(projector, item):
    """Place of an item in each frame after component 3 is chosen for x, and when; watched from before the choice on."""
    projector.open_list(projector.page.get_by_role("combobox", name="x · PC"))
    projector.page.evaluate(f"item => {{ window.drawn = ({PATH})(item); }}", item)
    projector.page.get_by_role("option", name=re.compile("^3 · ")).click()
    return np.array(projector.page.evaluate("() => window.drawn"))


def test_points_glide_to_their_new_place_and_end_exactly_there(projector):
    before = projector.attribute("painted")
    places = projector.wait_still()
    item = max(places, key=lambda item: places[item][0])
    path, milliseconds = np.split(path_to_component_3(projector, item), [2], axis=1)
    np.testing.assert_allclose(path[0], places[item], atol=1)
    way = np.subtract(projector.places()[item], path[0])
    shares = (path - path[0]) @ way / (way @ way)
    assert (np.diff(shares) >= 0).all() and shares.max() <= 1 + 1e-6
    is_on_its_way = ((shares > 0) & (shares < 1)).any()
    assert is_on_its_way or np.diff(milliseconds[:, 0]).max() > GLIDE_MILLISECONDS, "it is drawn on its way, if at all"
    fastest = 3 / GLIDE_MILLISECONDS  # in the middle of the way; what is seen may be the frame before
    assert (np.diff(shares)[1:] <= fastest * (milliseconds[2:, 0] - milliseconds[:-2, 0]) + 0.05).all(), "no jump"
    projector.choose_listed("x · PC", re.compile("^1 · "))
    projector.wait_painted(before)
    np.testing.assert_array_equal(array(projector.places()), array(places))


def test_nothing_glides_for_whoever_wants_less_motion(projector):
    projector.page.emulate_media(reduced_motion="reduce")
    item = projector.isolated_ids(1)[0]
    places = path_to_component_3(projector, item)[:, :2]
    assert len(np.unique(places, axis=0)) <= 2


def test_the_slider_is_as_long_as_the_plan_and_stands_where_the_layout_has_come(projector):
    watch_tsne(projector, seed=7)
    press(projector, "Pause")
    wait_until(projector, "paused")
    slider = projector.page.get_by_role("slider", name="Replay")
    expect(slider).to_be_enabled()
    paused = still_places(projector)
    projector.page.wait_for_function(
        f"() => {HOST}.querySelector('.embviz-replay input').value === {HOST}.dataset.done"
    )
    done = int(projector.attribute("done"))
    assert slider.get_attribute("max") == str(planned(projector)) and done < planned(projector)
    expect(slider).to_have_value(str(done))
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^iteration {done:,} of .* · paused"))
    slider.press("ArrowLeft")
    expect(slider).not_to_have_value(str(done))
    slider.press("End")
    expect(slider).to_have_value(str(done))
    np.testing.assert_array_equal(still_places(projector), paused)
    press(projector, "Stop")
    final_places(projector)
    assert slider.input_value() == slider.get_attribute("max")


def test_a_run_is_started_paused_and_stopped_without_a_pointer(projector):
    page = projector.page

    def enter(name):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")

    ask_for_tsne(projector, seed=9)
    page.locator(".st-key-pending-projector").get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    wait_until(projector, "running")
    enter("Pause")
    wait_until(projector, "paused")
    assert page.evaluate("() => document.activeElement.innerText").endswith("Resume"), "the focus stays"
    page.keyboard.press("Enter")
    wait_until(projector, "running")
    enter("Stop")
    final_places(projector)
    page.get_by_role("button", name="+250 iterations", exact=True).focus()
    page.keyboard.press("Enter")
    wait_until(projector, "running")
    enter("Stop")
    final_places(projector)


REPLAY_WHILE_RUNNING = """() => {
  window.seenWhileRunning = { shown: false, looked: false };
  const look = () => {
    requestAnimationFrame(look);
    if (document.querySelector('.embviz')?.dataset.run !== 'running') return;
    window.seenWhileRunning.looked = true;
    window.seenWhileRunning.shown ||= document.querySelector('[data-replay="play"]')?.checkVisibility() ?? false;
  };
  look();
}"""
"""Script that looks in every frame whether Replay is shown while a layout forms, however slow the test is."""


def test_replay_and_resume_are_two_buttons_with_words_of_their_own(projector):
    projector.page.evaluate(REPLAY_WHILE_RUNNING)
    watch_tsne(projector, seed=8)
    wait_for_movement(projector, array(projector.places()))
    row = projector.page.locator(".embviz-replay")
    press(projector, "Pause")
    wait_until(projector, "paused")
    assert projector.page.evaluate("seenWhileRunning") == {"shown": False, "looked": True}
    expect(row.get_by_role("button", name="Replay", exact=True)).to_be_visible()
    height, paused = row.bounding_box()["height"], still_places(projector)
    names = [button.inner_text() for button in row.get_by_role("button").all() if button.is_visible()]
    assert [name.lstrip("▶❚■↺ ") for name in names] == ["Resume", "Stop", "+250", "Perturb", "Replay"]
    press(projector, "Replay")
    wait_for_movement(projector, paused)
    assert projector.attribute("run") == "paused" and row.bounding_box()["height"] == height


COVERED = """field => {
  field.scrollIntoView({ block: "nearest" });
  const box = field.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !(field.contains(seen) || seen?.contains(field) || seen?.closest("label, [data-baseweb]")?.contains(field));
}"""


@pytest.mark.parametrize("state", ["not computed", "forming"])
def test_run_and_its_numbers_cover_no_field_that_is_scrolled_to(projector, state):
    page = projector.page
    page.set_viewport_size({"width": 1280, "height": 720})
    ask_for_tsne(projector, seed=13)
    if state == "forming":
        projector.run_paused()
        expect(page.get_by_role("textbox", name="Learning rate", exact=True)).to_be_visible()
    projector.unfold(page.get_by_text("Advanced"))
    projector.unfold(page.get_by_text("Bookmarks"))
    fields = page.locator('[data-testid="stSidebar"] [data-testid="stTextInput"] input').all()
    assert len(fields) > 2
    assert [field.get_attribute("aria-label") for field in fields if field.evaluate(COVERED)] == []
