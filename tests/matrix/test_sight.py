"""P15 and P16 (trust.md §7): what a text says about who sees something is what the rule says; no paper is read by
somebody who may not see the people it names.
"""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import CaseRecusal, Declaration
from appraisal_portal.accounts.models import User
from appraisal_portal.kernel import documents
from committees.reviews.access import results as access
from committees.reviews.exports import OF_MEETING, OF_REPORT
from committees.reviews.models import Attendee, Recusal
from committees.reviews.querysets.conflict import known_to
from tests.matrix.world import World

UNIT = {"unit_clerk", "unit_head", "supervisor"}
STAGES = {
    "draft": ("提交之前", set()),
    "with_unit": ("提交之后", UNIT),
    "forwarded": (
        "单位推荐之后",
        {*UNIT, "forwarder", "office_clerk", "committee_director", "bureau_reviewer", "bureau_approver"},
    ),
}
"""Status → how the page about privacy begins its sentence, and the roles that see a declaration from then on."""
WORDS = {
    "unit_clerk": "工作单位",
    "unit_head": "工作单位",
    "supervisor": "监督人员",
    "forwarder": "报送部门",
    "office_clerk": "评委会办公室",
    "committee_director": "主任委员",
    "bureau_reviewer": "市人力社保局",
    "bureau_approver": "市人力社保局",
}


def browser(world: World, user: User) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
    return client


def roles_that_see(world: World, row: Declaration) -> set[str]:
    """Roles of all but the person concerned; a second holder of a role counts like the first."""
    seen = {
        user.acting.role
        for user in map(world.user, world.people)
        if Declaration.objects.visible_to(user).filter(pk=row.pk).exists() and user.acting is not None
    }
    return seen - {"applicant"}


def test_p15_who_sees_a_declaration_is_what_the_page_about_privacy_says(world: World) -> None:
    page = Client().get("/privacy/").content.decode()
    said: set[str] = set()
    for status, (begins, roles) in STAGES.items():
        row = world.rows[status]
        assert row.status == status
        assert roles_that_see(world, row) == roles, status
        [sentence] = [line for line in page.split("<li>") if line.startswith(begins)]
        assert {role for role in roles - said if WORDS[role] not in sentence} == set(), status
        said |= roles


def test_p15_who_reads_the_author_of_an_objection_is_what_its_page_says(world: World) -> None:
    """ "Known to the handler and the supervisor only": each reader of the page against the rule, both ways."""
    row, told = world.rows["objection"], set()
    type(row).objects.filter(pk=row.pk).update(filed_by="季知行", contact="13800000013")
    for name, user in world.people.items():
        if not type(row).objects.visible_to(user).filter(pk=row.pk).exists():
            continue
        page = browser(world, user).get(row.get_absolute_url()).content.decode()
        if access.sees_author(user, row):
            told.add(name)
            assert "季知行" in page, name
        else:
            assert "季知行" not in page, name
            assert "仅核查人和监督人员可见" in page, name
    handler = {name for name, user in world.people.items() if user.pk == row.handler_id}
    assert told == handler | {"supervisor"}


PAPERS = {"meeting": ("3-2", "3-3", "minutes"), "report": ("3-4", "3-5", "3-6", "3-6-photos")}


@pytest.mark.parametrize("row", PAPERS)
def test_p16_no_paper_is_read_wider_than_the_people_it_names_are_seen(world: World, row: str) -> None:
    """Whoever may read a paper may see everybody it names; and somebody reads each, so that this says something."""
    subject, kin = world.rows[row], world.people["office_clerk_2"]
    meeting = subject if row == "meeting" else subject.meeting
    named = list((subject.admissions if row == "meeting" else subject.items).values_list("declaration", flat=True))
    CaseRecusal.objects.create(declaration_id=named[0], user=kin, source="named", ground="申请回避")
    voter = meeting.attendees.filter(role="voter").select_related("member__user").first()
    admission = meeting.admissions.filter(declaration=named[0]).get()
    Recusal.objects.get_or_create(admission=admission, member=voter.member, defaults={"ground": "师生"})
    for code in PAPERS[row]:
        readers = set()
        for name, user in world.people.items():
            sees = type(subject).objects.visible_to(user).filter(pk=subject.pk).exists()
            if sees and documents.registry[code].readers(user, subject):
                readers.add(name)
                known = Declaration.objects.visible_to(user).filter(pk__in=named).count() == len(named)
                assert known or known_to(user, meeting).count() == len(named), (code, name)
        assert {"supervisor", "committee_director"} <= readers, code
        assert "office_clerk_2" not in readers, code
        assert not documents.registry[code].readers(juror_of(voter), subject), code


def juror_of(voter: Attendee) -> User:
    assert voter.member is not None
    user = voter.member.user
    return user.act_as(user.memberships.filter(role="juror").first())


@pytest.mark.parametrize("row", PAPERS)
def test_p16_whoever_may_have_a_paper_made_does_not_read_it_by_that(world: World, row: str) -> None:
    """The right to make (of the office) and the right to read are two: who keeps away makes, and is not let in."""
    subject, clerk = world.rows[row], world.people["office_clerk_2"]
    if row == "meeting":
        kind, people = OF_MEETING, subject.admissions
        address = reverse("reviews:meeting-paper-current", args=[subject.pk, "3-2"])
    else:
        kind, people = OF_REPORT, subject.items
        address = reverse("reviews:report-paper", args=[subject.pk, "3-6", 1])
    client = browser(world, clerk)
    assert kind.may(clerk, subject)
    assert client.get(address).status_code == 200
    CaseRecusal.objects.create(declaration=people.first().declaration, user=clerk, source="named", ground="申请回避")
    assert kind.may(clerk, subject)
    assert client.get(address).status_code in (403, 404)
