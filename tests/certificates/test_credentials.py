"""The signed credential, verified as a stranger would: by PyJWT and the specifications, none of our own code."""

import base64
import gzip
import json
import re

import jwt
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from certificates.models import Certificate, CertificateVersion
from certificates.services import credentials, disclosures
from tests.certificates.test_pages import printed
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept

SITE = "https://title.example.gov.cn"
ISSUER = "did:web:title.example.gov.cn"


@kept
def certified():
    """Three certificates of 29 May 2026."""
    meeting, rows = decided_meeting(3)
    issued(announced(meeting)[1])
    return [Certificate.objects.get(declaration=row) for row in rows]


pytestmark = [pytest.mark.django_db, begins_with(certified)]


@pytest.fixture(autouse=True)
def at_its_address(settings):
    settings.PORTAL_SITE_URL = SITE
    with clock.travel(clock.at(AFTER, 15)):
        yield


def fetched(address):
    """What a verifier gets from an address of the portal."""
    answer = Client().get(address.removeprefix(SITE))
    assert answer.status_code == 200
    return answer


def verified(token):
    """VC-JOSE-COSE §3: the key named in the header is one the issuer's document allows to make claims; then the JWT."""
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["cty"], header["alg"]) == ("vc+jwt", "vc", "ES256")
    document = fetched("/.well-known/did.json").json()
    said = jwt.decode(token, options={"verify_signature": False})
    assert document["id"] == said["issuer"]["id"] == header["kid"].partition("#")[0] == ISSUER
    assert header["kid"] in document["assertionMethod"]
    [method] = [one for one in document["verificationMethod"] if one["id"] == header["kid"]]
    assert (method["type"], method["controller"]) == ("JsonWebKey", ISSUER)
    assert set(method["publicKeyJwk"]) == {"kty", "crv", "x", "y", "alg", "use", "kid"}  # nothing private
    content = jwt.decode(token, jwt.PyJWK(method["publicKeyJwk"]), algorithms=["ES256"])
    assert content["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert content["type"][0] == "VerifiableCredential"
    return content


def status(credential):
    """Bitstring Status List 1.0 §3.2: purpose → the bit."""
    found = {}
    for entry in credential["credentialStatus"]:
        assert entry["type"] == "BitstringStatusListEntry"
        listed = verified(fetched(entry["statusListCredential"]).content.decode())
        subject = listed["credentialSubject"]
        assert listed["id"] == entry["statusListCredential"]
        assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", entry["statusPurpose"])
        assert subject["encodedList"][0] == "u"
        bits = gzip.decompress(base64.urlsafe_b64decode(subject["encodedList"][1:] + "=="))
        assert len(bits) * 8 >= 131_072
        index = int(entry["statusListIndex"])
        found[entry["statusPurpose"]] = bits[index // 8] >> (7 - index % 8) & 1
    return found


def by_token(certificate):
    token, _code = printed(certificate)
    return fetched(reverse("certificates:verify-credential", args=[token]))


def by_holder(certificate):
    client = Client()
    client.force_login(certificate.person.user)
    return client.get(reverse("certificates:certificate-credential", args=[certificate.pk]))


def test_every_word_of_a_credential_is_explained_where_it_points():
    certificate = certified()[0]
    disclosures.switch(certificate, "employer", shown=True, user=certificate.person.user, address=None)
    credential = verified(by_token(certificate).content.decode())
    said = credential["credentialSubject"]
    words = {*said, said["type"], credential["type"][1]} - {"type", "name"}  # these two are the W3C's
    address, _mark, end = credential["@context"][1]["@vocab"].partition("#")
    assert (address, end) == (f"{SITE}/credentials/terms", "")
    page = fetched(address).content.decode()
    assert set(re.findall(r'<tr id="(\w+)">', page)) == words
    assert "取得职称的日期" in page


def test_a_stock_library_verifies_it_and_it_says_what_the_check_says():
    certificate = certified()[0]
    answer = by_token(certificate)
    assert answer["Content-Type"] == "application/vc+jwt"
    assert answer["Cache-Control"] == "no-store"
    assert f"{certificate.number}.vc.jwt" in answer["Content-Disposition"]
    credential = verified(answer.content.decode())
    said, row = credential["credentialSubject"], certificate.current.snapshot
    assert (said["name"], said["professionalTitle"], said["specialty"]) == (row["name"], row["title"], row["specialty"])
    assert (said["certificateNumber"], said["qualifiedOn"]) == (certificate.number, row["qualified_on"])
    assert credential["validFrom"] == "2026-05-29T00:00:00+08:00"
    assert status(credential) == {"revocation": 0, "refresh": 0}
    assert by_holder(certificate).content == answer.content  # the same for both ways, to the octet


def test_one_changed_octet_is_no_credential():
    token = by_token(certified()[0]).content.decode()
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["credentialSubject"]["professionalTitle"] = "高级工程师"
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    with pytest.raises(jwt.InvalidSignatureError):
        verified(f"{head}.{forged}.{signature}")


def test_neither_identity_number_nor_birth_date_and_the_unit_only_when_it_is_shown():
    certificate = certified()[0]
    person, unit = certificate.person, certificate.current.snapshot["employer"]
    assert by_holder(certificate).status_code == 200
    credential = verified(by_token(certificate).content.decode())
    told = json.dumps(credential, ensure_ascii=False)
    for secret in (person.id_number, person.id_number[-4:] + '"', person.birth_date.isoformat(), person.phone, unit):
        assert secret not in told
    assert set(credential["credentialSubject"]) == {
        "type", "name", "professionalTitle", "series", "specialty", "level", "qualifiedOn", "committee",
        "approvalNumber", "certificateNumber", "certificateVersion", "source", "issuingBody", "issuedOn",
    }  # fmt: skip
    disclosures.switch(certificate, "employer", shown=True, user=person.user, address=None)
    disclosures.switch(certificate, "photo", shown=True, user=person.user, address=None)
    shown = verified(by_token(certificate).content.decode())["credentialSubject"]
    assert shown.pop("employerAtIssue") == unit
    assert shown == credential["credentialSubject"]


def test_whoever_holds_a_credential_sees_that_it_was_revoked_or_replaced():
    first, second, third = certified()
    before = [verified(by_token(row).content.decode()) for row in (first, second, third)]
    Certificate.objects.filter(pk=first.pk).update(status="revoked", revoked_on=AFTER)
    CertificateVersion.objects.filter(certificate=second).update(superseded_at=clock.now())
    assert [status(credential) for credential in before] == [
        {"revocation": 1, "refresh": 0},
        {"revocation": 0, "refresh": 1},
        {"revocation": 0, "refresh": 0},
    ]


def test_a_list_is_the_same_octets_until_something_changes_and_names_nobody():
    address = reverse("certificates:status-list", args=["revocation", 0])
    first = fetched(address)
    assert fetched(address).content == first.content
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not [row.number for row in certified() if row.number in first.content.decode()]
    Certificate.objects.filter(pk=certified()[0].pk).update(status="revoked", revoked_on=AFTER)
    assert fetched(address).content != first.content


@pytest.mark.parametrize("where", ["revocation/1", "suspension/0"])
def test_a_list_that_is_none_is_not_found(where):
    assert Client().get(f"/credentials/status/{where}/").status_code == 404


def test_only_the_holder_and_the_token_open_it():
    certificate = certified()[0]
    other = Client()
    for user in (certified()[1].person.user, holder("bureau_approver"), holder("supervisor")):
        other.force_login(user)
        assert other.get(reverse("certificates:certificate-credential", args=[certificate.pk])).status_code == 404
    assert Client().get("/c/" + "A" * 26 + "/credential/").status_code == 404


def test_both_pages_lead_to_it_and_neither_does_without_a_key(settings):
    certificate = certified()[0]
    token, _code = printed(certificate)
    reader = Client()
    reader.force_login(certificate.person.user)
    pages = [(reader, certificate.get_absolute_url()), (Client(), reverse("certificates:verify-token", args=[token]))]
    links = [f"{certificate.get_absolute_url()}credential/", f"/c/{token}/credential/"]
    for (client, page), link in zip(pages, links, strict=True):
        assert f'href="{link}"' in client.get(page).content.decode()
        assert client.get(link).status_code == 200
    settings.PORTAL_CREDENTIAL_KEY_FILE = ""
    for (client, page), link in zip(pages, links, strict=True):
        assert "credential/" not in client.get(page).content.decode()
        assert client.get(link).status_code == 404
    assert Client().get("/credentials/status/refresh/0/").status_code == 404


@pytest.mark.parametrize("revoked", [1, 3])
def test_queries_do_not_grow_with_what_was_revoked(revoked):
    for row in certified()[:revoked]:
        Certificate.objects.filter(pk=row.pk).update(status="revoked", revoked_on=AFTER)
    token, _code = printed(certified()[0])
    for address, queries in (
        (reverse("certificates:status-list", args=["revocation", 0]), 3),
        (reverse("certificates:verify-credential", args=[token]), 3),
    ):
        fetched(address)  # the key is published once
        with CaptureQueriesContext(connection) as asked:
            fetched(address)
        assert len(asked) == queries


def test_entries_of_the_second_list_have_their_own_place(monkeypatch):
    """Rows far apart: the list and the bit follow from the row's own number."""
    monkeypatch.setattr(credentials, "LENGTH", 16)
    entry = credentials._entry("revocation", 37)
    assert (entry["statusListCredential"], entry["statusListIndex"]) == (
        f"{SITE}/credentials/status/revocation/2/",
        "5",
    )
