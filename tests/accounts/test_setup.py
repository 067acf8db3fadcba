"""`manage.py setup` on an empty database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisal_portal.accounts import services
from appraisal_portal.accounts.management.commands import setup
from appraisal_portal.accounts.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db

PEOPLE = {
    "REVIEWER": ("reviewer", "王经办", "reviewer@example.com"),
    "APPROVER": ("approver", "李审批", "approver@example.com"),
    "OPERATOR": ("operator", "张运维", "operator@example.com"),
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Everything set-up asks for."""
    for word, values in PEOPLE.items():
        for part, value in zip(("LOGIN", "NAME", "EMAIL"), values, strict=True):
            monkeypatch.setenv(f"PORTAL_SETUP_{word}_{part}", value)
        monkeypatch.setenv(f"PORTAL_SETUP_{word}_PASSWORD", f"Erstes-Wort-{word.title()}-7")
    monkeypatch.setattr(setup, "call_command", lambda *_args, **_kwargs: None)  # migrated and tested elsewhere
    return monkeypatch


def test_it_makes_the_first_accounts_once(environment: pytest.MonkeyPatch) -> None:
    """Three accounts with their roles; a second run changes nothing and says so."""
    out = StringIO()
    call_command("setup", "--non-interactive", stdout=out)
    assert "Working days known for" in out.getvalue()
    assert Organisation.objects.get().status == "active"
    assert {m.user.username: m.role for m in Membership.objects.select_related("user")} == {
        "reviewer": "bureau_reviewer",
        "approver": "bureau_approver",
        "operator": "operator",
    }
    assert services.confirm_password(User.objects.get(username="reviewer"), "Erstes-Wort-Reviewer-7")
    with pytest.raises(CommandError, match="set up already"):
        call_command("setup", "--non-interactive")


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    """One sentence, nothing made."""
    environment.delenv("PORTAL_SETUP_APPROVER_EMAIL")
    with pytest.raises(CommandError, match="PORTAL_SETUP_APPROVER_EMAIL"):
        call_command("setup", "--non-interactive")
    assert not User.objects.exists()


def test_weak_passwords_and_one_person_twice_are_refused(environment: pytest.MonkeyPatch) -> None:
    """Every reason at once."""
    environment.setenv("PORTAL_SETUP_APPROVER_LOGIN", "reviewer")
    environment.setenv("PORTAL_SETUP_OPERATOR_PASSWORD", "kurz")
    with pytest.raises(CommandError) as refused:
        call_command("setup", "--non-interactive")
    assert "12" in str(refused.value)
    assert not User.objects.exists()
