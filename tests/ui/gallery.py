"""A page with every component and every kind of control, used by the browser tests only."""

import datetime as dt
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Button, ButtonHolder, Column, Div, Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Problem

CHOICES = [("a", "中级（工程师）"), ("b", "副高级（推荐上报）")]
FAR_YEARS = range(2024, 2028)


class GalleryForm(forms.Form):
    """One field of each control a stage may use."""

    name = forms.CharField(label="姓名", help_text="与身份证一致")
    number = forms.CharField(label="身份证号", help_text="18 位。提交后页面只显示前 6 位和后 4 位")
    unit = forms.CharField(label="工作单位", help_text="填写全称。单位将收到核实真实性的通知")
    secret = forms.CharField(
        label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), required=False
    )
    series = forms.ChoiceField(label="申报系列", choices=CHOICES)
    several = forms.MultipleChoiceField(label="专业", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    list_of = forms.MultipleChoiceField(label="县（市、区）", choices=CHOICES, required=False)
    level = forms.ChoiceField(label="申报级别", choices=CHOICES, widget=forms.RadioSelect)
    hours = forms.IntegerField(label="本年度继续教育学时", min_value=90, help_text="不少于 90 学时")
    born = forms.DateField(label="出生日期", widget=forms.SelectDateWidget(years=FAR_YEARS), help_text="与身份证一致")
    day = forms.DateField(label="取得日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    at = forms.SplitDateTimeField(label="开会时间", required=False)
    text = forms.CharField(label="主要业绩", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(label="证件照", help_text="JPG，白底，用于电子证书")
    proof = forms.FileField(label="证明材料", required=False, widget=forms.FileInput)
    agreed = forms.BooleanField(label="我承诺材料真实。弄虚作假的，退回材料，三年内不得申报")
    known = forms.NullBooleanField(label="是否公务员", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def helper(self) -> FormHelper:
        """Three groups and the buttons."""
        helper = FormHelper()
        helper.attrs = {"data-autosave": "/gallery/autosave/"}
        helper.layout = Layout(
            Fieldset("本人信息", "name", "number", "unit", "secret"),
            Fieldset("申报信息", "series", "several", "list_of", "level", "hours", Row(Column("born"), Column("day"))),
            Fieldset("照片和承诺", "at", "text", Div("photo", "proof"), "agreed", "known", "hidden"),
            Hidden("version", "7"),
            ButtonHolder(Submit("save", "保存并继续"), Button("later", "退出"), HTML('<a href="#main">取消</a>')),
        )
        return helper


class RowForm(forms.Form):
    """One row of a table of years."""

    year = forms.IntegerField(label="年度")
    hours = forms.IntegerField(label="学时")
    note = forms.CharField(label="备注", required=False)


RowFormSet = forms.formset_factory(RowForm, extra=2)


class TableHelper(FormHelper):
    """The table of the pack."""

    template: ClassVar[str] = "portal/table_inline_formset.html"
    form_tag = False


def _case(no: str, name: str, number: str, status: str, unit: str, *, hours: int, days: int | None) -> SimpleNamespace:
    kind = type("Declaration", (SimpleNamespace,), {})
    due = clock.today() + dt.timedelta(days=days) if days is not None else None
    return kind(no=no, name=name, number=number, status=status, unit=unit, hours=hours, due=due)


def cases() -> list[SimpleNamespace]:
    """The rows of the work list in the pictures."""
    return [
        _case(
            "2026-0417",
            "叶青松",
            "331124198805120013",
            "in_examination",
            "遂昌县农业农村局农技推广中心",
            hours=92,
            days=5,
        ),
        _case("2026-0421", "蓝小燕", "332526199001010028", "supplement", "景宁畲族自治县水利局", hours=60, days=1),
        _case("2026-0388", "周志远", "332501198001014412", "qualified", "丽水市交通投资集团", hours=104, days=None),
        _case("2026-0402", "雷 鸣", "332529197901010034", "held", "庆元县食用菌科研中心", hours=118, days=0),
        _case(
            "2026-0433", "吴雨桐", "332522199201011146", "result_publicity", "缙云县特种设备检验所", hours=95, days=9
        ),
        _case(
            "2026-0379", "Chen Wei", "332501198501017713", "disqualified", "浙江某某新材料有限公司", hours=45, days=-2
        ),
    ]


def context() -> dict[str, object]:
    """What the components of the gallery draw."""
    today, now = clock.today(), clock.now()
    return {
        "cases": cases(),
        "page": Paginator(range(88), 6).page(2),
        "today": today,
        "steps": [
            {"label": "提交申报", "note": "11-09 已完成", "state": "done"},
            {"label": "单位公示推荐", "note": "11-18 已完成", "state": "done"},
            {"label": "资格审查", "note": "预计 11-30 前", "state": "now"},
            {"label": "评审会议", "note": "12 月中旬", "state": ""},
            {"label": "结果公示", "note": "", "state": ""},
            {"label": "电子证书", "note": "尚未开始", "state": "stop"},
        ],
        "events": [
            {"label": "评委会办公室受理", "at": now, "who": "市农业工程中评委办公室", "text": ""},
            {"label": "本人提交申报", "at": now - dt.timedelta(days=9), "who": "", "text": "材料齐全"},
        ],
        "records": [
            SimpleNamespace(
                label="受理",
                at=now,
                actor_id=1,
                actor="王敏",
                acting_as="评委会办公室",
                reason="符合",
                transition="accept",
            ),
            SimpleNamespace(label="期满", at=now, actor_id=None, reason="", transition="close"),
        ],
        "tasks": [
            {"label": "填写本人和申报信息", "url": "#main", "state": "done"},
            {"label": "填写继续教育学时", "url": "#main", "state": "fix"},
            {"label": "上传业绩和论文材料", "url": "#main", "state": ""},
            {"label": "查看评审结果", "url": "", "state": "blocked"},
        ],
        "papers": [
            {
                "title": "附件3-2 资格审查花名册.xlsx",
                "url": "#main",
                "number": "丽人社〔2026〕12 号",
                "version": 2,
                "size": 34567,
                "sha256": "a41f" * 16,
                "made_at": now,
                "superseded": True,
            }
        ],
        "chips": [{"label": "中级", "url": "?"}],
        "columns": [
            {"label": "文件"},
            {"label": "人数", "num": True, "url": "?sort=n", "sort": "ascending"},
            {"label": "状态"},
        ],
        "table": [[{"text": "花名册", "url": "#main"}, 338, {"tag": "declaration.qualified"}], ["名单", None, "无"]],
        "rows": [("姓名", "叶青松"), ("批准文号", "丽人社〔2026〕12 号")],
        "funnel": [("提交申报", 412), ("单位推荐", 388), ("资格审查通过", 341), ("评审通过", 263), ("发证", 261)],
        "week": (today - dt.timedelta(days=2), today + dt.timedelta(days=11)),
        "periods": [
            {
                "label": "农业工程",
                "starts_on": today,
                "ends_on": today + dt.timedelta(days=4),
                "text": "公示中",
                "tone": "purple",
            },
            {
                "label": "水利工程",
                "starts_on": today + dt.timedelta(days=4),
                "ends_on": today + dt.timedelta(days=30),
                "text": "未开始",
                "tone": "grey",
            },
            {
                "label": "质量技术监督",
                "starts_on": today - dt.timedelta(days=9),
                "ends_on": today + dt.timedelta(days=2),
                "text": "有异议",
                "tone": "red",
            },
        ],
    }


@cache
def templates() -> DjangoTemplates:
    """The portal's templates and the gallery's. An engine of its own: the setting, changed while the live server still
    answers the page before, would reach only some of its threads."""
    first = dict(settings.TEMPLATES[0])
    del first["BACKEND"]
    folder = Path(__file__).parent / "templates"
    return DjangoTemplates({"NAME": "gallery", **first, "DIRS": [*first["DIRS"], folder]})


def shown_by_gallery(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """``render()`` with the gallery's templates."""
    return HttpResponse(templates().get_template(name).render(context, request))


def form_page(request: HttpRequest) -> HttpResponse:
    """The form; bound, with all its errors, when ``?bad``."""
    sent = {"name": "叶青松", "number": "33112419880512001X", "hours": "72", "series": "a", "level": "a"}
    form = GalleryForm(sent, {}) if "bad" in request.GET else GalleryForm()
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-year": "2026", "form-1-year": "一"}
    formset = RowFormSet(rows) if "bad" in request.GET else RowFormSet()
    if "bad" in request.GET:
        form.add_error("number", "身份证号校验位不对，请对照证件再填一次")
    shown = {"form": form, "formset": formset, "table_helper": TableHelper(), "today": clock.today()}
    return shown_by_gallery(request, "gallery/form.html", shown)


def components_page(request: HttpRequest) -> HttpResponse:
    """Everything that is not a form; with ``?poll`` the progress is asked for."""
    poll_url = "/gallery/poll/" if "poll" in request.GET else ""
    roles = [
        SimpleNamespace(pk=number, get_role_display=label, organisation_id=None)
        for number, label in enumerate(("申报人", "单位经办人"))
    ]
    person = SimpleNamespace(memberships_today=roles, acting=roles[1])
    shown = {**context(), "poll_url": poll_url, "of_two_roles": person}
    return shown_by_gallery(request, "gallery/components.html", shown)


def work_page(request: HttpRequest) -> HttpResponse:
    """The work list of the pictures; ``?a3`` as a roster."""
    return shown_by_gallery(request, "gallery/work.html", {**context(), "a3": "a3" in request.GET})


def transition_page(request: HttpRequest) -> HttpResponse:
    """The generic page of a transition: open, refused (``?refused``) or not possible yet (``?problems``)."""
    subject = cases()[0]
    subject.__class__.__str__ = lambda self: f"{self.no} {self.name}"  # type: ignore[assignment]
    transition = {
        "label": "退回补正",
        "explanation": "申报人会收到通知。",
        "needs_reason": True,
        "irreversible": "refused" in request.GET,
        "basis": "",
    }
    shown = {
        "object": subject,
        "transition": transition,
        "problems": ["继续教育学时还差 30 学时（已填 60，至少 90）"] if "problems" in request.GET else [],
        "refused": [Problem("请写明理由", field="reason")] if "refused" in request.GET else [],
        "confirm_text": "88" if "refused" in request.GET else "",
        "summary": [("姓名", "叶青松"), ("现在", "待审核")],
        "content_hash": "a41f" * 16,
        "back_url": "/gallery/components/",
    }
    return shown_by_gallery(request, "kernel/transition.html", shown)
