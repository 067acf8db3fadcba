"""Does a kept page still say what a new one would? One query reads what decides it: the version the draft was saved
under, the last transition, signature, extension and employment. What lies outside (a name corrected, a rule entered)
shows within a minute (``kernel/parts.py``).
"""

from typing import Any

from django.db import connection

from applications.models import (
    CorrectionItem,
    CorrectionSlip,
    Declaration,
    DeclarationRecord,
    Extension,
    Receipt,
    Signature,
    Undertaking,
)
from appraisal_portal.accounts.models import Employment, EmploymentRecord, Person
from appraisal_portal.kernel import clock

_T = {
    model.__name__: model._meta.db_table
    for model in (
        CorrectionItem, CorrectionSlip, Declaration, DeclarationRecord, Employment, EmploymentRecord, Extension, Person,
        Receipt, Signature, Undertaking,
    )
}  # fmt: skip

# Written out: it runs for every reading of every page of the applicant, and the ORM would double its cost.
_OF_PERSON = f"""
    (SELECT max(x.id) FROM {_T["Extension"]} x WHERE x.line_id = d.line_id AND x.status = 'in_force'),
    (SELECT max(r.id) FROM {_T["EmploymentRecord"]} r JOIN {_T["Employment"]} e ON e.id = r.subject_id
      WHERE e.person_id = d.applicant_id)
"""  # noqa: S608 - table names only
_DECLARATION = f"""
    SELECT d.form_version, d.status, d.line_id, d.handler_id,
           (SELECT max(r.id) FROM {_T["DeclarationRecord"]} r WHERE r.subject_id = d.id),
           (SELECT max(s.id) FROM {_T["Signature"]} s JOIN {_T["Undertaking"]} u ON u.id = s.undertaking_id
             WHERE u.declaration_id = d.id AND u.voided_at IS NULL),
           (SELECT max(i.id) FROM {_T["CorrectionItem"]} i JOIN {_T["CorrectionSlip"]} c ON c.id = i.slip_id
             WHERE c.declaration_id = d.id),
           {_OF_PERSON}
      FROM {_T["Declaration"]} d JOIN {_T["Person"]} p ON p.id = d.applicant_id
     WHERE d.id = %s AND p.user_id = %s
"""  # noqa: S608
_ALL = f"""
    SELECT d.id, d.form_version, d.status, d.line_id,
           (SELECT max(r.id) FROM {_T["DeclarationRecord"]} r WHERE r.subject_id = d.id),
           {_OF_PERSON}
      FROM {_T["Declaration"]} d JOIN {_T["Person"]} p ON p.id = d.applicant_id
     WHERE p.user_id = %s
"""  # noqa: S608


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def of_declaration(pk: int, user: Any) -> tuple[Any, ...] | None:
    """What decides the pages of one's own declaration; None when it is not one's own."""
    found = _rows(_DECLARATION, pk, user.pk)
    return (pk, *found[0], clock.today()) if found else None


def of_own(user: Any) -> tuple[Any, ...]:
    """What decides the list of one's own declarations."""
    return (*sorted(_rows(_ALL, user.pk), key=repr), clock.today())


def reader(user: Any) -> tuple[Any, ...]:
    """What decides header and navigation: the account, its name and roles."""
    return user.pk, str(user), user.acting.pk if user.acting else None, [m.pk for m in user.memberships_today()]
