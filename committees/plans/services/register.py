"""Loading of the register (系列、职称、评委会、评审范围) from its data files; a second run changes nothing."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from appraisal_portal.accounts.models import Organisation
from committees.plans.models import Committee, CommitteeScope, Series, Subfield, Title

FOLDER = Path(__file__).resolve().parents[1] / "data"


@dataclass
class Loaded:
    """How many rows were made and how many changed, by kind of row."""

    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def note(self, model: Any, counts: dict[str, int]) -> None:
        """Count one row."""
        counts[model._meta.model_name] = counts.get(model._meta.model_name, 0) + 1


class _Loader:
    def __init__(self, register: dict[str, Any], committees: dict[str, Any]) -> None:
        self.register, self.committees = register, committees
        self.loaded = Loaded()
        self.known: dict[Any, dict[tuple[Any, ...], Any]] = {}  # model → key → row, read once for each model
        self.later: dict[Any, list[Any]] = {Title: [], CommitteeScope: []}  # nothing refers to them: written together
        self.series: dict[int, Series] = {}
        self.subfields: dict[str, Subfield] = {}
        self.bodies: dict[str, tuple[Committee, list[str]]] = {}

    def run(self) -> Loaded:
        for entry in self.register["series"]:
            self._series(entry)
        for entry in self.committees["subfields"]:
            self._subfields(entry)
        for entry in self.committees["committees"]:
            self._committee(entry)
        for entry in self.committees["scopes"]:
            for key, values in self._scopes(entry):
                self._keep(CommitteeScope, key, values)
        for model, rows in self.later.items():
            model.objects.bulk_create(rows)
        return self.loaded

    def _keep(self, model: Any, key: dict[str, Any], values: dict[str, Any]) -> Any:
        """The row with that key, made or changed to the values."""
        known = self._rows(model, key)
        ident = tuple(value.pk if isinstance(value, Model) else value for value in key.values())
        row = known.get(ident)
        if row is None:
            row = known[ident] = model(**key, **values)
            if model in self.later:
                self.later[model].append(row)
            else:
                row.save()
            self.loaded.note(model, self.loaded.made)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            self.loaded.note(model, self.loaded.changed)
        return row

    def _rows(self, model: Any, key: dict[str, Any]) -> dict[tuple[Any, ...], Any]:
        """What stands, by the columns of the key."""
        if model not in self.known:
            columns = [model._meta.get_field(name).attname for name in key]
            self.known[model] = {tuple(getattr(row, name) for name in columns): row for row in model.objects.all()}
        return self.known[model]

    def _series(self, entry: dict[str, Any]) -> None:
        since: dt.date = entry.get("valid_from", self.register["valid_from"])
        by_exam = entry.get("by_exam", [])
        series = self._keep(
            Series,
            {"name": entry["name"], "valid_from": since},
            {
                "number": entry["number"],
                "name_en": entry["name_en"],
                "valid_to": entry.get("valid_to"),
                "by_exam_levels": by_exam,
            },
        )
        self.series[entry["number"]] = series
        for level, name, english, *days in entry["titles"]:
            first, last = [*days, *(since, None)[len(days) :]]
            self._keep(
                Title,
                {"series": series, "name": name, "valid_from": first},
                {"level": level, "name_en": english, "by_exam": level in by_exam, "valid_to": last},
            )

    def _subfields(self, entry: dict[str, Any]) -> None:
        since = self.committees["valid_from"]
        for code, name, english, by_exam in entry["rows"]:
            self.subfields[code] = self._keep(
                Subfield,
                {"series": self.series[entry["series"]], "code": code},
                {"name": name, "name_en": english, "by_exam_levels": by_exam, "valid_from": since},
            )

    def _committee(self, entry: dict[str, Any]) -> None:
        office, made = Organisation.objects.get_or_create(
            kind=Organisation.Kind.COMMITTEE_OFFICE,
            name=entry["office"],
            defaults={"status": Organisation.Status.ACTIVE},
        )
        if made:
            self.loaded.note(Organisation, self.loaded.made)
        num, den = settings.PORTAL_QUORUM
        values = {
            "name": entry["name"],
            "office": office,
            "top_level": entry.get("top_level", "intermediate"),
            "quorum_num": num,
            "quorum_den": den,
            "member_count_min": entry.get("members", 7),
        }
        committee = self._keep(Committee, {"code": entry["code"]}, values)
        self.bodies[entry["code"]] = (committee, entry["reviews"])

    def _scopes(self, entry: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        sources = (
            (CommitteeScope.Source.NOTICE, entry["said_for"], entry.get("basis", "")),
            (CommitteeScope.Source.BUREAU, entry["set_for"], ""),
        )
        since = entry.get("valid_from", self.committees["valid_from"])
        for code in entry["committees"]:
            committee, fields = self.bodies[code]
            for subfield in fields or [None]:  # a committee that names none takes the whole series
                for source, kinds, basis in sources:
                    for kind in kinds:
                        key = {
                            "committee": committee,
                            "series": self.series[entry["series"]],
                            "subfield": self.subfields[subfield] if subfield else None,
                            "level": entry["level"],
                            "employer_kind": kind,
                            "action": entry["action"],
                            "valid_from": since,
                        }
                        yield key, {"source": source, "basis": basis, "valid_to": entry.get("valid_to")}


@transaction.atomic
def load_register(folder: Path = FOLDER) -> Loaded:
    """Make the rows of ``register.toml`` and ``committees.toml`` that are missing, change those that differ.

    Raises FileNotFoundError, tomllib.TOMLDecodeError or KeyError on a folder that holds no register; nothing is
    written then. Rows the files do not name stay.
    """
    register = tomllib.loads((folder / "register.toml").read_text(encoding="utf-8"))
    committees = tomllib.loads((folder / "committees.toml").read_text(encoding="utf-8"))
    return _Loader(register, committees).run()
