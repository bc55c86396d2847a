"""The queue of doubtful labels by keyboard, and what is left of it after a reload."""

from playwright.sync_api import expect

from embviz.datasets import load_dataset
from embviz.features.pixels import pixel_features
from embviz.label_check import check_labels
from embviz.label_check.reasons import doubts_of

DIGITS = load_dataset("digits", "all")


def wait_for_item(page, item):
    page.locator(f'.st-key-doubted .embviz-card[data-ids="{item}"]').wait_for()


def test_the_queue_is_worked_through_by_keyboard_and_is_where_it_was_after_a_reload(projector):
    page = projector.page
    check = check_labels(pixel_features(DIGITS), DIGITS)
    rows = [row for row in check.worst_first.tolist() if check.is_suspect[row]]
    first, second, third = doubts_of(check, DIGITS, rows[:3])

    page.get_by_role("tab", name="Label check").click()
    page.get_by_role("button", name="Check labels").click()
    wait_for_item(page, first.id)
    numbers = page.locator(".embviz-numbers b").all_text_contents()
    assert numbers[0] == f"{100 * check.wrong.share:.1f} %"
    expect(page.get_by_text(f"looks like {first.suggested}")).to_be_visible()

    page.keyboard.press("l")
    wait_for_item(page, second.id)
    page.keyboard.press("u")
    wait_for_item(page, third.id)
    page.keyboard.press("z")
    wait_for_item(page, second.id)
    page.keyboard.press("k")
    wait_for_item(page, third.id)
    expect(page.get_by_text(f"2 of {len(rows)} decided")).to_be_visible()

    page.reload(wait_until="commit")
    projector.wait_painted()
    page.get_by_role("tab", name="Label check").click()
    wait_for_item(page, third.id)
    expect(page.get_by_text(f"2 of {len(rows)} decided")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    wait_for_item(page, second.id)
