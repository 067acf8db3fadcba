"""Certificates to register as their holders and the bureau handle them. The caller travels in time."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.accounts.models import User
from appraisal_portal.home.story import certify, people
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import City
from appraisal_portal.kernel import clock
from certificates.models import Claim
from certificates.services import claims as service
from certificates.workflow import CLAIM
from committees.plans.models import Title

EXAMS = (
    ("会计师", "财政部、人力资源和社会保障部"),
    ("经济师", "人力资源和社会保障部"),
    ("统计师", "国家统计局、人力资源和社会保障部"),
    ("审计师", "审计署、人力资源和社会保障部"),
    ("助理会计师", "财政部、人力资源和社会保障部"),
)
"""Titles reached by examination and who issues their certificates."""


def enter(city: City, seed: int | str, *, unit: Any = None, title: str = "", user: User | None = None) -> Claim:
    """The draft of a person, who works in ``unit`` if one is given."""
    holder_ = user or city.applicant(seed)
    if unit is not None:
        city.employ(holder_, unit)
    place = people.someone(seed).seed
    name, authority = next((row for row in EXAMS if row[0] == title), EXAMS[place % len(EXAMS)])
    day = clock.today() - dt.timedelta(days=90 + place % 60)
    number = f"331{day:%Y%m}{place:08d}"
    values = {
        "title": Title.objects.valid_on(day).get(name=name, by_exam=True),
        "specialty": "",
        "exam_number": number,
        "obtained_on": day,
        "authority": authority,
    }
    paper = people.evidence_pdf(
        f"专业技术资格证书\n姓名：{holder_.full_name}\n资格：{name}\n批准日期：{day}\n管理号：{number}\n发证机构：{authority}"
    )
    return service.keep(
        values,
        user=holder_,
        file=SimpleUploadedFile("考试证书.pdf", paper, "application/pdf"),
        photo=SimpleUploadedFile("photo.jpg", people.photo_jpeg(seed), "image/jpeg"),
    )


def enter_paper(city: City, seed: int | str, *, unit: Any) -> Claim:
    """The draft of a person who holds a paper certificate of 2012."""
    holder_ = city.applicant(seed)
    city.employ(holder_, unit)
    values = {
        "kind": Claim.Kind.ARCHIVE,
        "title": Title.objects.get(name="工程师", series__name="工程技术"),
        "specialty": "建筑工程",
        "exam_number": f"浙丽中{2012}{people.someone(seed).seed:05d}",
        "obtained_on": dt.date(2012, 12, 20),
        "authority": "丽水市人事局",
    }
    paper = people.evidence_pdf(
        f"专业技术资格证书\n姓名：{holder_.full_name}\n资格：工程师\n取得时间：2012-12-20\n编号：{values['exam_number']}"
    )
    return service.keep(
        values,
        user=holder_,
        file=SimpleUploadedFile("纸质证书.pdf", paper, "application/pdf"),
        photo=SimpleUploadedFile("photo.jpg", people.photo_jpeg(seed), "image/jpeg"),
    )


def _person(claim: Claim) -> User:
    user = claim.person.user
    return user.act_as(user.memberships.get(role="applicant"))


def submit(claim: Claim) -> Claim:
    """Handed in by its holder."""
    CLAIM.fire(claim, "submit", actor=_person(claim))
    return claim


def propose(claim: Claim, *, refuse: str = "") -> Claim:
    """Compared by a reviewer, who proposes to register it, or to refuse it for a reason."""
    name = "propose_refusal" if refuse else "propose"
    CLAIM.fire(
        claim, name, actor=holder("bureau_reviewer"), reason=refuse, content_hash=claim.content_hash(), compared=True
    )
    return claim


def decide(claim: Claim, *, refuse: str = "") -> Claim:
    """Decided by the second person as proposed."""
    actor = holder("bureau_approver", but=claim.proposed_by)
    CLAIM.fire(claim, "refuse" if refuse else "approve", actor=actor, reason=refuse, content_hash=claim.content_hash())
    return claim


def give_back(claim: Claim, reason: str) -> Claim:
    """Returned to its holder for correction."""
    CLAIM.fire(claim, "send_back", actor=holder("bureau_reviewer"), reason=reason)
    return claim


def register(claim: Claim) -> Claim:
    """From the draft to the e-certificate, made in this process as a worker would."""
    decide(propose(submit(claim)))
    certify.deliver("certificates.issue")
    claim.refresh_from_db()
    return claim
