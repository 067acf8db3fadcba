"""The personal archive over two years, through the pages and services people use."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import ArchivedAchievement
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock as portal_clock
from tests.applications.steps import rows
from tests.factories.applications import a_draft
from tests.factories.plans import a_cycle

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def years(clock):
    """The cycles of two years in one city; the test stands in the first."""
    clock(dt.date(2025, 5, 6))
    city, first = a_cycle(2025, committees=("forestry",))
    with portal_clock.travel(dt.date(2026, 5, 6)):
        _city, second = a_cycle(2026, city=city, committees=("forestry",))
    return city, first, second


def test_reused_next_year_the_clerk_confirms_with_one_click(years, clock):
    city, first, second = years
    unit = next(row for row in city.units if row.name == "龙泉市凤阳山林场")
    before = declare.submit(a_draft(city, first, 6, unit=unit, line=first.line("forestry")))
    story.verify(before)
    entries = ArchivedAchievement.objects.own(before.applicant.user)
    entry = next(row for row in entries if row.files.exists())
    clock(dt.date(2026, 5, 6))
    draft = a_draft(city, second, 6, unit=unit, line=second.line("forestry"))
    assert (draft.applicant, draft.year) == (before.applicant, 2026)
    mine, own = client_of(draft.applicant.user), draft.achievements.first()
    add = reverse("applications:my-archive-add", args=[draft.pk])
    assert entry.title in mine.get(add).content.decode()
    assert mine.post(add, {"version": draft.form_version, "entries": [entry.pk]}).status_code == 302
    draft.refresh_from_db()
    used = draft.achievements.get(archived=entry)
    assert draft.materials.filter(code=f"achievement-{used.pk}", upload=entry.files.first().upload).exists()
    declare.submit(draft)
    clerk, url = client_of(story.clerk_of(draft)), reverse("applications:unit-declaration", args=[draft.pk])
    page = clerk.get(url).content.decode()
    assert "2025-05-06" in page
    assert entry.verified_sha256[:12] in page
    assert clerk.post(url, {"confirm": f"achievements:{used.pk}"}).status_code == 302
    assert draft.item_checks.get(item=f"achievements:{used.pk}").result == "true"
    assert clerk.post(url, {"confirm": f"achievements:{own.pk}"}).status_code == 422  # never verified before


def test_with_another_file_it_is_checked_anew(years, clock):
    city, first, second = years
    unit = next(row for row in city.units if row.name == "龙泉市凤阳山林场")
    before = declare.submit(a_draft(city, first, 6, unit=unit, line=first.line("forestry")))
    story.verify(before)
    entry = next(row for row in ArchivedAchievement.objects.own(before.applicant.user) if row.files.exists())
    clock(dt.date(2026, 5, 6))
    draft = a_draft(city, second, 6, unit=unit, line=second.line("forestry"))
    mine = client_of(draft.applicant.user)
    add = reverse("applications:my-archive-add", args=[draft.pk])
    mine.post(add, {"version": draft.form_version, "entries": [entry.pk]})
    draft.refresh_from_db()
    used = draft.achievements.get(archived=entry)
    page = reverse("applications:my-section", args=[draft.pk, "achievements"])
    other = SimpleUploadedFile("新证明.pdf", evidence_pdf("另一份证明"), "application/pdf")
    place = list(draft.achievements.values_list("pk", flat=True)).index(used.pk)
    post = rows(draft, "achievements", **{f"achievements-{place}-proof": other})
    assert mine.post(page, post).status_code == 302
    draft.refresh_from_db()
    assert (
        draft.materials.filter(code__startswith=f"achievement-{used.pk}", removed=False, superseded_by=None).count()
        == 2
    )
    declare.submit(draft)
    clerk, url = client_of(story.clerk_of(draft)), reverse("applications:unit-declaration", args=[draft.pk])
    assert clerk.post(url, {"confirm": f"achievements:{used.pk}"}).status_code == 422
    assert not draft.item_checks.exists()
