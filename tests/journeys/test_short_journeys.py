"""What goes wrong at a browser: bad input, an old page, a button pressed five times, another language, no script."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Response

from applications.models import Achievement, Declaration
from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.people import someone
from tests.journeys.conftest import World
from tests.journeys.steps import applicant
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEED = 21


def draft_of(world: World, seed: int = SEED) -> Declaration:
    """A complete draft by the story, not signed."""
    return declare.draft(world.city, world.cycle, seed, unit=world.unit, line=world.cycle.line("forestry"))


def desk_of(world: World, declaration: Declaration, **options: Any) -> Desk:
    """The applicant's browser."""
    return world.desk("applicant", declaration.applicant.user, **options)


def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(world: World, tmp_path: Path) -> None:
    draft, papers = draft_of(world), Papers(tmp_path)
    mine = desk_of(world, draft)
    mine.open(f"/my/declarations/{draft.pk}/person/")
    mine.fill(work_started_on="2031-08-01", current_post="林场技术组组长").press("Save and continue", 422)
    mine.told("work_started_on", "This day lies in the future.").seen("future-day")
    assert mine.value("current_post") == "林场技术组组长"
    assert mine.value("work_started_on") == "2031-08-01"
    mine.open(f"/my/declarations/{draft.pk}/photo/").fill(photo=papers.no_photo()).press("Save and continue", 422)
    mine.told("photo").seen("no-photo")
    photo = mine.download(mine.main.locator("img.photo").first.get_attribute("src") or "")
    assert photo.startswith(b"\xff\xd8")  # the one there was stays
    mine.follow("Closer").seen("photo-closer").says(words("Save to keep this frame."))
    mine.press("Save and continue")
    assert draft.photos.get(current=True).width == 90
    mine.open(f"/my/declarations/{draft.pk}/achievements/")
    place = draft.achievements.count()
    applicant.achievement(mine, papers, place)
    mine.fill(**{f"achievements-{place}-proof": papers.no_photo()}).press("Save and continue", 422)
    assert mine.value(f"achievements-{place}-title") == applicant.ACHIEVEMENT["title"]
    mine.told(f"achievements-{place}-proof")
    new = draft.achievements.get(title=applicant.ACHIEVEMENT["title"])  # what was typed is saved, the file is not
    assert not draft.materials.filter(code=f"achievement-{new.pk}").exists()
    mine.press("Save and continue")
    assert draft.achievements.count() == place + 1
    assert not world.findings.found


def test_a_post_out_of_turn_is_told_by_name(world: World) -> None:
    draft = draft_of(world)
    mine = desk_of(world, draft)
    mine.open(f"/my/declarations/{draft.pk}/person/")
    declare.submit(draft)
    mine.press("Save and continue", 409).seen("out-of-turn")
    draft.refresh_from_db()
    mine.says(draft.get_status_display())
    assert draft.status == "with_unit"
    assert not world.findings.found


def test_an_old_tab_is_told_and_overwrites_nothing(world: World) -> None:
    draft = draft_of(world)
    mine = desk_of(world, draft, script=False)
    section = f"/my/declarations/{draft.pk}/person/"
    mine.open(section)
    other = mine.context.new_page()
    other.goto(mine.base + section)
    other.locator('[name="ethnicity"]').fill("畲族")
    other.get_by_role("button", name=words("Save and continue")).click()
    mine.fill(ethnicity="回族").press("Save and continue", 409)
    mine.says(words("Changed in another window"))
    assert mine.value("ethnicity") == "回族"
    draft.refresh_from_db()
    assert draft.ethnicity == "畲族"
    mine.press("Save what stands here")
    draft.refresh_from_db()
    assert draft.ethnicity == "回族"
    assert not world.findings.found


def test_five_equal_submissions_give_one_declaration(world: World) -> None:
    user = world.city.applicant(SEED)
    world.city.employ(user, world.unit)
    mine = world.desk("applicant", user)
    mine.open("/my/declarations/new/")
    applicant.choose(mine, "title", "工程师")
    applicant.choose(mine, "subfield", "林业")
    mine.fill(unit=str(world.unit.pk), channel="regular", specialty="森林培育")
    form = mine.main.locator("form").evaluate("form => Object.fromEntries(new FormData(form))")
    answers = [mine.context.request.post(f"{mine.base}/my/declarations/new/", form=form) for _ in range(5)]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.url for answer in answers}) == 1
    assert Declaration.objects.count() == 1


def test_another_language_keeps_the_draft(world: World) -> None:
    draft = draft_of(world)
    mine = desk_of(world, draft)
    mine.open(f"/my/declarations/{draft.pk}/person/").fill(birthplace="浙江松阳").press("Save and continue")
    mine.open(f"/my/declarations/{draft.pk}/person/")
    with mine.page.expect_navigation():
        mine.page.get_by_role("button", name="English").or_(mine.page.get_by_role("link", name="English")).first.click()
    assert mine.page.locator("html").get_attribute("lang") == "en"
    mine.open(f"/my/declarations/{draft.pk}/person/")
    assert mine.value("birthplace") == "浙江松阳"
    assert "Place of birth" in mine.text()
    assert not world.findings.found


def test_without_script_everything_can_be_filled_and_handed_in(world: World, tmp_path: Path) -> None:
    user = world.city.applicant(SEED)
    world.city.employ(user, world.unit)
    mine = world.desk("applicant", user, script=False)
    mine.findings.scripts = False
    pk = applicant.start(mine, world.unit)
    applicant.fill_everything(mine, pk, Papers(tmp_path), SEED)
    number = applicant.sign_and_submit(mine, pk)
    assert Declaration.objects.get(pk=pk).number == number
    assert someone(SEED).name in mine.open(f"/my/declarations/{pk}/").page.content()


def _saved(typed: str) -> Callable[[Response], bool]:
    """The answer to what the script sent with this text; leaving a field may have sent something before."""

    def is_it(answer: Response) -> bool:
        sent = answer.request
        return sent.headers.get("x-requested-with") == "autosave" and typed.encode() in (sent.post_data_buffer or b"")

    return is_it


def test_a_new_entry_is_saved_while_typing_and_only_once(world: World, tmp_path: Path) -> None:
    draft = draft_of(world)
    mine, count, files = desk_of(world, draft), draft.achievements.count(), draft.materials.count()
    mine.open(f"/my/declarations/{draft.pk}/achievements/")
    title, role = f"achievements-{count}-title", f"achievements-{count}-role"
    mine.fill(
        **{f"achievements-{count}-kind": "award", f"achievements-{count}-proof": Papers(tmp_path).pdf("业绩证明")}
    )
    for name, typed in ((title, "毛竹示范林"), (role, "主持"), (title, "毛竹丰产示范林")):
        with mine.page.expect_response(_saved(typed)):
            mine.fill(**{name: typed})
            mine.main.locator(f'[name="{name}"]').blur()
        made = draft.achievements.get(**{name.rpartition("-")[2]: typed})
        assert draft.achievements.count() == count + 1
    assert (made.kind, made.title, made.role) == ("award", "毛竹丰产示范林", "主持")
    assert draft.materials.count() == files  # a file goes with the button
    mine.press("Save and continue")
    assert draft.achievements.count() == count + 1
    assert draft.materials.filter(code=f"achievement-{made.pk}").count() == 1
    assert not world.findings.found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_of_many_entries_each_is_opened_where_it_is_needed(world: World, script: bool) -> None:
    draft = draft_of(world)
    for year in range(2012, 2024):
        Achievement.objects.create(
            declaration=draft, kind="award", title=f"{year}年科技奖", role="主持", reached_on=dt.date(year, 3, 15)
        )
    if not script:
        world.findings.scripts = False
    mine = world.desk("applicant", draft.applicant.user, script=script)
    mine.open(f"/my/declarations/{draft.pk}/achievements/")
    row = draft.achievements.get(title="2015年科技奖")
    place = mine.main.locator(f"#row-{row.pk}")
    place.locator("summary").click()  # it has no file yet, so it stood open
    name = mine.main.locator(f'[name="achievements-{list(draft.achievements.all()).index(row)}-title"]')
    assert not name.is_visible()
    mine.seen("many-entries")
    if script:  # what the page says is missing leads to the entry, closed as it was
        mine.main.get_by_role("link", name=row.title).click()
    else:
        place.locator("summary").click()
    name.fill("2015年省科技奖")
    mine.press("Save and add another")
    row.refresh_from_db()
    assert row.title == "2015年省科技奖"
    assert mine.page.url.endswith("/achievements/#row-new")
    assert not world.findings.found


def test_whoever_has_several_roles_chooses_one_after_the_log_in(world: World) -> None:
    user = world.city.user("unit_clerk", world.unit)
    county = next(iter(world.city.counties.values()))
    Membership.objects.create(user=user, role="forwarder", organisation=county)
    mine = world.desk("several-roles", user, at_the_door=True)
    mine.log_in()
    mine.says(words("In which role do you work now?"), world.unit.name, county.name).seen("roles")
    with mine.page.expect_navigation():
        mine.main.get_by_role("button", name=words("Work in this role")).last.click()
    assert mine.page.url.endswith("/forwarder/")
    mine.says(words("You now act as: {role}").partition("{")[0])
    assert not world.findings.found
