"""Does a kept page still say what a new one would? One query reads what decides it: the version the draft was saved
under, the last transition, signature, extension and employment. What lies outside (a name corrected, a rule entered)
shows within a minute (``kernel/parts.py``).
"""

from typing import Any

from applications.models import (
    CorrectionItem,
    CorrectionSlip,
    Declaration,
    DeclarationRecord,
    Extension,
    HandOver,
    ItemCheck,
    Originals,
    Receipt,
    Signature,
    Undertaking,
    UnitObjection,
    UnitPublicity,
    UnitPublicityItem,
    UnitPublicityRecord,
)
from appraisal_portal.accounts.models import (
    Employment,
    EmploymentRecord,
    Organisation,
    Person,
    PostHolding,
    PostInformation,
)
from appraisal_portal.kernel import clock, compiled

_T = {
    model.__name__: model._meta.db_table
    for model in (
        CorrectionItem, CorrectionSlip, Declaration, DeclarationRecord, Employment, EmploymentRecord, Extension,
        HandOver, Organisation, Originals, Person, PostHolding, PostInformation, Receipt, Signature, Undertaking,
        ItemCheck, UnitObjection, UnitPublicity, UnitPublicityItem, UnitPublicityRecord,
    )
}  # fmt: skip

# Written out and compiled: one of them runs for every reading of every page of applicant and unit.
_OF_PERSON = f"""
    (SELECT max(x.id) FROM {_T["Extension"]} x WHERE x.line_id = d.line_id AND x.status = 'in_force'),
    (SELECT max(r.id) FROM {_T["EmploymentRecord"]} r JOIN {_T["Employment"]} e ON e.id = r.subject_id
      WHERE e.person_id = d.applicant_id)
"""  # noqa: S608 - table names only
_DECLARATION_SQL = f"""
    SELECT d.form_version, d.status, d.line_id, d.handler_id,
           (SELECT max(r.id) FROM {_T["DeclarationRecord"]} r WHERE r.subject_id = d.id),
           (SELECT max(s.id) FROM {_T["Signature"]} s JOIN {_T["Undertaking"]} u ON u.id = s.undertaking_id
             WHERE u.declaration_id = d.id AND u.voided_at IS NULL),
           (SELECT max(i.id) FROM {_T["CorrectionItem"]} i JOIN {_T["CorrectionSlip"]} c ON c.id = i.slip_id
             WHERE c.declaration_id = d.id),
           (SELECT max(h.id) FROM {_T["HandOver"]} h JOIN {_T["Originals"]} o ON o.id = h.originals_id
             WHERE o.declaration_id = d.id),
           (SELECT count(*) + count(o.concluded_at) FROM {_T["UnitObjection"]} o JOIN {_T["UnitPublicityItem"]} i
                ON i.id = o.item_id WHERE i.declaration_id = d.id),
           {_OF_PERSON}
      FROM {_T["Declaration"]} d JOIN {_T["Person"]} p ON p.id = d.applicant_id
     WHERE d.id = {{0}} AND p.user_id = {{1}}
"""  # noqa: S608
_ALL_SQL = f"""
    SELECT d.id, d.form_version, d.status, d.line_id,
           (SELECT max(r.id) FROM {_T["DeclarationRecord"]} r WHERE r.subject_id = d.id),
           {_OF_PERSON}
      FROM {_T["Declaration"]} d JOIN {_T["Person"]} p ON p.id = d.applicant_id
     WHERE p.user_id = {{0}}
"""  # noqa: S608

_UNIT_SQL = f"""
    WITH d AS (SELECT id FROM {_T["Declaration"]} WHERE unit_id = {{0}} AND submitted_at IS NOT NULL),
         i AS (SELECT id, voided_at FROM {_T["UnitPublicityItem"]} WHERE declaration_id IN (SELECT id FROM d))
    SELECT (SELECT count(*) FROM d),
           (SELECT max(id) FROM {_T["DeclarationRecord"]} WHERE subject_id IN (SELECT id FROM d)),
           (SELECT (max(id), count(voided_at))::text FROM i),
           (SELECT (max(id), count(*) FILTER (WHERE outcome = ''))::text FROM {_T["UnitObjection"]}
             WHERE item_id IN (SELECT id FROM i)),
           (SELECT max(r.id) FROM {_T["UnitPublicityRecord"]} r JOIN {_T["UnitPublicity"]} p ON p.id = r.subject_id
             WHERE p.unit_id = {{0}}),
           (SELECT max(r.id) FROM {_T["EmploymentRecord"]} r JOIN {_T["Employment"]} e ON e.id = r.subject_id
             WHERE e.unit_id = {{0}}),
           (SELECT (max(id), count(ends_on))::text FROM {_T["PostHolding"]} WHERE unit_id = {{0}}),
           (SELECT max(id) FROM {_T["PostInformation"]} WHERE unit_id = {{0}}),
           (SELECT max(s.id) FROM {_T["Signature"]} s JOIN {_T["Undertaking"]} u ON u.id = s.undertaking_id
             WHERE u.declaration_id IN (SELECT id FROM d) AND s.mark = 'seal'),
           (SELECT e_seal_id FROM {_T["Organisation"]} WHERE id = {{0}})
"""  # noqa: S608
_CASE_SQL = f"""
    SELECT d.form_version, d.status,
           (SELECT max(id) FROM {_T["DeclarationRecord"]} WHERE subject_id = d.id),
           (SELECT (max(at), count(*))::text FROM {_T["ItemCheck"]} WHERE declaration_id = d.id),
           (SELECT (max(s.id), count(*))::text FROM {_T["Signature"]} s JOIN {_T["Undertaking"]} u
                ON u.id = s.undertaking_id WHERE u.declaration_id = d.id AND u.voided_at IS NULL),
           (SELECT (max(i.id), count(*))::text FROM {_T["CorrectionItem"]} i JOIN {_T["CorrectionSlip"]} c
                ON c.id = i.slip_id WHERE c.declaration_id = d.id),
           (SELECT (max(o.id), count(*) FILTER (WHERE o.outcome = ''))::text FROM {_T["UnitObjection"]} o
              JOIN {_T["UnitPublicityItem"]} i ON i.id = o.item_id WHERE i.declaration_id = d.id),
           (SELECT (max(p.status), max(i.id), count(i.voided_at))::text FROM {_T["UnitPublicityItem"]} i
              JOIN {_T["UnitPublicity"]} p ON p.id = i.publicity_id WHERE i.declaration_id = d.id),
           (SELECT e_seal_id FROM {_T["Organisation"]} WHERE id = d.unit_id)
      FROM {_T["Declaration"]} d
     WHERE d.id = {{0}} AND d.unit_id = {{1}} AND d.submitted_at IS NOT NULL
       AND EXISTS (SELECT 1 FROM {_T["Employment"]} e WHERE e.person_id = d.applicant_id AND e.unit_id = d.unit_id
                    AND e.confirmed_by_id IS NOT NULL)
"""  # noqa: S608
_DECLARATION, _ALL, _UNIT, _CASE = (
    compiled.Question(sql.format, model=Declaration) for sql in (_DECLARATION_SQL, _ALL_SQL, _UNIT_SQL, _CASE_SQL)
)


def of_declaration(pk: int, user: Any) -> tuple[Any, ...] | None:
    """What decides the pages of one's own declaration; None when it is not one's own."""
    found = _DECLARATION(pk, user.pk)
    return (pk, *found[0], clock.today()) if found else None


def of_own(user: Any) -> tuple[Any, ...]:
    """What decides the list of one's own declarations."""
    return (*sorted(_ALL(user.pk), key=repr), clock.today())


def of_unit(unit: int) -> tuple[Any, ...]:
    """What decides the lists of a work unit."""
    return (unit, *_UNIT(unit)[0], clock.today())


def of_case(pk: int, unit: int) -> tuple[Any, ...] | None:
    """What decides the unit's page of one declaration; None when it does not see it."""
    found = _CASE(pk, unit)
    return (pk, *found[0], clock.today()) if found else None


def reader(user: Any) -> tuple[Any, ...]:
    """What decides header and navigation: the account, its name and roles."""
    roles = tuple(membership.pk for membership in user.memberships_today())
    return user.pk, str(user), user.acting.pk if user.acting else None, roles
