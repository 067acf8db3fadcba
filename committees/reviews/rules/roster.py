"""The rows of the roster 3-2, the list 3-3 and the letter 3-1, as plain data read from the declarations' snapshots.

Papers are Chinese whatever the reader's language, so the words of the enumerations stand here and not in the catalogue.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Prefetch, Q

from applications.models import Declaration, DeclarationRecord, DeclarationSnapshot, UnitObjection
from appraisal_portal.kernel import progress
from committees.reviews.models import Admission, Meeting

SCHEMA = 1
GENDERS = {"male": "男", "female": "女"}
EMPLOYERS = {
    "public_institution": "事业单位",
    "enterprise": "企业",
    "social": "社会组织",
    "civil_service": "机关",
    "reference_managed": "参公单位",
    "autonomous": "自主评聘单位",
}
LEVELS = {
    "technician": "员级",
    "assistant": "助理级",
    "intermediate": "中级",
    "associate_senior": "副高级",
    "senior": "正高级",
}
CHANNELS = {
    "regular": "正常",
    "exceptional": "破格",
    "transfer": "转评",
    "confirmation": "确认",
    "preliminary": "初定",
    "recommend": "推荐",
    "special": "一事一议",
    "exam_plus": "考评结合",
    "autonomous": "自主评聘",
}
METHODS = {
    "vote": "专业评议、无记名投票",
    "scored": "量化评价、无记名投票",
    "defence": "答辩、无记名投票",
}
EDUCATIONS = {
    "secondary": "中专",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士研究生",
    "doctor": "博士研究生",
}
_EDUCATION_ORDER = list(EDUCATIONS)
DEGREES = {"none": "", "bachelor": "学士", "master": "硕士", "doctor": "博士"}
ASSESSMENTS = {
    "excellent": "优秀",
    "qualified": "合格",
    "basic": "基本合格",
    "failed": "不合格",
    "not_graded": "未定等次",
}
QUALIFIED, DISQUALIFIED = "合格", "不合格"


def examined(meeting: Meeting) -> list[Declaration]:
    """Everybody of the line whom the office has examined and no other live meeting lists, in the order of the roster.

    Order: specialty, kind of employer, unit, number; the same for 3-2 and 3-3.
    """
    listed = Admission.objects.filter(live=True)
    if meeting.frozen:  # the list is handed over: whoever is examined meanwhile waits for another meeting
        mine = Q(pk__in=listed.filter(meeting=meeting).values("declaration"))
    else:
        mine = ~Q(pk__in=listed.exclude(meeting=meeting).values("declaration"))
    rows = (
        Declaration.objects.filter(mine, line=meeting.line_id, status__in=("qualified", "disqualified"))
        .select_related("applicant", "unit", "title", "subfield", "series")
        .prefetch_related(
            Prefetch("snapshots", DeclarationSnapshot.objects.order_by("pk")),
            Prefetch("records", DeclarationRecord.objects.filter(transition="disqualify").order_by("pk"), "refusals"),
            Prefetch(
                "publicity_items__objections", UnitObjection.objects.exclude(outcome="").order_by("pk"), "settled"
            ),
        )
    )
    return sorted(
        rows, key=lambda d: (d.subfield_id or 0, d.specialty, d.unit.employer_kind, d.unit.name, d.number or "")
    )


def frozen_snapshot(declaration: Declaration) -> DeclarationSnapshot | None:
    """What the office examined: the snapshot *qualified*, else the latest hand-over."""
    rows = list(declaration.snapshots.all())
    wanted = [row for row in rows if row.stage == DeclarationSnapshot.Stage.QUALIFIED]
    if declaration.status == Declaration.Status.QUALIFIED and wanted:
        return wanted[-1]
    return rows[-1] if rows else None


def ground_of(declaration: Declaration) -> str:
    """Why the office found the person not qualified (不合格原因); empty for the qualified."""
    if declaration.status != Declaration.Status.DISQUALIFIED:
        return ""
    refusals = getattr(declaration, "refusals", None)
    if refusals is None:
        refusals = list(declaration.records.filter(transition="disqualify").order_by("pk"))
    reason = refusals[-1].reason if refusals else ""
    return (reason or "不符合申报条件")[:500]


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(str(text)[:10]) if text else None


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


def years_between(start: dt.date | None, end: dt.date) -> str:
    """Years from one day to another in full months, one decimal, cut off (任职年限): "5.4"; empty without a start."""
    if start is None or start > end:
        return ""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return str((Decimal(months) / 12).quantize(Decimal("0.1"), ROUND_DOWN))


def _best(educations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(
        educations,
        key=lambda row: (
            _EDUCATION_ORDER.index(row["level"]) if row["level"] in EDUCATIONS else -1,
            row["finished_on"] or "",
        ),
        default={},
    )


def _hours(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for row in sorted(rows, key=lambda r: int(r["year"])):
        kinds = [int(row[kind] or 0) for kind in ("professional", "industry", "general", "other")]
        total, professional, common = sum(kinds), kinds[0], kinds[1] + kinds[2]
        parts.append(f"{row['year']}:{total}/{professional}/{common}")
    return "；".join(parts)


def _assessments(rows: Sequence[Mapping[str, Any]]) -> str:
    ordered = sorted(rows, key=lambda r: int(r["year"]))[-3:]
    return "；".join(f"{row['year']}{ASSESSMENTS.get(row['result'], row['result'])}" for row in ordered)


def _publicity(declaration: Declaration) -> str:
    settled = any(getattr(item, "settled", ()) for item in declaration.publicity_items.all())
    return "有异议已处理" if settled else "无异议"


def row_of(declaration: Declaration, counted_to: dt.date) -> dict[str, Any]:
    """One row of 3-2 without its number, by column key; days as ISO text, numbers as numbers or decimal text."""
    snapshot = frozen_snapshot(declaration)
    content = snapshot.content if snapshot else {}
    applied, person = content.get("application", {}), content.get("person", {})
    study = _best(content.get("education", ()))
    titles = sorted(content.get("title", ()), key=lambda t: t["obtained_on"] or "")
    held: Mapping[str, Any] = titles[-1] if titles else {}
    ground = ground_of(declaration)
    return {
        "declaration": declaration.pk,
        "snapshot_sha256": snapshot.sha256 if snapshot else "",
        "number": declaration.number,
        "name": person.get("name", ""),
        "gender": GENDERS.get(person.get("gender", ""), ""),
        "birth_month": person.get("birth_date"),
        "id_number": person.get("id_number", ""),
        "employer": applied.get("unit", ""),
        "employer_type": EMPLOYERS.get(applied.get("employer_kind", ""), ""),
        "county": applied.get("county") or "市直",
        "work_start": person.get("work_started_on"),
        "current_specialty": person.get("current_specialty", ""),
        "specialty_years": _number(person.get("specialty_years")),
        "current_title": held.get("name") or "无",
        "current_title_date": held.get("obtained_on"),
        "years_in_title": years_between(_day(held.get("obtained_on")), counted_to),
        "current_title_authority": held.get("authority", ""),
        "education": EDUCATIONS.get(study.get("level", ""), ""),
        "degree": DEGREES.get(study.get("degree", ""), ""),
        "school": study.get("school", ""),
        "major": study.get("major", ""),
        "graduated_on": study.get("finished_on"),
        "foreign_lang": person.get("foreign_language", ""),
        "computer": "",
        "ce_hours": _hours(content.get("hours", ())),
        "annual_assessments": _assessments(content.get("assessments", ())),
        "applied_title": applied.get("title", ""),
        "applied_specialty": applied.get("specialty") or applied.get("subfield", ""),
        "mode": CHANNELS.get(applied.get("route", ""), ""),
        "unit_publicity": _publicity(declaration),
        "exam_result": DISQUALIFIED if ground else QUALIFIED,
        "exam_reason": ground,
        "remark": _remark(content),
    }


def _remark(content: Mapping[str, Any]) -> str:
    """What the case rests on besides (备注): class, relief, the examination before the appraisal (考评结合)."""
    parts = [f"类别：{content['class']['applicant_class']}"] if content.get("class") else []
    parts += [f"倾斜：{row['text']}" for row in content.get("relief") or ()]
    exam = (content.get("way") or {}).get("exam") or {}
    if exam.get("passed_on"):
        until = f"，有效期至{exam['valid_until']}" if exam.get("valid_until") else ""
        parts.append(f"{exam['name']}（{exam['passed_on']}，{exam['score']}{until}）")
    return "；".join(parts)


def content_of(meeting: Meeting, applied_on: dt.date) -> dict[str, Any]:
    """Everything 3-1, 3-2 and 3-3 say: "letter", "roster" (rows, ``seq`` 1…n), "summary" (specialty, employer, n).

    Plain JSON: the same rows give the same hash. ``applied_on`` is the day the letter carries.
    """
    line = meeting.line
    people = examined(meeting)
    progress.expect(len(people) * 3)
    roster = [{"seq": i, **row_of(d, line.counted_to)} for i, d in enumerate(progress.counted(people), start=1)]
    good = [row for row in roster if row["exam_result"] == QUALIFIED]
    counted = Counter((row["applied_specialty"], row["employer_type"]) for row in good)
    return {
        "letter": {
            "committee": meeting.committee.name,
            "office": meeting.committee.office.name,
            "year": line.plan.year,
            "channel": CHANNELS[line.channel],
            "level": LEVELS[meeting.level],
            "titles": sorted({row["applied_title"] for row in good}),
            "specialties": sorted({row["applied_specialty"] for row in good}),
            "applied_on": applied_on.isoformat(),
            "meets_on": meeting.meets_on.isoformat(),
            "meets_at": meeting.meets_at.isoformat("minutes"),
            "place": meeting.place,
            "method": METHODS[meeting.method],
            "n_declared": len(roster),
            "n_qualified": len(good),
            "n_disqualified": len(roster) - len(good),
            "n_members": meeting.term.members_on(meeting.meets_on).count(),
            "n_expected": meeting.expected,
            "contact": meeting.contact,
            "phone": meeting.phone,
        },
        "roster": roster,
        "summary": [[specialty, employer, n] for (specialty, employer), n in sorted(counted.items())],
    }


def qualified_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of 3-3: the qualified of the roster in the same order, without any document number."""
    shown = (
        "name", "employer", "current_title", "current_title_date", "education", "applied_title", "applied_specialty",
        "mode", "employer_type",
    )  # fmt: skip
    good = (row for row in rows if row["exam_result"] == QUALIFIED)
    for i, row in enumerate(good, start=1):
        yield {"seq": i, **{key: row[key] for key in shown}, "group": "", "remark": _with_place(row)}


def _with_place(row: Mapping[str, Any]) -> str:
    """The jurors read the conditions of a case where they read its place on the roster."""
    place = f"花名册第{row['seq']}号"
    return f"{place}；{row['remark']}" if row["remark"] else place
