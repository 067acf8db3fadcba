"""The personal archive: verified once with its file, used again next year, anew when the file changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from applications.models import ArchivedAchievement
from applications.rules.archive import FIELDS, files_sha256
from applications.services import archive
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.people import evidence_pdf
from tests.factories.applications import a_draft, a_submitted

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_one_hash_for_the_files():
    assert files_sha256(["ab"]) == "ab"
    assert files_sha256(["b", "a"]) == files_sha256(["a", "b"]) != files_sha256(["a"])
    assert files_sha256([]) == ""


def test_verified_once_with_its_file_and_never_changed(world):
    declaration = a_submitted(*world, 5)
    story.verify(declaration)
    entries = list(ArchivedAchievement.objects.own(declaration.applicant.user))
    assert len(entries) == declaration.achievements.count() > 0
    entry = next(row for row in entries if row.files.exists())
    assert (entry.verified_by, entry.verified_unit) == (story.clerk_of(declaration), declaration.unit)
    assert entry.verified_sha256 == files_sha256(entry.files.values_list("upload__sha256", flat=True))
    with pytest.raises(DatabaseError), transaction.atomic():
        ArchivedAchievement.objects.filter(pk=entry.pk).update(title="别的")
    client = client_of(declaration.applicant.user)
    page = client.get(reverse("applications:my-archive"))
    assert entry.title in page.content.decode()
    data = {"kind": entry.kind, "title": "改后的名称", "role": "", "rank": "", "reached_on": "", "level": ""}
    assert client.post(reverse("applications:my-archive-entry", args=[entry.pk]), data).status_code == 302
    entry.refresh_from_db()
    assert (entry.title != "改后的名称", entry.next.title, entry.next.verified_at) == (True, "改后的名称", None)
    assert (
        client.get(reverse("applications:my-archive-entry", args=[entry.pk])).status_code == 404
    )  # a newer one is there


@pytest.mark.parametrize("entries", [1, 3])
def test_my_archive_asks_the_same_number_of_queries(world, entries, django_assert_num_queries):
    draft = a_draft(*world, 12)
    for number in range(entries):
        file = SimpleUploadedFile("证明.pdf", evidence_pdf(f"证明{number}"), "application/pdf")
        data = {name: getattr(draft.achievements.first(), name) for name in FIELDS}
        archive.keep(draft.applicant, {**data, "title": f"成果{number}"}, file=file, owner=draft.applicant.user)
    client, url = client_of(draft.applicant.user), reverse("applications:my-archive")
    assert client.get(url).content.decode().count("成果") >= entries
    with django_assert_num_queries(7):
        client.get(url)


def test_taken_over_into_a_declaration_and_kept_from_it(world):
    draft = a_draft(*world, 8)
    client = client_of(draft.applicant.user)
    add = reverse("applications:my-archive-add", args=[draft.pk])
    data = {"kind": "award", "title": "省科技进步奖", "role": "主要完成人", "rank": "2/5", "reached_on": "2025-06-01"}
    assert client.post(reverse("applications:my-archive-new"), data).status_code == 302
    entry = ArchivedAchievement.objects.get(title="省科技进步奖")
    assert client.post(add, {"version": draft.form_version}).status_code == 422  # nothing ticked
    assert client.post(add, {"version": 0, "entries": [entry.pk]}).status_code == 409  # an old tab
    assert client.post(add, {"version": draft.form_version, "entries": [entry.pk]}).status_code == 302
    row = draft.achievements.get(archived=entry)
    assert (row.title, row.rank) == ("省科技进步奖", "2/5")
    kept = draft.achievements.exclude(pk=row.pk).first()
    save = reverse("applications:my-archive-save", args=[draft.pk, kept.pk])
    assert [client.post(save).status_code for _ in range(2)] == [302, 302]
    assert ArchivedAchievement.objects.filter(title=kept.title, person=draft.applicant).count() == 1


def test_p17_another_applicant_sees_nothing_of_an_archive(world):
    draft = a_draft(*world, 9)
    archive.save_back(draft.achievements.first())
    entry = ArchivedAchievement.objects.get(person=draft.applicant)
    stranger = a_draft(*world, 10).applicant.user
    client = client_of(stranger)
    assert client.get(reverse("applications:my-archive-entry", args=[entry.pk])).status_code == 404
    kept = entry.files.first()
    if kept is not None:
        path = reverse("applications:archive-file", args=[entry.pk, kept.pk])
        assert client.get(path).status_code == 404
        assert client_of(draft.applicant.user).get(path).status_code == 200
    assert entry not in ArchivedAchievement.objects.visible_to(story.clerk_of(draft))  # a draft shows a unit nothing
