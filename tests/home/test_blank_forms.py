"""Blank forms (空白表格): every form with its headings, nobody's data, found from the public column."""

import dataclasses
import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.accounts.models import Organisation, Person, User
from appraisal_portal.home import published
from appraisal_portal.kernel import blanks, documents, files
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.rendering import Column
from tests.certificates.test_races import together
from tests.factories.results import decided_meeting
from tests.journeys.steps.papers import Sheet, fonts_are_embedded, text_of
from tests.stage import begins_with, kept


@kept
def drawn():
    """Two people whose names must stand nowhere, and every form as the sweep draws it."""
    decided_meeting(2)
    return blanks.keep()


pytestmark = [pytest.mark.django_db, begins_with(drawn)]

HEADINGS = {
    "2-1": "专业技术资格评审表 （照片） 申报事项 个人信息 曾用名 学历学位 毕业院校 现任职称 继续教育 业绩成果 年度考核 "
    "工作经历 学习培训经历 代表作 所在单位推荐意见 呈报单位意见 评审组织意见 总人数 赞成 主任委员签名 审批意见",
    "2-9": "专业技术资格评审材料真实性保证书 申报人签名 单位核实人签名 单位负责人签名 单位盖章 从评审次年起三年内",
    "3-1": "评审会议的申请函 评委会名称 申请日期 评审会议时间 评审会议地点 申报人数 合格人数 "
    "不合格人数 拟出席人数 评审办法 主管部门意见",
    "3-2": "评审对象资格审查花名册 身份证号 所属县（市、区） 现专业技术资格 终审单位 "
    "继续教育学时 资格审查意见 不合格原因",
    "3-3": "评审资格合格对象表 现资格及取得时间 申报专业 评议组 汇总：申报专业、单位性质",
    "3-4": "关于审核公布 评审通过人员的函 应到委员 公示期间收到异议 附件3-5 附件3-6",
    "3-5": "评审通过人员名单 资格名称 评审通过时间 表决（应到/实到/赞成） 备注",
    "3-6": "专业技术职务任职资格证书信息表 证件类型 取得方式 公布文号 证书编号 照片文件名 联系电话",
    "unit-publicity": "申报材料公示确认表 公示单位 公示时间 公示人员 □有，共 □无异议 负责人（签字）",
}


def text_in(form: StoredDocument, data: bytes) -> str:
    if form.kind == "pdf":
        fonts_are_embedded(data)
        return text_of(data)
    sheet = Sheet(data)
    assert sheet.is_roster()
    return re.sub(r"\s+", "", "\n".join(sheet.values))


@pytest.mark.parametrize("code", HEADINGS)
def test_a_form_has_its_headings_and_nobody_in_it(client, code):
    answer = client.get(reverse("home:form-download", args=[code]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    form = blanks.current().get(code=f"{blanks.PREFIX}{code}")
    text = text_in(form, answer.content)
    assert not [heading for heading in HEADINGS[code].split() if heading not in text]
    said = [*Person.objects.values_list("name", "id_number", "phone", "email"), *User.objects.values_list("full_name")]
    said += Organisation.objects.exclude(kind="city_bureau").values_list("name")
    assert not [word for row in said for word in row if word and word in text]
    assert not re.search(r"\d{11}|20\d\d年|20\d\d-", text.replace("2018-1", "").partition("SHA-256")[0])


def test_every_form_is_there_and_only_empty():
    """The codes of the paper forms of the procedure; a form that is added needs its headings above."""
    assert [kind.code for kind in blanks.kinds()] == list(HEADINGS)
    assert not [form for form in blanks.current() if form.made_by_id or set(form.snapshot) != {"source"}]


def test_bytes_are_kept_until_the_form_changes(client, monkeypatch):
    address, kind = reverse("home:form-download", args=["3-6"]), documents.registry["3-6"]
    first = client.get(address).content
    assert blanks.keep() == 0
    monkeypatch.setitem(
        documents.registry, "3-6",
        dataclasses.replace(kind, columns=[*kind.columns, Column("more", "新增栏")]),
    )  # fmt: skip
    assert blanks.keep() == 1
    changed = client.get(address).content
    assert "新增栏" in Sheet(changed).values
    before, after = StoredDocument.objects.filter(code="blank-3-6").order_by("version")
    assert (before.version, after.version, before.superseded_by, after.superseded_by) == (1, 2, after, None)
    assert files.open_stored(before) == first


def test_a_sweep_that_comes_second_draws_no_version_twice():
    kind, before = documents.registry["3-5"], blanks.current().get(code="blank-3-5")
    stale = StoredDocument(pk=before.pk, version=0, snapshot={"source": ""})
    assert blanks.draw(kind, stale) is False
    assert StoredDocument.objects.filter(code="blank-3-5").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_draw_a_form_once(monkeypatch):
    kind, store, drawn_by = documents.registry["3-5"], documents.store, []

    def slowly(*args, **options):
        time.sleep(0.3)  # long enough for the other to look whether the number is free
        return store(*args, **options)

    monkeypatch.setattr(documents, "store", slowly)
    assert together(2, lambda _place: drawn_by.append(blanks.draw(kind))) == []
    assert sorted(drawn_by) == [False, True]
    assert StoredDocument.objects.filter(code="blank-3-5").count() == 1


def test_forms_are_found_and_on_the_map(client):
    listed = client.get(reverse("home:form-list")).content.decode()
    found = client.get(reverse("home:search"), {"q": "评审表"}).content.decode()
    by_number = client.get(reverse("home:search"), {"q": "3-6"}).content.decode()
    crawled = client.get(reverse("home:sitemap")).content.decode()
    for code in HEADINGS:
        assert reverse("home:form-download", args=[code]) in listed
        assert reverse("home:form-download", args=[code]) in crawled
    assert 'href="/forms/2-1/"' in found
    assert 'href="/forms/3-6/"' in by_number
    assert reverse("home:form-list") in client.get("/").content.decode()


def test_what_is_no_form_is_not_found(client):
    assert client.get(reverse("home:form-download", args=["minutes"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("/forms/", 1), ("/forms/2-1/", 1), ("/sitemap.xml", 4)])
def test_queries_do_not_grow_with_the_forms(client, monkeypatch, address, queries, rows):
    some = blanks.kinds()[:rows]
    monkeypatch.setattr(blanks, "kinds", lambda: some)
    published._pages._things.clear()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) == queries
