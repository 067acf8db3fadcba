"""The read API: every answer is what its description says (JSON Schema 2020-12, judged by a stock validator)."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from appraisal_portal.home.story import certify, results
from appraisal_portal.home.views import api
from appraisal_portal.kernel import clock
from certificates.models import Certificate
from certificates.services import disclosures
from tests.certificates.test_pages import printed
from tests.factories.results import AFTER, PUBLIC_FROM, decided_meeting, issued
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(decided_meeting, 2)]
ONE = {"notices": "WholeNotice", "publicity": "WholeList", "results": "WholeResult"}
MANY = {"notices": "Notices", "publicity": "Lists", "results": "Results"}


def fits(shown: object, name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": api.description()["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(shown)


def read(client, *where: object) -> dict:
    answer = client.get(reverse("home:api-detail" if len(where) > 1 else "home:api-list", args=where))
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    return answer.json()


def every_kind(client, kind: str) -> dict:
    listed = read(client, kind)
    fits(listed, MANY[kind])
    [row] = listed["items"][:1]
    whole = read(client, kind, row["id"])
    fits(whole, ONE[kind])
    assert {name: whole[name] for name in row} == row
    return whole


def ask(client, **given: str):
    return client.post(reverse("home:api-check"), json.dumps(given), content_type="application/json")


def test_each_kind_as_it_is_described(client):
    meeting, rows = decided_meeting(2)
    every_kind(client, "notices")
    with clock.travel(PUBLIC_FROM):
        publicity = results.publicise(meeting)
        whole = every_kind(client, "publicity")
    names = [row.applicant.name for row in rows]
    assert [person["name"] for person in whole["list"]] == names
    with clock.travel(AFTER):
        assert read(client, "publicity") == {"items": [], "next": None}
        assert client.get(reverse("home:api-detail", args=["publicity", publicity.pk])).status_code == 404
        certify.document([results.decide(results.report(meeting))])
        assert [person["name"] for person in every_kind(client, "results")["list"]] == names


def test_a_check_tells_what_the_page_tells(client):
    meeting, rows = decided_meeting(2)
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        issued(certify.document([results.decide(results.report(meeting))]))
        certificate = Certificate.objects.get(declaration=rows[0])
        code = printed(certificate)[1]
        answer = ask(client, number=certificate.number, name=rows[0].applicant.name, code=code)
        wrong = [
            ask(client, number=certificate.number, name=rows[0].applicant.name, code="AAAAAA"),
            ask(client, number=certificate.number, name="别人", code=code),
            ask(client, number="0", name="别人", code="AAAAAA"),
        ]
        person = certificate.person
        for what in ("employer", "photo"):
            disclosures.switch(certificate, what, shown=True, user=person.user, address=None)
        shown = ask(client, number=certificate.number, name=person.name, code=code).json()
        fits(shown, "Verdict")
        assert shown["certificate"]["employer"] == certificate.current.snapshot["employer"]
        picture = client.get(shown["certificate"]["photo"].removeprefix(settings.PORTAL_SITE_URL))
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "no-store"
    fits(answer.json(), "Verdict")
    assert (answer.json()["certificate"]["employer"], answer.json()["certificate"]["photo"]) == (None, None)
    assert answer.json()["state"] == "valid"
    assert answer.json()["certificate"]["number"] == certificate.number
    assert rows[0].applicant.id_number not in answer.content.decode()
    misses = [{**miss.json(), "checked_at": ""} for miss in wrong]
    assert misses == [{"state": "not_found", "checked_at": "", "certificate": None}] * 3
    assert {miss.status_code for miss in wrong} == {200}


def test_p28_the_limits_are_those_of_the_page(client, settings):
    settings.PORTAL_LOOKUPS_PER_NUMBER = 2
    page = reverse("certificates:verify")
    given = {"number": "33110020260000000001", "name": "别人", "code": "AAAAAA"}
    assert client.post(page, given).status_code == 200
    assert ask(client, **given).status_code == 200
    refused = ask(client, **given)
    assert refused.status_code == 429
    tomorrow = clock.end_of_day(clock.today()).strftime("%Y-%m-%d %H:%M")
    assert refused.json()["errors"] == {"__all__": [f"查验次数过多，{tomorrow} 起可以继续查验。"]}
    assert 0 < int(refused["Retry-After"]) <= 24 * 3600
    fits(refused.json(), "Errors")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 1900, b"\xff", b'{"number": 1}', b'{"number": "' + b"1" * 3000 + b'"}']
)
def test_what_is_no_question_is_told(client, body):
    answer = client.post(reverse("home:api-check"), body, content_type="application/json")
    assert answer.status_code == 422
    fits(answer.json(), "Errors")
    assert set(answer.json()["errors"]) == {"number", "name", "code"}


@pytest.mark.parametrize(
    "path",
    ["people/", "notices/?page=0", "notices/?page=2", "notices/?page=²", "notices/?page=0000000011", "results/999999/"],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/api/v1/{path}").status_code == 404


def test_the_description_names_every_address_and_nothing_else(client):
    told = client.get(reverse("home:api-description")).json()
    assert told["openapi"] == "3.1.0"
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    kinds = {f"/api/v1/{kind}/" for kind in api.KINDS}
    assert set(told["paths"]) == {*kinds, *(f"{path}{{id}}/" for path in kinds), reverse("home:api-check")}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_people_find_it(language):
    page = Client().get(reverse("home:api"), headers={"accept-language": language}).content.decode()
    assert reverse("home:api-description") in page
    assert ("national format" in page) is (language == "en")
