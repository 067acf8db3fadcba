"""Making the report of passed persons: its content once, its four papers from it, the reviewer's decisions.

``data_3_6`` of an item, all text: name, gender (male, female), birth_date (ISO), id_kind, id_number, employer, series,
specialty, title, level, acquired_by, committee (who decided: the committee, or the bureau without a vote), qualified_on
(ISO, the day of the meeting or of the decision), phone, remark (the unit that recommended, where it is another by now).
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import SpotCheckItem
from appraisal_portal.kernel import documents, files, progress
from appraisal_portal.kernel.approvals import canonical, content_sha256
from appraisal_portal.kernel.workflow import Blocked, Problem, WrongState
from committees.reviews.models import (
    Determination,
    Meeting,
    Objection,
    ReportItem,
    ResultPublicity,
    ResultPublicityItem,
    ResultReport,
    Verdict,
)
from committees.reviews.models.report import CODES

MENDABLE = ("draft", "returned")
Source = Meeting | Determination


def _from(source: Source) -> dict[str, Any]:
    return {"meeting" if isinstance(source, Meeting) else "determination": source}


def _free() -> Any:
    """Everybody on a list of results whom neither an objection nor a spot check holds."""
    return (
        ResultPublicityItem.objects.filter(
            publicity__kind=ResultPublicity.Kind.RESULT, live=True, declaration__status="result_publicity"
        )
        .exclude(pk__in=Objection.objects.holding().values("item"))
        .exclude(declaration__in=SpotCheckItem.objects.frozen().values("declaration"))
    )


def to_be_reported(meetings: Any, day: dt.date) -> Any:
    """Of these meetings those whose report can be prepared: somebody is free whose publicity is over, and none lies
    with the office already."""
    over = _free().filter(publicity__ends_on__lt=day, publicity__provisional=False)
    return meetings.filter(pk__in=over.values("publicity__meeting")).exclude(
        reports__in=ResultReport.objects.filter(status__in=MENDABLE)
    )


def ready_items(source: Source) -> Any:
    """The persons on the lists of a meeting or determination, free to be reported and in no other report."""
    return (
        _free()
        .filter(publicity__in=source.publicities.all())
        .exclude(declaration__report_items__in=ReportItem.objects.exclude(decision="rejected"))
        .select_related(
            "declaration__applicant", "declaration__unit", "declaration__title__series", "declaration__committee"
        )
        .order_by("publicity_id", "seq")
    )


@transaction.atomic
def prepare_report(source: Source, *, user: Any, contact: str, phone: str) -> ResultReport:
    """A draft report over everybody who is ready. Raises Blocked when there is nobody."""
    type(source)._default_manager.select_for_update(of=("self",)).get(pk=source.pk)
    if source.reports.filter(status__in=MENDABLE).exists():
        raise Blocked(Problem(_("There is a report of this meeting already that is not sent yet.")))
    report = ResultReport.objects.create(
        **_from(source), supplementary=source.reports.exists(), contact=contact, phone=phone, prepared_by=user
    )
    fill(report)
    return report


@transaction.atomic
def fill(report: ResultReport) -> None:
    """Take the persons who are ready now and their data; only while the report is with the office."""
    locked = ResultReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.status not in MENDABLE:
        raise Blocked(Problem(_("The report is with the bureau and cannot be changed.")))
    locked.items.all().delete()
    ready = list(ready_items(locked.source))
    if not ready:
        raise Blocked(Problem(_("Nobody of this meeting is ready to be reported.")))
    for seq, item in enumerate(ready, 1):
        ReportItem.objects.create(
            report=locked,
            publicity_item=item,
            declaration=item.declaration,
            seq=seq,
            data_3_6=certificate_data(item.declaration, locked.source),
            photo=_photo(item.declaration),
        )
    locked.content = canonical(content_of(locked))
    locked.content_sha256 = content_sha256(locked.content)
    locked.save(update_fields=["content", "content_sha256"])
    report.refresh_from_db()


def certificate_data(declaration: Any, source: Source) -> dict[str, str]:
    """One row of 3-6 as text; see the module's docstring for the keys."""
    person, moved = declaration.applicant, moved_to(declaration)
    return {
        "name": person.name,
        "gender": person.gender,
        "birth_date": person.birth_date.isoformat(),
        "id_kind": person.id_kind,
        "id_number": person.id_number,
        "employer": moved.unit.name if moved else declaration.unit.name,
        "series": declaration.title.series.name,
        "specialty": declaration.specialty,
        "title": declaration.title.name,
        "level": declaration.title.level,
        "acquired_by": declaration.route,
        "committee": source.body,
        "qualified_on": source.held_on.isoformat(),
        "phone": person.phone,
        "remark": f"申报时单位：{declaration.unit.name}（{moved.starts_on.isoformat()}起变更）" if moved else "",
    }


def moved_to(declaration: Any) -> Any:
    """The employment that followed the one at the unit that recommended; None while the person is still there.

    The unit's verification and the frozen roster stand, the certificate shows the unit of this day (domain.md §8: 32,
    34).
    """
    rows = declaration.applicant.employments.filter(status__in=("confirmed", "ended")).select_related("unit")
    known = list(rows.order_by("-starts_on", "-pk"))
    here = {row.status for row in known if row.unit_id == declaration.unit_id}
    return next((row for row in known if row.status == "confirmed"), None) if here == {"ended"} else None


def _photo(declaration: Any) -> Any:
    photo = declaration.photos.filter(current=True).select_related("upload").first()
    if photo is None:
        return None
    data = files.open_upload(photo.upload)
    return documents.store(
        "photo",
        f"{declaration.number}",
        "photo",
        data,
        {"declaration": declaration.number},
        actor=declaration.applicant.user,
    )


def content_of(report: ResultReport) -> dict[str, Any]:
    """Everything the four papers say."""
    source = report.source
    lists = source.publicities.filter(kind=ResultPublicity.Kind.RESULT)
    first = lists.order_by("pk")[0]
    return {
        **(_meeting_facts(source) if report.meeting_id else _determination_facts(source)),
        "supplementary": report.supplementary,
        "publicity": {"starts_on": first.starts_on, "ends_on": first.ends_on, "how": first.how},
        "objections": _objections(lists),
        "contact": report.contact,
        "phone": report.phone,
        "people": [
            _row(item) for item in report.items.select_related("publicity_item__verdict", "declaration").order_by("seq")
        ],
    }


def _objections(lists: Any) -> dict[str, int]:
    """How many came in time and with a name, and what became of them; reports (举报) are none."""
    rows = Objection.objects.filter(item__publicity__in=lists).exclude(status__in=("reported_late", "settled"))
    found = rows.filter(in_time=True).exclude(filed_by="").values_list("status", flat=True)
    counted = Counter(found)
    settled = {name: counted[name] for name in ("upheld", "unfounded")}
    return {"received": counted.total(), **settled, "held": counted.total() - sum(settled.values())}


def _meeting_facts(meeting: Meeting) -> dict[str, Any]:
    admitted = meeting.admissions.filter(exam_result="qualified")
    rounds = [verdict.round for verdict in _verdicts(meeting) if verdict.round_id]
    facts = {
        "committee": meeting.committee.name,
        "meets_on": meeting.meets_on,
        "reply_number": meeting.reply_number,
        "members": max((row.members for row in rounds), default=None),
        "present": max((row.present for row in rounds), default=None),
        "reviewed": admitted.filter(verdict__isnull=False).count(),
        **{name: admitted.filter(verdict__outcome=name).count() for name in ("passed", "not_passed", "deferred")},
    }
    return {"meeting": facts}


def _determination_facts(determination: Determination) -> dict[str, Any]:
    granted = determination.items.filter(outcome="granted").count()
    facts = {
        "authority": determination.body,
        "decided_on": determination.decided_on,
        "reference": determination.reference,
        "channel": determination.line.channel,
        "granted": granted,
        "refused": determination.items.count() - granted,
    }
    return {"determination": facts}


def _verdicts(meeting: Meeting) -> list[Any]:
    return list(Verdict.objects.filter(admission__meeting=meeting).select_related("round"))


def _row(item: ReportItem) -> dict[str, Any]:
    verdict = item.publicity_item.verdict
    keys = ("members", "present", "agree")
    return {
        "seq": item.seq,
        "declaration": item.declaration.number,
        "vote": {key: getattr(verdict, key) if verdict else None for key in keys},
        "photo": f"{item.seq:03d}_{item.declaration.number}.jpg",
        **item.data_3_6,
    }


@transaction.atomic
def make_papers(report: ResultReport, *, user: Any) -> None:
    """Make 3-4, 3-5, 3-6 and the photographs from the report's present content; earlier versions are superseded.

    Raises Blocked when a paper cannot be made (a character without a form, say) or when the report is with the bureau.
    """
    fill(report)
    counted = [code for code in CODES if documents.registry[code].kind != "pdf"]
    progress.expect(len(counted) * report.items.count())
    for code in CODES:
        try:
            documents.issue(code, report, actor=user, extra={"content_sha256": report.content_sha256})
        except (documents.rendering.RenderingRefused, documents.rendering.RosterProblem, files.DamagedFile) as error:
            raise Blocked(Problem(f"{code}: {documents.why_not_made(error)}")) from error


@transaction.atomic
def propose_decisions(report: ResultReport, decisions: dict[int, tuple[str, str]], *, user: Any) -> None:
    """The reviewer's decision on each person: item pk → (approved | rejected, reason). A rejection needs its reason.

    Raises Blocked with a problem for each missing reason (nothing is stored then), WrongState when the report is no
    longer with the reviewer.
    """
    locked = ResultReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.status != "sent":
        raise WrongState(Problem(_("Decisions can only be entered while the report waits for the reviewer.")))
    given = [(item, *decisions.get(item.pk, ("pending", ""))) for item in decidable(locked)]
    unreasoned = [item for item, decision, reason in given if decision == "rejected" and not reason.strip()]
    if unreasoned:
        words = _("Please give the reason for {name}.")
        raise Blocked(*(Problem(words.format(name=i.data_3_6["name"]), field=f"reason-{i.pk}") for i in unreasoned))
    for item, decision, reason in given:
        item.decision, item.reason, item.decided_by = decision, reason.strip() if decision == "rejected" else "", user
        item.save(update_fields=["decision", "reason", "decided_by"])


def decidable(report: ResultReport) -> list[ReportItem]:
    """The persons the reviewer decides on: everybody but those an objection took out of the report."""
    rows = report.items.select_related("declaration", "photo").order_by("seq")
    return [item for item in rows if item.declaration.status == "reported"]
