"""After the decision: list under publicity, objection register, decided cases, originals, archive book, next cycle.

With ``PORTAL_SHOTS`` every page is photographed wide and as on a phone, in Chinese and in English.
"""

import datetime as dt
from pathlib import Path

import pytest

from appraisal_portal.home.story import archive, meeting, originals, results
from appraisal_portal.kernel import clock
from tests.factories.results import AFTER, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, examined
from tests.journeys.conftest import World
from tests.journeys.steps.desk import PHONE, SHOTS, WIDE, Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def look(desk: Desk, name: str) -> Desk:
    """Examine the page; the other three pictures of it only where somebody looks at them."""
    desk.seen(name)
    if SHOTS:
        for language in ("en", "zh-hans"):
            for width in (PHONE, WIDE):
                desk.page.set_viewport_size({"width": width, "height": 900})
                picture = Path(SHOTS) / f"{desk.role}-{name}-{language}-{width}.png"
                if language == "en" or width == PHONE:
                    _speak(desk, language)
                    desk.page.screenshot(path=picture, full_page=True)
        _speak(desk, "zh-hans")
        desk.page.set_viewport_size({"width": WIDE, "height": 900})
    return desk


def _speak(desk: Desk, language: str) -> None:
    spoken = desk.page.locator("html").get_attribute("lang") or ""
    if not spoken.lower().startswith(language[:2]):
        with desk.page.expect_navigation():
            name = "English" if language == "en" else "中文"
            desk.page.get_by_role("button", name=name).or_(desk.page.get_by_role("link", name=name)).first.click()


def test_what_is_left_to_do_once_it_is_decided(world: World) -> None:
    city, cycle, line = world.city, world.cycle, world.cycle.line("forestry")
    world.travel(MONDAY)
    rows = []
    for seed in range(3):
        city.employ(city.applicant(100 + seed), world.unit)
        rows.append(examined(city, line, 100 + seed, unit=world.unit))
        with_photo(rows[-1], seed)
    held = meeting.prepare(city, cycle, line, rows, MEETING_DAY)
    meeting.apply(held)
    meeting.approve(held)
    with clock.travel(MEETING_DAY):
        meeting.hold(held, {rows[2].pk: "not_passed"})
    world.travel(clock.at(PUBLIC_FROM, 10))
    public = results.publicise(held)
    world.travel(clock.at(PUBLIC_FROM + dt.timedelta(days=1), 10))
    objection = results.object_to(public.items.get(declaration=rows[1]))
    visitor, clerk = world.desk("public"), world.desk("office", objection.handler)
    look(visitor.open(f"/publicity/{public.pk}/").says("2026-05-28"), "publicity")
    look(clerk.open("/office/objections/"), "objections")
    look(clerk.open(f"/office/objections/{objection.pk}/"), "objection")
    results.conclude(objection)
    world.travel(clock.at(AFTER, 10))
    results.decide(results.report(held))

    person = world.desk("applicant", rows[2].applicant.user)
    look(clerk.open("/outcomes/"), "outcomes").go(rows[2].number)
    clerk.fill(reasons="专业技术业绩未达到标准第四条：需主持完成两项县级以上项目。").press("Give the reasons")
    look(clerk, "reasons")
    look(person.open(f"/outcomes/{rows[2].pk}/").says("标准第四条"), "letter")
    for code in ("decision-letter", "2-1-completed"):
        assert person.download(f"/outcomes/{rows[2].pk}/papers/{code}/").startswith(b"%PDF")
    unit = world.desk("unit", city.user("unit_clerk", world.unit))
    look(unit.open("/outcomes/"), "outcomes").go(rows[0].number)
    look(unit, "filing").press("Confirm the filing", 422).told("place")
    look(unit, "filing-error").fill(place="人事档案第4类12号").press("Confirm the filing")
    unit.says("人事档案第4类12号").seen("filed")

    fresh = examined(city, line, 110, unit=world.unit)
    city.employ(fresh.applicant.user, world.unit)
    unit.open(f"/unit/declarations/{fresh.pk}/originals/").seen("originals-new")
    unit.press("Take in", 422).told("items")
    unit.fill(items="毕业证书\n发明专利证书 ×2", other=fresh.applicant.name).press("Take in")
    look(unit, "originals")
    bundle = fresh.originals.get()
    originals.moved(bundle, "forwarder_receives")
    look(unit.open("/originals/?tab=all"), "originals-list")
    owner = world.desk("applicant", fresh.applicant.user)
    look(owner.open(f"/my/declarations/{fresh.pk}/").says(str(world.unit.forwarder)), "progress")

    clerk.open("/archive/").press("Make the archive book").says(words("Being made"))
    look(clerk, "archive-ordered")
    book = held.archive_books.get()
    archive.deliver(book.records.get())
    look(clerk.open(f"/archive/{book.pk}/"), "archive-book")
    look(clerk.open("/archive/"), "archive-list")
    reviewer = world.desk("bureau", city.user("bureau_reviewer"))
    look(reviewer.open("/cycle/"), "cycle").press("Take over as drafts")
    look(reviewer, "cycle-taken").go("2027")
    look(reviewer, "plan-to-confirm")
    assert not world.findings.found
