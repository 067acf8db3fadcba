"""What the database refuses: a row somebody else holds, a character no text holds. The rest stays a fault."""

import pytest
from django.db import DataError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from appraisal_portal import urls as portal_urls


def fails(request: HttpRequest, state: str) -> HttpResponse:
    """The database itself refuses with that SQL state."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    return HttpResponse()


def stores(request: HttpRequest) -> HttpResponse:
    """What was typed, as text and within JSON."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{request.GET['as']}", [request.GET["typed"]])
    return HttpResponse()


urlpatterns = [path("stores/", stores), path("fails/<slug:state>/", fails), *portal_urls.urlpatterns]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["55P03", "40P01", "40001"])
def test_a_locked_row_is_said(state: str) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).post(f"/fails/{state}/", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "nothing has been changed" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["as=text&typed=a%00b", 'as=jsonb&typed="a\\u0000b"'])
def test_a_character_no_text_holds_is_said(asked: str) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(f"/stores/?{asked}", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "Nothing has been changed" in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_value_stays_a_fault() -> None:
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(DataError):
        Client().get("/stores/?as=integer&typed=x")


@pytest.mark.django_db
def test_other_faults_stay_faults() -> None:
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(OperationalError):
        Client().get("/fails/53100/")  # the disk is full
