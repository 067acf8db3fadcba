"""Papers of the declaration itself: form 2-1 (评审表) and undertaking 2-9 (真实性保证书)."""

import datetime as dt
from typing import Any

from django.utils import translation

from applications.models import Declaration, Signature, Undertaking, content
from applications.rules.words import SECTIONS, field_label, shown
from applications.services import signing
from applications.services.files import photo_bytes
from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel import blanks, clock, documents
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.identity import mask
from appraisal_portal.kernel.rendering.pdf import chinese_date
from committees.plans.questions import empty, plain

FORM, UNDERTAKING = "2-1", "2-9"


def _frozen(declaration: Declaration) -> dict[str, Any]:
    """What was handed in last: papers speak of that, never of a draft."""
    stages = ("submitted", "supplied", "recommended", "qualified")
    snapshot = declaration.snapshots.filter(stage__in=stages).order_by("-pk").first()
    return dict(snapshot.content) if snapshot else {}


# PostgreSQL keeps no order of keys: the order of the printed form is that of the fields.
_ORDER = {
    "application": (
        "year", "series", "subfield", "title", "level", "route", "specialty", "unit", "employer_kind", "county",
    ),
    "person": ("name", "gender", "birth_date", "id_kind", "id_number", "phone", "email", *content.PERSON_FIELDS),
    "education": content.EDUCATION_FIELDS,
    "title": content.TITLE_FIELDS,
    "class": ("applicant_class", *content.CLASS_FIELDS),
    "relief": ("text", *content.RELIEF_FIELDS),
    "hours": content.HOURS_FIELDS,
    "work": content.WORK_FIELDS,
    "training": content.TRAINING_FIELDS,
    "achievements": content.ACHIEVEMENT_FIELDS,
    "assessments": content.ASSESSMENT_FIELDS,
    "experts": content.EXPERT_FIELDS,
    "representative": content.REPRESENTATIVE_FIELDS,
}  # fmt: skip


def blocks_of(declaration: Declaration, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of the form in Chinese: pairs of label and value, or a table."""
    with translation.override("zh-hans"):
        found = [_pairs(section, said.get(section, {})) for section in ("application", "person")]
        if said.get("class"):
            found.append(_pairs("class", said["class"]))
        found.append(_table(str(SECTIONS["relief"]), "relief", said.get("relief", [])))
        found += _way(said.get("way", {}))
        for section in ("education", "title", "hours", "achievements", "assessments"):
            found.append(_table(str(SECTIONS[section]), section, said.get(section, [])))
        experience = said.get("experience", {})
        found.append(_table("工作经历", "work", experience.get("work", [])))
        found.append(_table("学习培训经历", "training", experience.get("training", [])))
        found.append(_pairs("representative", said.get("representative", {})))
        found.append({"heading": "评审标准所问", "pairs": _answers(declaration, said)})
        found.append(_sheet(declaration, said.get("self_scoring", [])))
        return [block for block in found if block.get("pairs") or block.get("rows")]


def for_a_page(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each table also ``lines``: every cell with its heading, for a page that is read on a telephone, too."""
    return [
        {**block, "lines": [list(zip(block["columns"], row, strict=True)) for row in block["rows"]]}
        if block.get("rows")
        else block
        for block in blocks
    ]


def _way(said: dict[str, Any]) -> list[dict[str, Any]]:
    """What the way asked for; an exceptional application prints its experts (破格专家推荐)."""
    own = ("exceptional_ground", "transfer_series", "talent_kind", "talent_reason")
    exam = said.get("exam") or {}
    pairs = [("way", name, said.get(name)) for name in own]
    pairs += [("exam", name, exam.get(name)) for name in content.EXAM_FIELDS]
    shown_pairs = [
        [field_label(section, name), _value(section, name, value)] for section, name, value in pairs if value
    ]
    found: list[dict[str, Any]] = [{"heading": str(SECTIONS["way"]), "pairs": shown_pairs}]
    if said.get("experts"):
        found.append(_table("破格专家推荐", "experts", said["experts"]))
    return found


def _answers(declaration: Declaration, said: dict[str, Any]) -> list[list[str]]:
    """Question and answer; what was handed in before the questions had a part of their own stands elsewhere."""
    given = dict(said.get("representative", {}).get("answers", {}))
    given |= {row["pk"]: row["answer"] for row in said.get("questions", [])}
    pairs = [[each.label, each.shown(given.get(each.code))] for each in declaration.asked.questions]
    return [pair for pair in pairs if pair[1]]


def _sheet(declaration: Declaration, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The self-scoring sheet (量化自评表) as a table: every indicator, the points of each group, the sum."""
    entries = {row["pk"]: row["entry"] for row in rows}
    if all(empty(entry) for entry in entries.values()):
        return {}
    sheet = declaration.sheet
    table = []
    for group in sheet.groups:
        for line in group.rows:
            said = entries.get(line.code)
            cells = [line.shown(said), plain(line.points(said)), plain(line.most)]
            table.append([group.text, line.text, line.counted_words, *cells])
        table.append([group.text, "小计", "", "", plain(group.points(entries)), plain(group.most)])
    table.append(["合计", "", "", "", plain(sheet.total(entries)), plain(sheet.most)])
    return {
        "heading": "量化自评表",
        "columns": ["类别", "指标", "计分办法", "填报", "自评分", "满分"],
        "rows": table,
    }


def _value(section: str, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "id_kind":
        return str(Person.IdKind(value).label)
    return mask(str(value)) if name == "id_number" else shown(section, name, value)


def _pairs(section: str, fields: dict[str, Any]) -> dict[str, Any]:
    pairs = [[field_label(section, name), _value(section, name, fields.get(name))] for name in _ORDER[section]]
    return {"heading": str(SECTIONS[section]), "pairs": [pair for pair in pairs if pair[1]]}


def _table(heading: str, section: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = [name for name in _ORDER[section] if any(row.get(name) not in (None, "") for row in rows)]
    return {
        "heading": heading,
        "columns": [field_label(section, name) for name in names],
        "rows": [[_value(section, name, row.get(name)) for name in names] for row in rows],
    }


def _form_content(declaration: Declaration) -> dict[str, Any]:
    said = _frozen(declaration)
    return {
        "title": "专业技术资格评审表",
        "mark": "破格" if said.get("application", {}).get("route") == "exceptional" else "",  # on the cover
        "declaration_number": declaration.number,
        "committee": declaration.committee.name,
        "blocks": blocks_of(declaration, said),
        "opinions": _opinions(declaration),
        "photo": said.get("photo", ""),
        "dated": chinese_date(clock.local(declaration.submitted_at).date()) if declaration.submitted_at else "",
    }


def _opinions(declaration: Declaration) -> list[dict[str, str]]:
    """What the unit (基层单位意见) says and, where it reports through one, the forwarder (呈报单位意见):
    the last of each.
    The unit's is signed by its responsible person; of the forwarder the body stands there, not its clerk.
    """
    body = "人才服务机构" if declaration.through_agency else "所在单位"
    said = {"heading": f"{body}推荐意见", "text": "", "signed": ""}
    found = getattr(declaration, "recommendation", None)
    if found and declaration.recommended_on:
        said |= {"text": found.opinion, "signed": f"负责人：{found.head.full_name}　{_on(found.signed_at)}"}
    opinions = [said]
    forwarded = declaration.forwarding_opinions.select_related("forwarder").last()
    if forwarded is not None:
        signed = f"{forwarded.forwarder.name}　{_on(forwarded.at)}"
        opinions.append({"heading": "呈报单位意见", "text": forwarded.opinion, "signed": signed})
    return opinions


def _on(moment: dt.datetime) -> str:
    return chinese_date(clock.local(moment).date())


_EMPTY_ROWS = {
    "education": 4, "title": 3, "hours": 5, "achievements": 8, "assessments": 3, "work": 5, "training": 4,
}  # fmt: skip
"""Tables of the empty form, and how many lines each gets."""
_HEADINGS = {"work": "工作经历", "training": "学习培训经历"}
_ROOM = "　\n　\n　\n　"
"""Room for some sentences."""


def _empty_form() -> dict[str, Any]:
    """Form 2-1 to be filled in by hand: every field of every section that is asked of everybody."""
    with translation.override("zh-hans"):
        blocks: list[dict[str, Any]] = [
            {
                "heading": str(SECTIONS[section]),
                "pairs": [[field_label(section, name), "　"] for name in _ORDER[section]],
            }
            for section in ("application", "person")
        ]
        for section, lines in _EMPTY_ROWS.items():
            columns = [field_label(section, name) for name in _ORDER[section]]
            heading = _HEADINGS.get(section) or str(SECTIONS[section])
            blocks.append({"heading": heading, "columns": columns, "rows": [["　"] * len(columns)] * lines})
        title, role, text = (field_label("representative", name) for name in content.REPRESENTATIVE_FIELDS)
        pairs = [[title, "　"], [role, "　"], [text, _ROOM]]
        blocks.append({"heading": str(SECTIONS["representative"]), "pairs": pairs})
    bodies = ("所在单位推荐意见", "呈报单位意见")
    return {
        "title": "专业技术资格评审表",
        "blank": True,
        "declaration_number": blanks.LINE,
        "committee": blanks.LINE,
        "blocks": blocks,
        "opinions": [{"heading": heading, "text": _ROOM, "signed": "　"} for heading in bodies],
        "dated": blanks.DAY,
    }


def _form_images(declaration: Declaration) -> dict[str, bytes]:
    # Drawn where the frozen content speaks of one: a photograph added later belongs to the next hand-in.
    photo = photo_bytes(declaration) if _frozen(declaration).get("photo") else None
    return {"photo": photo} if photo else {}


_MARKS = {
    Signature.Mark.APPLICANT: "申报人签名",
    Signature.Mark.VERIFIER: "单位核实人签名",
    Signature.Mark.UNIT_HEAD: "单位负责人签名",
    Signature.Mark.SEAL: "单位盖章",
}

_METHODS = {"password": "本人密码确认", "scan": "纸质盖章扫描件", "e_seal": "负责人加盖电子印章"}


def _signed(declaration: Declaration) -> tuple[Undertaking | None, dict[str, Signature]]:
    """The undertaking in force, else the last one, and its marks."""
    live = signing.live(declaration) or declaration.undertakings.order_by("-pk").first()
    rows = live.signatures.select_related("user", "upload", "seal__unit") if live else ()
    return live, {row.mark: row for row in rows}


def _sealed(declaration: Declaration, mark: Signature | None) -> dict[str, str]:
    """What stands beneath the picture of an electronic seal: whose, which, number of the use; nothing without one."""
    if mark is None or mark.seal is None:
        return {}
    return {
        "of": mark.seal.unit.name,
        "seal": mark.seal.number,
        "use": mark.use_number,
        "sha256": mark.seal_sha256,
        "body": "机构" if declaration.through_agency else "单位",
    }


def _undertaking_images(declaration: Declaration) -> dict[str, bytes]:
    """The seal as it was put on, byte for byte. Raises DamagedFile: no 2-9 is printed without it."""
    mark = _signed(declaration)[1].get(Signature.Mark.SEAL)
    return {"seal": signing.picture_of(mark)} if mark is not None and mark.seal is not None else {}


def _undertaking_content(declaration: Declaration) -> dict[str, Any]:
    live, signed = _signed(declaration)
    text = signing.text_of(declaration, live.text_version if live else "")
    return {
        **_paragraphs(text),
        "declaration_number": declaration.number,
        "text_version": live.text_version if live else "",
        "text_sha256": live.text_sha256 if live else "",
        "sealed": _sealed(declaration, signed.get(Signature.Mark.SEAL)),
        "marks": [
            {
                "label": label.replace("单位", "机构") if declaration.through_agency else label,
                "name": signed[mark].user.full_name if mark in signed else "",
                "at": clock.local(signed[mark].at).strftime("%Y-%m-%d %H:%M") if mark in signed else "",
                "method": _METHODS[signed[mark].method] if mark in signed else "",
            }
            for mark, label in _MARKS.items()
        ],
    }


def _paragraphs(text: str) -> dict[str, Any]:
    heading, *paragraphs = [part.strip() for part in text.split("\n") if part.strip()]
    return {"title": heading, "paragraphs": paragraphs}


def _empty_undertaking() -> dict[str, Any]:
    text = signing.text_with(signing.TEXT_VERSION, name=blanks.LINE, unit=blanks.LINE, title=blanks.LINE,
                             year=blanks.LINE)  # fmt: skip
    return {
        **_paragraphs(text),
        "declaration_number": blanks.LINE,
        "text_version": signing.TEXT_VERSION,
        "text_sha256": signing.text_hash(text),
        "marks": [{"label": label} for label in _MARKS.values()],
        "blank": True,
    }


form_2_1 = documents.register(
    documents.DocumentType(
        code=FORM,
        title="专业技术资格评审表",
        paper="A4",
        kind="pdf",
        template="documents/2-1.html",
        stylesheets=("documents/declaration.css",),
        content=_form_content,
        images=_form_images,
        readers=SIGNED_IN,  # whoever sees the declaration
        basis="unit.responsible",
        blank=_empty_form,
    )
)
undertaking_2_9 = documents.register(
    documents.DocumentType(
        code=UNDERTAKING,
        title="专业技术资格评审材料真实性保证书",
        paper="A4",
        kind="pdf",
        template="documents/2-9.html",
        stylesheets=("documents/declaration.css",),
        content=_undertaking_content,
        images=_undertaking_images,
        readers=SIGNED_IN,
        basis="undertaking.four_marks",
        blank=_empty_undertaking,
    )
)
