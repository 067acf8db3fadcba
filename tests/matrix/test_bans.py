"""What a ban after false material (弄虚作假) means for the title obtained with it; who reads which part of a case."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import SanctionFile
from appraisal_portal.home.story import certify, sanctions
from appraisal_portal.home.story.actors import holder
from certificates.models import Certificate, Revocation
from certificates.workflow import REVOCATION
from tests.matrix.world import World


@pytest.mark.notice("IV.4.d")
def test_case_25_a_ban_opens_the_revocation_of_the_title_which_two_people_decide(world: World) -> None:
    certificate = Certificate.objects.get(pk=world.rows["certificate"].pk)
    assert certificate.status == "valid"
    ban = sanctions.banned(certificate.declaration)
    revocation = Revocation.objects.get(sanction=ban)
    assert (revocation.certificate_id, revocation.status) == (certificate.pk, "draft")
    assert revocation.evidence == ban.evidence
    assert revocation.records.get().cause_id == ban.records.get(transition="decide").pk
    REVOCATION.fire(revocation, "propose", actor=holder("bureau_reviewer"), content_hash=revocation.content_hash())
    REVOCATION.fire(revocation, "decide", actor=holder("bureau_approver"), content_hash=revocation.content_hash())
    certificate.refresh_from_db()
    certificate.declaration.refresh_from_db()
    assert (certificate.status, certificate.declaration.status) == ("revoked", "revoked")


def test_a_revocation_that_is_open_already_is_not_opened_twice(world: World) -> None:
    certificate = Certificate.objects.get(pk=world.rows["certificate"].pk)
    certify.revoke(certificate)
    ban = sanctions.banned(certificate.declaration)
    assert not Revocation.objects.filter(sanction=ban).exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [("applicant", True), ("supervisor", True), ("other_unit_clerk", False), ("other_applicant", False)],
)
def test_what_the_person_said_is_not_the_units(world: World, who: str, sees: bool) -> None:
    user = world.user(who, world.rows["ban"])
    shown = SanctionFile.objects.visible_to(user).filter(sanction=world.rows["ban"])
    assert shown.filter(side="bureau").exists() is (sees or who == "other_unit_clerk")
    page = Client()
    page.force_login(user)
    text = page.get(reverse("applications:sanction-detail", args=[world.rows["ban"].pk])).content.decode()
    assert (sanctions.STATEMENT in text) is sees
