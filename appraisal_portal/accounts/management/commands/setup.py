"""`manage.py setup`: an empty production database gets its tables, the first bureau accounts and the register."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from appraisal_portal.accounts.models import Membership
from appraisal_portal.accounts.services import First, found_bureau, is_founded, posts
from appraisal_portal.accounts.services.founding import FIRST_ROLES, password_problems
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.models import CalendarYear
from appraisal_portal.kernel.workflow import Refused

ENVIRONMENT = "PORTAL_SETUP"
WORDS = {
    Membership.Role.BUREAU_REVIEWER: "REVIEWER",
    Membership.Role.BUREAU_APPROVER: "APPROVER",
    Membership.Role.OPERATOR: "OPERATOR",
}


class Command(BaseCommand):
    """First accounts, register, calendar."""

    help = (
        "On an empty database: migrates, makes the first bureau accounts (reviewer, approver, operator) and loads the "
        f"register. --non-interactive reads {ENVIRONMENT}_BUREAU and, for each of REVIEWER, APPROVER and OPERATOR, "
        f"{ENVIRONMENT}_REVIEWER_LOGIN, …_NAME, …_EMAIL and …_PASSWORD."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--non-interactive", action="store_true", help="ask nothing, read the environment")
        parser.add_argument(
            "--posts", type=Path, help=f"CSV file of the approved post structures: columns {', '.join(posts.COLUMNS)}"
        )

    def handle(self, *, non_interactive: bool, **options: Any) -> None:
        """Ask first, write last: an interrupted set-up leaves nothing half made."""
        structures = self._read(options["posts"]) if options.get("posts") else []
        self._reach()
        call_command("migrate", interactive=False, verbosity=0)
        if is_founded():
            raise CommandError("This database is set up already: the bureau has its accounts. Nothing was changed.")
        if not non_interactive and not sys.stdin.isatty():
            raise CommandError("No terminal to ask on: use --non-interactive and the environment (see --help).")
        try:
            name, people = self._from_environment() if non_interactive else self._from_terminal()
            with transaction.atomic():
                bureau = found_bureau(name, people)
                loaded = posts.load(structures) if structures else 0
        except KeyboardInterrupt:
            raise CommandError("Stopped; no account was made.") from None
        except Refused as error:
            lines = [f"{problem.field + ': ' if problem.field else ''}{problem}" for problem in error.problems]
            raise CommandError("No account was made. " + " ".join(lines)) from None
        self.stdout.write(f"{bureau}: " + ", ".join(f"{who.username} ({who.role})" for who in people))
        self._load()
        self.stdout.write(
            f"Post structures loaded: {loaded}."
            if structures
            else "No post structure was loaded: public institutions can recommend once the bureau has entered theirs "
            "(Post structures), or start again on an empty database with --posts."
        )
        self.stdout.write(f"Next: start web, worker and beat, log in at {settings.PORTAL_SITE_URL}/account/login/.")

    def _read(self, path: Path) -> list[str]:
        try:
            return path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read as UTF-8 text ({error}). Nothing was changed.") from None

    def _reach(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"PostgreSQL does not answer ({reason}). Set DATABASE_URL to the production database and try again."
            ) from None

    def _load(self) -> None:
        if "load_register" in get_commands():
            call_command("load_register", stdout=self.stdout)
        year = clock.today().year
        known = [str(y) for y in range(year - 1, year + 3) if calendar.is_known_year(y)]
        for published in known:
            CalendarYear.objects.get_or_create(
                year=published, defaults={"complete": True, "source": "国务院办公厅节假日安排通知（随软件提供）"}
            )
        self.stdout.write(
            f"Working days known for: {', '.join(known) or 'no year'}. Enter the calendar of a further year as soon "
            "as the State Council has announced it; until then dates in it are provisional."
        )

    def _from_environment(self) -> tuple[str, list[First]]:
        wanted = [
            f"{ENVIRONMENT}_{WORDS[role]}_{part}"
            for role in FIRST_ROLES
            for part in ("LOGIN", "NAME", "EMAIL", "PASSWORD")
        ]
        missing = [name for name in wanted if not os.environ.get(name)]
        if missing:
            raise CommandError("Set these environment variables first: " + ", ".join(missing))
        values = iter(os.environ[name] for name in wanted)
        people = [First(role, next(values), next(values), next(values), next(values)) for role in FIRST_ROLES]
        return os.environ.get(f"{ENVIRONMENT}_BUREAU") or settings.PORTAL_OWNER_NAME, people

    def _from_terminal(self) -> tuple[str, list[First]]:
        name = self._ask("Full name of the bureau", settings.PORTAL_OWNER_NAME)
        people = []
        for role in FIRST_ROLES:
            self.stdout.write(f"\n{role.label}: ")
            login, full_name, email = self._ask("Login name"), self._ask("Name"), self._ask("E-mail address")
            people.append(First(role, login, full_name, email, self._password(login, email)))
        return name, people

    def _ask(self, question: str, default: str = "") -> str:
        while True:
            answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
            if answer:
                return answer

    def _password(self, login: str, email: str) -> str:
        while True:
            password = getpass.getpass("Password: ")
            problems = password_problems(First("", login, "", email, password))
            if not problems and password == getpass.getpass("Password again: "):
                return password
            self.stdout.write("\n".join(problems) or "The two passwords differ.")
