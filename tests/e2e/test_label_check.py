"""The queue of doubtful labels by keyboard, and what is left of it after a reload."""

from playwright.sync_api import expect

from embviz.datasets import load_dataset
from embviz.features.pixels import pixel_features
from embviz.label_check import KINDS, check_labels, confusion
from embviz.label_check.reasons import doubts_of

DIGITS = load_dataset("digits", "all")


def headline(check):
    """The numbers on top of the tab, and what stands below each."""
    wrong, n = check.wrong, int((check.kind == KINDS.index("probably mislabeled")).sum())
    between = f"{100 * wrong.interval.low:.1f} to {100 * wrong.interval.high:.1f}\xa0%"
    return [f"{100 * wrong.share:.1f}\xa0%", between, str(n), f"of {len(check):,}"]


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
    assert page.locator(".embviz-numbers b, .embviz-numbers b + span").all_text_contents() == headline(check)
    expect(page.get_by_text(f"looks like {first.suggested}")).to_be_visible()
    near = DIGITS.ids[check.neighbors[rows[0]]]
    cards = page.locator(".st-key-doubted-neighbors .embviz-card")
    assert [int(card.get_attribute("data-ids")) for card in cards.all()] == near.tolist()

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

    page.get_by_role("tab", name="Overlap").click()
    found = confusion(DIGITS.labels, check.held_out, 10)
    cells = page.locator('[class*="st-key-confusion-held-out"] .embviz-heatmap button')
    expect(cells).to_have_count(90)
    for cell in cells.all():
        a, b = map(int, cell.get_attribute("data-pair").split())
        assert cell.get_attribute("title").startswith(f"{a} taken for {b}: {100 * found.shares[a, b]:.2f} % of them")
    expect(page.get_by_text(f"right for {100 * found.accuracy:.1f} % of all items")).to_be_visible()
