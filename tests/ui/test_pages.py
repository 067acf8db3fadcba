"""Without a browser: pack, preferences, headers, error pages, deadlines, statuses, navigation, catalogue."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from appraisal_portal.kernel import controls, masking, navigation, statuses, texts
from appraisal_portal.kernel.middleware import POLICY
from appraisal_portal.kernel.workflow import Problem, Workflow

from . import gallery

CHOICES = [("a", "A"), ("b", "B")]
WIDGETS = [
    getattr(forms, name)
    for name in forms.widgets.__all__
    if isinstance(getattr(forms, name), type)
    and issubclass(getattr(forms, name), forms.Widget)
    and name not in {"Widget", "Input", "MultiWidget"}
]


def draw(source: str, **context: Any) -> str:
    """A template with the portal's tags."""
    return Template("{% load portal crispy_forms_tags %}" + source).render(Context(context))


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget.__name__)
@pytest.mark.parametrize("sent", [None, {}], ids=["unbound", "empty"])
def test_pack_draws_every_widget(widget: type[forms.Widget], sent: dict[str, str] | None) -> None:
    chosen = issubclass(widget, forms.widgets.ChoiceWidget)
    field: forms.Field = (
        forms.ChoiceField(choices=CHOICES, widget=widget, help_text="hint")
        if chosen
        else forms.Field(widget=widget, help_text="hint")
    )
    form = type("WidgetForm", (forms.Form,), {"x": field})(sent)
    text = draw("{{ form|crispy }}", form=form)
    if form["x"].is_hidden:
        assert "<label" not in text
        return
    assert "<label" in text
    assert 'id="id_x_helptext"' in text
    assert "&lt;" not in text
    if sent is not None and form.errors:
        assert 'id="id_x_error"' in text
        assert f'id="{controls.target(form["x"])}"' in text


def test_choices_form_a_group_described_by_hint_and_error() -> None:
    text = draw("{{ form|crispy }}", form=gallery.GalleryForm({}, {}))
    assert '<fieldset aria-describedby="id_level_error">' in text
    assert '<fieldset aria-describedby="id_born_helptext id_born_error">' in text
    assert 'aria-describedby="id_photo_helptext id_photo_error id_photo_filehint"' in text


def test_summary_takes_forms_formsets_problems_and_words() -> None:
    form = gallery.GalleryForm({}, {})
    lines = controls.summary([form, [Problem("理由", field="reason"), "一句话"], None, "另一句"])
    found = {line.text: line.target for line in lines}
    assert found["理由"] == "id_reason"
    assert found["一句话"] == found["另一句"] == ""
    assert {"id_level_0", "id_born_year", "id_name", "id_agreed"} <= set(found.values())


def test_stock_messages_say_what_to_do() -> None:
    with translation.override("zh-hans"):
        form = gallery.GalleryForm({"hours": "72"}, {})
        assert controls.errors(form["unit"]) == [("请填写工作单位", "required")]
        assert controls.errors(form["hours"]) == [("至少 90（已填 72）", "min_value")]


# Preferences, language, headers


@pytest.mark.parametrize(
    ("sent", "cookie"), [({"size": "large"}, "large"), ({"size": "enormous"}, None), ({"contrast": "high"}, None)]
)
def test_size_is_kept_in_a_cookie(client: Client, sent: dict[str, str], cookie: str | None) -> None:
    response = client.post("/preferences/", sent, headers={"referer": "http://testserver/x/?page=2"})
    assert response.status_code == 302
    assert response["Location"] == "/x/?page=2"
    kept = response.cookies.get("size")
    assert (kept.value if kept else None) == cookie
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", ""])
def test_preferences_never_lead_away(client: Client, referer: str) -> None:
    response = client.post("/preferences/", {"size": "large", "next": referer}, headers={"referer": referer})
    assert response["Location"] == "/"


def test_a_post_from_another_site_changes_nothing(client: Client) -> None:
    response = client.post("/preferences/", {"size": "large"}, headers={"sec-fetch-site": "cross-site"})
    assert response.cookies == {}


def test_preferences_need_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/preferences/", {"size": "large"}).status_code == 302
    assert strict.post("/i18n/setlang/", {"language": "en"}).status_code == 302


def test_language_is_a_cookie_and_nothing_else(client: Client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.cookies["django_language"].value == "en"
    assert client.post("/i18n/setlang/", {"language": "fr"}).cookies == {}
    assert 'lang="en"' in client.get("/preferences/").content.decode()


def test_large_and_contrast_reach_the_page(client: Client) -> None:
    client.cookies.load({"size": "large", "contrast": "high"})
    assert 'class="large contrast"' in client.get("/preferences/").content.decode()


def test_every_answer_carries_the_policy(client: Client) -> None:
    for path in ("/preferences/", "/no-such-page/"):
        response = client.get(path)
        assert response["Content-Security-Policy"] == POLICY
        assert response["Referrer-Policy"] == "same-origin"


def test_public_page_touches_neither_session_nor_user(client: Client) -> None:
    client.cookies.load({"sessionid": "a" * 32})
    response = client.get("/preferences/")  # the session would be read from the database, which this test may not use
    assert response.status_code == 200
    assert "csrftoken" not in response.cookies


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "500", "503"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_speak_plainly(name: str, language: str, rf: RequestFactory) -> None:
    with translation.override(language):
        request = None if name in ("500", "503") else rf.get("/x/")
        text = render_to_string(f"{name}.html", {"exception": "理由"}, request)
    assert "<h1>" in text
    assert "系统错误" not in text


# Deadlines, dates, masks


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words", "soon"),
    [
        (dt.date(2026, 12, 11), '2026-12-11</time>（周五） <span class="nw muted">还有 12 个工作日', False),
        (dt.date(2026, 11, 27), "还有 2 个工作日", True),
        (dt.date(2026, 11, 30), "还有 3 个工作日", False),
        (dt.date(2026, 11, 25), "今天 24:00 截止", True),
        (dt.date(2026, 11, 24), "已截止", False),
    ],
)
def test_deadline_says_how_long(day: dt.date, words: str, soon: bool, clock: Any) -> None:
    clock(dt.date(2026, 11, 25))
    with translation.override("zh-hans"):
        text = draw("{% deadline day %}", day=day)
    assert words in text
    assert ('"nw soon"' in text) is soon


def test_dates_of_letters() -> None:
    with translation.override("zh-hans"):
        assert draw("{{ day|zh_date }}", day=dt.date(2026, 12, 20)) == "2026 年 12 月 20 日"
        assert draw("{{ day|iso_weekday }}", day=dt.date(2026, 12, 20)) == "2026-12-20（周日）"
    with translation.override("en"):
        assert draw("{{ day|zh_date }}", day=dt.date(2026, 12, 20)) == "20 December 2026"


@pytest.mark.parametrize(("number", "shown"), [("13812340013", "138****0013"), ("12345", "***45"), (None, "")])
def test_phone_is_masked(number: str | None, shown: str) -> None:
    assert masking.mask_phone(number) == shown


def test_id_is_masked() -> None:
    assert draw("{{ number|mask_id }}", number="331124198805120013") == "331124********0013"


def test_query_string_keeps_the_filters(rf: RequestFactory) -> None:
    request = rf.get("/x/?q=%E5%8F%B6&page=2")
    assert draw("{% qs page=3 %}", request=request) == "?q=%E5%8F%B6&amp;page=3"
    assert draw("{% qs q=None page=None %}", request=request) == "?"


# Statuses, navigation


def test_person_concerned_does_not_read_passed_before_publicity() -> None:
    assert statuses.shown("Declaration", "passed").tone == "green"
    assert statuses.shown("Declaration", "passed", own=True).label == statuses.WAITING_MEETING[0]
    assert statuses.shown("Declaration", "passed", own="unit").label == statuses.WAITING_MEETING[0]
    assert statuses.shown("Declaration", "verified", own=True).label == statuses.WITH_UNIT[0]
    recommended = statuses.shown("Declaration", "recommended", own=True).label
    assert recommended == "单位已推荐"  # it has left the unit, and the timeline says so
    known = statuses.SHOWN["declaration"]["recommended"][0]
    assert statuses.shown("Declaration", "recommended", own="unit").label == known


def test_tones_are_of_the_stylesheet() -> None:
    tables = [statuses.COMMON, *statuses.SHOWN.values(), *statuses.FOR_THE_PERSON.values()]
    assert {tone for table in tables for _label, tone in table.values()} <= set(statuses.TONES)


def test_every_status_of_a_workflow_has_words() -> None:
    """Of every table there is: no status is shown as a bare code."""
    bare = [
        f"{label}.{state}"
        for label, flow in Workflow.registry.items()
        if not flow.model.__module__.startswith("tests.")
        for state in sorted({state for pair in flow.pairs() for state in pair if state})
        if state not in {**statuses.COMMON, **statuses.SHOWN.get(flow.model._meta.model_name, {})}
    ]
    assert bare == []
    assert len(Workflow.registry) > 40


def test_navigation_of_a_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register(
        navigation.NavItem("kernel:preferences", "P", public=True),
        navigation.NavItem("kernel:set-language", "L", roles=("office_clerk",), order=1),
    )
    clerk = SimpleNamespace(is_authenticated=True, acts_as=lambda *roles: "office_clerk" in roles)
    visitor = SimpleNamespace(is_authenticated=False)
    nobody = SimpleNamespace(is_authenticated=True, acts_as=lambda *roles: False)
    assert [link.label for link in navigation.links_for(clerk, "/")] == ["L"]
    assert [link.label for link in navigation.links_for(visitor, "/preferences/")] == ["P"]
    assert navigation.links_for(nobody, "/preferences/")[0].current


# Catalogue


def test_catalogue_is_complete() -> None:
    assert texts.complaints() == []


@pytest.mark.parametrize("words", ["材料,齐全", "错误:请修改", "编号(选填)", "好吗?好", "请登录."])
def test_half_width_punctuation_is_found(words: str) -> None:
    assert texts.HALF_WIDTH.search(words)


@pytest.mark.parametrize(
    "words", ["共 3 项，第 1–2 项", "09:41 保存", "（附件 3-2）", "%(n)d 个工作日", "Noto Sans, 丽水"]
)
def test_proper_punctuation_passes(words: str) -> None:
    assert not texts.HALF_WIDTH.search(words)


def test_texts_of_both_kinds_of_source_are_read(tmp_path: Path) -> None:
    for folder in texts.FOLDERS:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates/a.html").write_text(
        '{% load i18n %}  {% translate "One" %}\n'
        "{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    (tmp_path / "applications/a.py").write_text('x = pgettext("date", "Year")\ny = _("Two " "parts")\n')
    found = {(context, msgid, plural) for context, msgid, plural in texts.used(tmp_path)}
    assert found == {
        (None, "One", None),
        (None, "%(n)s row", "%(n)s rows"),
        ("date", "Year", None),
        (None, "Two parts", None),
    }


def test_hints_and_labels_of_others_are_printed_as_text() -> None:
    """A hint may be what an office or a unit typed: nothing in it is markup."""

    class Asked(forms.Form):
        word = forms.CharField(label="<i>label</i>", help_text="<b>hint</b>")

    shown = draw("{% crispy form %}", form=Asked())
    assert "&lt;b&gt;hint&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
