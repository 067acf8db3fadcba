"""Forty entries on one page: each is one line, except those something is to be done with; nothing typed is lost."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Achievement, Declaration, Material, Training
from applications.rules.items import ReviewItem
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel.models import Upload
from tests.applications.steps import rows, section

pytestmark = pytest.mark.django_db
MANY = 40


@pytest.fixture
def long(draft: Declaration) -> Declaration:
    """A draft with forty achievements; the tenth has no file."""
    upload = draft.materials.filter(code__startswith="achievement-")[0].upload
    for number in range(draft.achievements.count(), MANY):
        row = Achievement.objects.create(
            declaration=draft, kind="award", title=f"成果{number + 1}", role="主持", reached_on=dt.date(2020, 3, 15)
        )
        if number != 9:
            Material.objects.create(declaration=draft, code=f"achievement-{row.pk}", upload=upload)
    return draft


def entries(page: Any) -> list[tuple[int, bool, str]]:
    """(key, whether it stands open, words of its line) of each folded entry."""
    found = re.findall(
        r'<details class="folded" id="row-(\d+)"( open)?><summary>(.*?)</summary>', page.content.decode()
    )
    return [(int(pk), bool(shown), " ".join(re.sub(r"<[^>]+>", " ", line).split())) for pk, shown, line in found]


def opened(page: Any) -> set[int]:
    return {pk for pk, shown, _line in entries(page) if shown}


def test_each_entry_is_a_line_and_what_lacks_something_stands_open(mine: Client, long: Declaration) -> None:
    page = mine.get(section(long, "achievements"))
    lacking = long.achievements.get(title="成果10")
    there = list(long.achievements.values_list("pk", "title"))
    assert [pk for pk, _shown, _line in entries(page)] == [pk for pk, _title in there]
    assert opened(page) == {lacking.pk}
    lines = [line for _pk, _shown, line in entries(page)]
    assert f"{there.index((lacking.pk, '成果10')) + 1}. 成果10 2020-03-15 · 没有附件 尚不完整" in lines
    assert sum(line.endswith(" · 1 个附件") for line in lines) == MANY - 1
    assert f'href="#row-{lacking.pk}"' in page.content.decode()
    assert page.content.decode().count('id="row-new"') == 1


def test_few_entries_are_shown_whole(mine: Client, draft: Declaration) -> None:
    assert not entries(mine.get(section(draft, "achievements")))


def test_forty_entries_ask_the_database_as_often_as_two(mine: Client, draft: Declaration, request: Any) -> None:
    page = section(draft, "achievements")
    mine.get(page + "?row=0")  # the session's own row
    with CaptureQueriesContext(connection) as few:
        mine.get(page + "?row=0")
    request.getfixturevalue("long")
    with CaptureQueriesContext(connection) as many:
        mine.get(page + "?row=0")
    assert len(many) == len(few)


def test_what_is_typed_in_a_folded_entry_is_saved(mine: Client, long: Declaration) -> None:
    post = rows(long, "achievements", **{"achievements-20-title": "改过的名称"})
    assert mine.post(section(long, "achievements"), post).status_code == 302
    assert long.achievements.all()[20].title == "改过的名称"
    assert long.achievements.count() == MANY


def test_a_fault_opens_its_entry_and_so_does_what_was_typed(mine: Client, long: Declaration) -> None:
    bad = {"achievements-20-reached_on": "2026-02-30", "achievements-30-title": "改过的名称"}
    answer = mine.post(section(long, "achievements"), rows(long, "achievements", **bad))
    assert answer.status_code == 422
    there = list(long.achievements.values_list("pk", flat=True))
    assert opened(answer) == {there[20], there[30]}
    assert entries(answer)[20][2].endswith("需要修改")
    page = answer.content.decode()
    assert page.index(f'id="row-{there[20]}"') < page.index('id="id_achievements-20-reached_on"')
    assert page.index('id="id_achievements-20-reached_on"') < page.index(f'id="row-{there[21]}"')
    assert 'href="#id_achievements-20-reached_on"' in page
    assert "2026-02-30" in page


def test_an_old_tab_shows_open_what_differs(mine: Client, long: Declaration) -> None:
    post = rows(long, "achievements", **{"achievements-20-title": "我的名称", "version": long.form_version - 1})
    answer = mine.post(section(long, "achievements"), post)
    assert answer.status_code == 409
    assert opened(answer) == {long.achievements.all()[20].pk}


def test_a_correction_slip_opens_what_it_names(mine: Client, long: Declaration) -> None:
    named = long.achievements.get(title="成果20")
    long.achievements.get(title="成果10").delete()
    story.give_back(declare.submit(long), {f"achievements:{named.pk}": "名次与证书不一致。"})
    assert opened(mine.get(section(long, "achievements"))) == {named.pk}


@pytest.mark.parametrize(("many", "folded"), [(1, False), (3, False), (4, True), (40, True)])
def test_many_pictures_of_one_item_are_folded_for_its_readers(long: Declaration, many: int, folded: bool) -> None:
    kinds = ["image/jpeg"] * many + ["application/pdf"]
    uploads = tuple(Upload(content_type=kind, original_name=f"{n}.jpg", size=1) for n, kind in enumerate(kinds))
    item = ReviewItem("achievements:1", "achievements", "成果", (), uploads, "")
    page = render_to_string("applications/unit/_files.html", {"item": item, "object": long})
    assert page.count("<img") == many
    assert ("<details" in page) == folded
    assert (f"在此显示 {many} 张图片" in page) == folded


def test_whoever_takes_a_file_away_or_adds_an_entry_goes_on_there(mine: Client, long: Declaration) -> None:
    row = long.achievements.all()[20]
    file = long.materials.get(code=f"achievement-{row.pk}")
    page = section(long, "achievements")
    answer = mine.post(page, rows(long, "achievements", remove=file.pk))
    assert answer.headers["Location"] == f"{page}?row={row.pk}#row-{row.pk}"
    assert row.pk in opened(mine.get(answer.headers["Location"]))
    long.refresh_from_db()
    proof = SimpleUploadedFile("证明.pdf", evidence_pdf("证明"), "application/pdf")
    new = {
        f"achievements-{MANY}-{name}": value for name, value in {"kind": "award", "title": "新", "proof": proof}.items()
    }
    answer = mine.post(page, rows(long, "achievements", stay="1", **new))
    assert answer.headers["Location"] == f"{page}#row-new"
    assert long.achievements.count() == MANY + 1


def test_a_job_and_a_training_of_the_same_number_have_places_of_their_own(mine: Client, draft: Declaration) -> None:
    job = draft.work_history.first()
    Training.objects.create(pk=job.pk, declaration=draft, content="林业规划进修")
    page = mine.get(section(draft, "experience")).content.decode()
    assert [page.count(f'id="{place}"') for place in (f"row-{job.pk}", f"trainings-row-{job.pk}")] == [1, 1]
    assert [page.count(f'id="{place}"') for place in ("row-new", "trainings-row-new")] == [1, 1]
    assert page.index(f'id="trainings-row-{job.pk}"') < page.index("林业规划进修")
    new = {"trainings-1-content": "测绘进修", "stay": "1"}
    answer = mine.post(section(draft, "experience"), rows(draft, "work_history") | rows(draft, "trainings", **new))
    assert answer.headers["Location"].endswith("/experience/#trainings-row-new")
    draft.refresh_from_db()
    story.give_back(declare.submit(draft), {f"experience:training-{job.pk}": "时间与证书不一致。"})
    assert f"/experience/#trainings-row-{job.pk}" in mine.get(f"/my/declarations/{draft.pk}/fix/").content.decode()
