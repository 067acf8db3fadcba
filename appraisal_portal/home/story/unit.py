"""Unit, forwarder and office of the story: the services of the pages; the caller travels in time."""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping

from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from applications.models import Declaration, UnitObjection, UnitPublicity
from applications.rules.changes import answered_slip, changed_under, to_confirm
from applications.rules.corrections import split
from applications.rules.examination import open_slip
from applications.rules.items import items_of
from applications.rules.unit import live_publicity_item
from applications.services import changes, drafts, examination, sealing, signing, unit_objections
from applications.services import unit as service
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, files

Role = Membership.Role

OPINION = "该同志爱岗敬业，业务能力强，业绩突出，材料经核实并公示无异议，同意推荐。"
FORWARDED = "经审核，申报材料齐全，符合申报条件，同意报送。"


def with_story_password(user: User) -> User:
    """The user, whose password is the story's; all accounts share one hash, so it is checked once, not 300 times."""
    if not _is_the_password(user.password):
        raise ValueError(f"{user} has another password than the story's")
    return user


@functools.lru_cache(maxsize=8)
def _is_the_password(encoded: str) -> bool:
    return check_password(PASSWORD, encoded)


def clerk_of(declaration: Declaration) -> User:
    """A clerk of the unit who is not the applicant."""
    return holder(Role.UNIT_CLERK, declaration.unit, but=declaration.applicant.user)


def head_of(declaration: Declaration) -> User:
    """The head of the unit."""
    return holder(Role.UNIT_HEAD, declaration.unit, but=declaration.applicant.user)


def officer_of(declaration: Declaration) -> User:
    """The handler of the declaration, else a clerk of the committee's office."""
    office = declaration.committee.office
    if declaration.handler_id:
        row = declaration.handler.memberships.get(role=Role.OFFICE_CLERK, organisation=office)
        user: User = row.user.act_as(row)
        return user
    return holder(Role.OFFICE_CLERK, office, but=declaration.applicant.user)


def _all_true(declaration: Declaration, *, doubtful: Mapping[str, str] | None = None) -> dict[str, tuple[str, str]]:
    """Judgements of every item: true, but for the named ones (item code → note)."""
    notes = doubtful or {}
    return {
        item.code: ("unclear", notes[item.code]) if item.code in notes else ("true", "")
        for item in items_of(declaration)
    }


def check(declaration: Declaration, *, doubtful: Mapping[str, str] | None = None) -> None:
    """The unit's clerk judges every item."""
    service.check_in_unit(declaration, _all_true(declaration, doubtful=doubtful), actor=clerk_of(declaration))


def verify(declaration: Declaration) -> None:
    """Every item judged true, 2-9 signed by the verifier."""
    clerk = clerk_of(declaration)
    check(declaration)
    service.verify_confirmed(declaration, actor=with_story_password(clerk))


def give_back(
    declaration: Declaration, items: Mapping[str, str] | None = None, answer_by: dt.date | None = None
) -> None:
    """Returned for correction with a slip; the hours by default, until the unit's own last day."""
    named = dict(items or {"hours": "公需课学时与证书不一致，请核对后重新填写。"})
    service.return_for_correction(
        declaration, named, actor=clerk_of(declaration), reason="；".join(named.values()), answer_by=answer_by
    )


def publicise(declarations: Iterable[Declaration]) -> list[UnitPublicity]:
    """One publicity for each unit among the declarations."""
    by_unit: dict[int, list[Declaration]] = {}
    for declaration in declarations:
        by_unit.setdefault(declaration.unit_id, []).append(declaration)
    return [
        service.start_publicity(
            rows[0].unit,
            rows,
            place="单位一楼公告栏、内部网站",
            contact="人事科，0578-2091234",
            actor=clerk_of(rows[0]),
        )
        for _pk, rows in sorted(by_unit.items())
    ]


def object_in_unit(declaration: Declaration) -> UnitObjection:
    """A colleague objects during the publicity."""
    declaration.refresh_from_db()
    item, clerk = live_publicity_item(declaration), clerk_of(declaration)
    letter = SimpleUploadedFile("反映材料.pdf", evidence_pdf("反映材料"), "application/pdf")
    with transaction.atomic():
        return unit_objections.receive(
            item,
            filed_by="陈立新",
            content="第二项业绩的本人排名与项目验收文件不一致。",
            substance="对第二项业绩的本人排名有疑问。",
            received_on=clock.today(),
            evidence=files.accept_upload(letter, owner=clerk),
            actor=clerk,
        )


def settle_objection(objection: UnitObjection, *, upheld: bool = False) -> UnitObjection:
    """The unit records what it found, with a paper."""
    clerk = clerk_of(objection.item.declaration)
    paper = SimpleUploadedFile("核查报告.pdf", evidence_pdf("单位公示异议核查报告"), "application/pdf")
    with transaction.atomic():
        return unit_objections.conclude(
            objection,
            outcome="upheld" if upheld else "unfounded",
            report="经调阅项目验收文件核查，" + ("反映情况属实。" if upheld else "排名与申报一致，反映不实。"),
            report_file=files.accept_upload(paper, owner=clerk),
            actor=clerk,
        )


def seal(declaration: Declaration) -> None:
    """2-9 printed, sealed, scanned and uploaded, where the unit has no electronic seal."""
    if not sealing.awaits_scan(declaration):
        return
    clerk = clerk_of(declaration)
    scan = SimpleUploadedFile(
        f"2-9 {declaration.number}.pdf", evidence_pdf(f"2-9 {declaration.number}"), "application/pdf"
    )
    with transaction.atomic():
        upload = files.accept_upload(scan, owner=clerk)
        sealing.upload_seal(declaration, upload, actor=clerk)


def recommend(declaration: Declaration) -> None:
    """The head signs and recommends."""
    seal(declaration)
    service.recommend_confirmed(declaration, actor=with_story_password(head_of(declaration)), opinion=OPINION)


def refuse(declaration: Declaration) -> None:
    """The head refuses to recommend."""
    DECLARATION.fire(
        declaration,
        "refuse_recommendation",
        actor=head_of(declaration),
        reason="考核年度内有一年为基本称职，经研究本年度不予推荐。",
    )


def forward(declaration: Declaration) -> None:
    """Forwarded where the unit has a forwarder; nothing to do where it has none."""
    forwarder = declaration.unit.forwarder
    if forwarder is not None:
        examination.forward(declaration, actor=holder(Role.FORWARDER, forwarder), opinion=FORWARDED)


def accept(declaration: Declaration, *, by: User | None = None) -> None:
    """Taken on by a clerk of the office (``by`` spreads the work over several)."""
    examination.accept(declaration, actor=by or officer_of(declaration))


def ask_supplement(declaration: Declaration, items: Mapping[str, str] | None = None) -> None:
    """The one supplement notice; more attachments by default."""
    named = dict(items or {"attachments": "缺少继续教育学时登记证明，请补充上传。"})
    examination.ask_supplement(declaration, named, actor=officer_of(declaration), reason="；".join(named.values()))


def supply(declaration: Declaration) -> None:
    """The applicant answers; what was named is as it should be in the story's material."""
    applicant = declaration.applicant.user
    assert applicant is not None  # noqa: S101 - who declares has an account
    DECLARATION.fire(declaration, "supply", actor=applicant)


def correct(declaration: Declaration, code: str, **fields: object) -> None:
    """The applicant changes what the open slip names: a row ("achievements:7") or a block ("person"), then signs."""
    applicant = declaration.applicant.user
    assert applicant is not None  # noqa: S101 - who declares has an account
    section, key, _field = split(code)
    rows = {"achievements": "achievements", "education": "educations", "title": "held_titles"}

    def write(locked: Declaration) -> None:
        target = getattr(locked, rows[section]).get(pk=int(key)) if key else locked
        for name, value in fields.items():
            setattr(target, name, value)
        target.save()

    declaration.refresh_from_db()
    drafts.save_section(declaration, section, declaration.form_version, user=applicant, write=write)
    slip = open_slip(declaration)
    if slip is not None and changed_under(slip, declaration).sign:
        signing.sign_confirmed(declaration, "applicant", with_story_password(applicant))


def confirm_changes(declaration: Declaration) -> None:
    """The unit's clerk finds what changed true, signs and posts it again where that is needed."""
    slip = answered_slip(declaration)
    judged = {item.code: ("true", "") for item in to_confirm(declaration, slip)}
    changes.confirm_known(
        declaration,
        judged,
        actor=with_story_password(clerk_of(declaration)),
        place="单位一楼公告栏、内部网站",
        contact="人事科，0578-2091234",
    )


def sign_changes(declaration: Declaration) -> None:
    """The head signs 2-9 again when the publicity of what changed is over."""
    seal(declaration)
    changes.sign_known(declaration, actor=with_story_password(head_of(declaration)))


def check_in_office(declaration: Declaration) -> None:
    """Every item judged true by the handler."""
    examination.check_in_office(declaration, _all_true(declaration), actor=officer_of(declaration))


def qualify(declaration: Declaration) -> None:
    """Every item judged true by the handler, found eligible."""
    check_in_office(declaration)
    examination.qualify(declaration, actor=officer_of(declaration))


def disqualify(declaration: Declaration, *, ground: str = "achievements") -> None:
    """Found not eligible."""
    examination.disqualify(
        declaration,
        actor=officer_of(declaration),
        ground=ground,
        reason="任现职以来的业绩成果未达到评审标准规定的数量要求。",
    )
