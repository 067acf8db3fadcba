"""The public check (trust.md §4, D1): what it shows, one answer for every failure, no directory, holders' switches."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import connection
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import NotAllowed
from certificates import tasks
from certificates.models import Certificate, Disclosure, DisclosureRecord, Lookup
from certificates.services import disclosures, lookup, secrets
from certificates.views import public
from tests.certificates.test_pages import printed
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept


@kept
def checked():
    """Two certificates of 29 May 2026."""
    meeting, rows = decided_meeting(2)
    issued(announced(meeting)[1])
    return [Certificate.objects.get(declaration=row) for row in rows]


pytestmark = [pytest.mark.django_db, begins_with(checked)]
HOUR_OVER = clock.at(AFTER, 16)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """On 29 May 2026, without the floor that makes answers equally slow."""
    monkeypatch.setattr(public, "FLOOR_SECONDS", 0.0)
    with clock.travel(clock.at(AFTER, 15)):
        yield


def client(language="en"):
    found = Client()
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return found


def ask(number, name, code, language="en", **extra):
    given = {"number": number, "name": name, "code": code}
    return client(language).post(reverse("certificates:verify"), given, **extra)


def scan(certificate, language="en"):
    token, _code = printed(certificate)
    return client(language).get(reverse("certificates:verify-token", args=[token])).content.decode()


def cells(page):
    """Label in the reader's language, in the other one, and what stands beside them."""
    found = re.findall(r"<dt>(.*?) <span[^>]*>(.*?)</span></dt><dd>(.*?)</dd>", page)
    return {label: (other, value) for label, other, value in found}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_check_shows_what_it_must_in_both_languages_and_nothing_else(language):
    certificate = checked()[0]
    person, said = certificate.person, certificate.current.snapshot
    page = scan(certificate, language)
    found = cells(page)
    names = {"en": "Name", "zh-hans": "姓名"}
    assert found[names[language]] == (names["zh-hans" if language == "en" else "en"], person.name)
    values = [value for _other, value in found.values()]
    for key in ("title", "specialty", "level", "committee", "number", "issuing_body", "document_number"):
        assert said[key] in values, key
    assert "This certificate is valid" in page
    assert "该证书有效" in page or "证书有效" in page
    assert "2026-05-29 15:00" in page
    for private in (person.id_number, said["id_masked"], said["employer"], person.birth_date.isoformat(), "<img"):
        assert private not in page


def test_a_revoked_certificate_says_so_on_the_next_check():
    certificate = checked()[0]
    certify.revoke(certificate)
    page = scan(certificate)
    assert "This certificate was revoked on 29 May 2026" in page
    assert cells(page)["Revoked on"] == ("撤销日期", "29 May 2026")


def test_one_answer_for_every_failure():
    certificate, other = checked()
    _token, code = printed(certificate)
    number, name = certificate.number, certificate.person.name
    assert "This certificate is valid" in ask(number, name, code).content.decode()
    wrong_number = number[:-1] + ("0" if number[-1] != "0" else "1")
    wrong_code = code[:-1] + ("A" if code[-1] != "A" else "B")
    wrong_name = "赵" + name[1:] if name[0] != "赵" else "钱" + name[1:]
    tried = [
        (wrong_number, name, code), (number, wrong_name, code), (number, name, wrong_code),
        (other.number, name, code), ("3" * 22, wrong_name, "AAAAAA"),
    ]  # fmt: skip
    answers = [ask(*given, REMOTE_ADDR=f"192.0.2.{n}") for n, given in enumerate(tried)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({len(answer.content) for answer in answers}) == 1
    texts = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(texts) == 1
    assert "No such certificate. Check the number, name and check code." in texts.pop()
    misses = [client().get(reverse("certificates:verify-token", args=[token])) for token in ("A" * 26, "B" * 26, "x")]
    assert {answer.status_code for answer in misses} == {200}
    assert len({answer.content.replace(b"B" * 26, b"A" * 26).replace(b"/c/x/", b"/c/" + b"A" * 26 + b"/")
                for answer in misses}) == 1  # fmt: skip


def test_d1_an_answer_takes_at_least_the_floor_and_is_written_before(monkeypatch):
    """A page that shows a certificate takes longer to write than one that shows none. ``bench`` asks 2,000 of each."""
    steps, write = [], SimpleTemplateResponse.rendered_content.fget
    monkeypatch.setattr(public, "FLOOR_SECONDS", 0.15)
    monkeypatch.setattr(public.time, "sleep", steps.append)
    written = property(lambda page: steps.append("written") or write(page))
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", written)
    certificate = checked()[0]
    _token, code = printed(certificate)
    ask(certificate.number, certificate.person.name, code)
    ask("3" * 22, "赵", "AAAAAA")
    (first, hit, second, miss), after = steps[:4], steps[4:]
    assert (first, second, after) == ("written", "written", [])
    assert 0 < hit <= 0.15
    assert 0 < miss <= 0.15


def test_d1_ten_thousand_guesses_find_nothing():
    """From one address ten an hour are answered; of one number twenty a day, whoever asks from wherever."""
    certificate = checked()[0]
    _token, code = printed(certificate)
    number, name = certificate.number, certificate.person.name

    def guess(address):
        wrong = secrets.new_check_code()
        if wrong == code or lookup.refused_until(address=address, number=number):
            return 0
        assert lookup.by_hand(number, name, wrong) is None
        return 1

    assert sum(guess("192.0.2.1") for _ in range(5_000)) == 10
    assert sum(guess(f"198.51.100.{n % 200}") for n in range(4_800)) == 0  # the number's day was used up by the first
    Lookup.objects.filter(scope="number").delete()
    assert sum(guess(f"203.0.113.{n % 200}") for n in range(200)) == 20
    told = ask(number, name, code, HTTP_X_FORWARDED_FOR="233.252.0.1").content
    assert b"You can go on from 2026-05-30 00:00." in told
    with clock.travel(clock.at(AFTER + dt.timedelta(days=1), 9)):
        assert guess("192.0.2.1") == 1


def test_a_hash_that_only_begins_alike_is_not_the_one():
    """It is found by its first eight octets; the other twenty-four are compared before anything is told."""
    digest = checked()[0].current.token_sha256
    other = digest[:16] + ("0" if digest[16] != "0" else "1") + digest[17:]
    assert lookup.by_token_hash(digest) is not None
    with CaptureQueriesContext(connection) as asked:
        assert lookup.by_token_hash(other) is None
    assert len(asked) == 2  # the first one did find it


def test_limits_count_the_address_of_the_proxy_and_a_whole_ipv6_line():
    for n in range(10):
        assert b"Too many checks" not in ask("3" * 22, "赵", f"AAAAA{n}", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").content
    last = ask("4" * 22, "赵", "AAAAAA", HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert (last.status_code, b"Too many checks" in last.content) == (200, True)
    assert "10 checks an hour are answered to one connection, and 20 a day of one number." in last.content.decode()
    assert "You can go on from 2026-05-29 16:00." in last.content.decode()
    refused = [lookup.refused_until(address=f"2001:db8:1:2::{n}", number=f"n{n}") for n in range(12)]
    assert refused == [None] * 10 + [HOUR_OVER] * 2
    assert lookup.refused_until(address="2001:db8:1:3::1", number="n") is None


def test_ipv4_written_as_ipv6_is_counted_by_itself_and_any_address_is_counted():
    for n in range(12):
        assert lookup.refused_until(address=f"::ffff:198.51.100.{n}", number=f"m{n}") is None
    refused = [lookup.refused_until(address="fe80::1%eth0", number=f"l{n}") for n in range(11)]
    assert refused == [None] * 10 + [HOUR_OVER]
    assert lookup.refused_until(address="", number="unknown") is None


def test_counters_of_days_that_are_over_are_deleted():
    lookup.refused_until(address="192.0.2.1", number="3")
    with clock.travel(clock.at(AFTER + dt.timedelta(days=1), 9)):
        assert tasks.forget_attempts() == 0
    with clock.travel(clock.at(AFTER + dt.timedelta(days=2), 9)):
        assert tasks.forget_attempts() == 2
    assert not Lookup.objects.exists()


def test_the_holder_shows_unit_and_photograph_and_hides_them_again():
    certificate = checked()[0]
    browser = client()
    browser.force_login(certificate.person.user)

    def switch(what, value, status=302):
        address = reverse("certificates:disclosure-switch", args=[certificate.pk, what])
        assert browser.post(address, {"shown": value}).status_code == status

    page = browser.get(certificate.get_absolute_url()).content.decode()
    assert page.count("Not shown") == 2
    switch("employer", "1")
    switch("employer", "1")
    switch("photo", "1")
    switch("birthday", "1", status=404)
    page = scan(certificate)
    assert cells(page)["Work unit at the time of issue"][1] == certificate.current.snapshot["employer"]
    address = re.search(r'<img src="([^"]+)"', page).group(1)
    picture = client().get(address)
    assert (picture.status_code, picture["Content-Type"], picture.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert client().get(address[:-2] + "x/").status_code == 404
    switch("photo", "0")
    switch("employer", "0")
    assert client().get(address).status_code == 404
    page = scan(certificate)
    assert "<img" not in page
    assert certificate.current.snapshot["employer"] not in page
    records = DisclosureRecord.objects.filter(subject__certificate=certificate).order_by("pk")
    assert list(records.values_list("subject__what", "transition")) == [
        ("employer", "show"), ("photo", "show"), ("photo", "hide"), ("employer", "hide"),
    ]  # fmt: skip
    assert records[0].actor == certificate.person.user


def test_nobody_else_switches_it():
    certificate, other = checked()
    browser = client()
    for user in (holder("bureau_reviewer"), other.person.user):
        browser.force_login(user)
        address = reverse("certificates:disclosure-switch", args=[certificate.pk, "photo"])
        assert browser.post(address, {"shown": "1"}).status_code == 404
        with pytest.raises(NotAllowed):
            disclosures.switch(certificate, "photo", shown=True, user=user)
    assert not Disclosure.objects.exists()
