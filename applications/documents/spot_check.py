"""The report of a spot check (抽查报告): rule, population, seed, sample, findings."""

from typing import Any

from django.conf import settings

from applications.models import ItemCheck, SpotCheck
from applications.workflow.spot_check import REPORT
from appraisal_portal.accounts.access import is_bureau, is_supervisor
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.rendering.pdf import chinese_date

_FINDING = {
    "pending": "未核查", "clear": "未发现问题", "defect": "发现问题", "re_examining": "发现问题，复审中",
    "confirmed": "发现问题，复审合格", "not_eligible": "发现问题，复审不合格", "excluded": "发现问题，不予确认",
}  # fmt: skip
_RESULT = {ItemCheck.Result.FALSE: "不实", ItemCheck.Result.UNCLEAR: "存疑"}


def _doubtful(item: Any) -> str:
    """What was found, and the judgements that were not "true" as recorded with it; the same words are said once."""
    record = item.records.filter(transition__in=("clear", "find_defect")).order_by("-pk").first()
    judged = record.data.get("judged", {}) if record else {}
    doubts = [(_RESULT[result], note) for result, note in judged.values() if result in _RESULT]
    found = [] if item.note in [note for _result, note in doubts] else [item.note]
    said = [*found, *(f"{result}：{note}" for result, note in doubts)]
    return "；".join(one.rstrip("。；") for one in said if one) or "—"


def _content(check: SpotCheck) -> dict[str, Any]:
    items = check.items.select_related("declaration__applicant", "declaration__unit", "declaration__series")
    items = items.order_by("declaration__number")
    rows = [
        [
            item.declaration.number,
            item.declaration.applicant.name,
            item.declaration.unit.name,
            item.declaration.series.name,
            _FINDING[item.status]
            + ("" if item.re_examined_at is None else f"（{clock.local(item.re_examined_at):%Y-%m-%d}）"),
            _doubtful(item),
        ]
        for item in items
    ]
    lines = "、".join(str(line) for line in check.lines.select_related("committee", "plan").order_by("pk"))
    defects = sum(item.status not in ("pending", "clear") for item in items)
    return {
        "title": f"职称评审抽查报告（{check}）",
        "landscape": True,
        "head": [
            f"抽查范围：{lines}",
            f"抽查规则：各系列按 {check.share}% 抽取（不足一人进一），每系列不少于 {check.minimum} 件。"
            f"规则和名单于{chinese_date(check.announced_on)}先行公布，共 {len(check.population)} 件，"
            f"名单校验值 SHA-256：{check.population_sha256}",
            f"随机种子：{check.seed_day:%Y-%m-%d} 记录链日终值（第 {check.chain_seq} 号）{check.seed}",
            f"抽取方法：各系列内按“种子:申报编号”的 SHA-256 由小到大取足数额，任何人可据以复核。抽中 {len(rows)} 件，"
            f"发现问题 {defects} 件。",
        ],
        "columns": [
            *({"title": name} for name in ("申报编号", "姓名", "单位", "系列", "结论")),
            {"title": "核查情况", "css": "wide"},
        ],
        "rows": rows,
        "foot": [f"{settings.PORTAL_OWNER_NAME}　{chinese_date(clock.today())}"],
    }


report = documents.register(
    documents.DocumentType(
        code=REPORT,
        title="职称评审抽查报告",
        paper="A4 landscape",
        kind="pdf",
        template="documents/table.html",
        content=_content,
        readers=is_bureau | is_supervisor,  # an office sees its own cases only, on the page
        basis="examination.by_office",
    )
)
