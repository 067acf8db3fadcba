"""Pictures of a page in the other language and on a phone, where somebody wants to look at them."""

from pathlib import Path

from tests.journeys.steps.desk import PHONE, SHOTS, WIDE, Desk


def look(desk: Desk, name: str) -> Desk:
    """Examine the page; with ``PORTAL_SHOTS`` photograph it in English too, wide and as on a phone."""
    desk.seen(name)
    if SHOTS:
        _speak(desk, "English")
        for width in (PHONE, WIDE):
            desk.page.set_viewport_size({"width": width, "height": 900})
            desk.page.screenshot(path=Path(SHOTS) / f"{desk.role}-{name}-en-{width}.png", full_page=True)
        _speak(desk, "中文")
    return desk


def _speak(desk: Desk, language: str) -> None:
    with desk.page.expect_navigation():
        button = desk.page.get_by_role("button", name=language)
        button.or_(desk.page.get_by_role("link", name=language)).first.click()
