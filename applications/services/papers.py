"""Papers made when they are first asked for: from then on stored, never made again, only replaced when what they say
changed.
"""

from typing import Any

from django.db import transaction

from applications.models import Declaration
from appraisal_portal.kernel import approvals, documents
from appraisal_portal.kernel.models import StoredDocument


def ensure(declaration: Declaration, code: str, *, actor: Any) -> StoredDocument:
    """The paper of that code with its present content; a new version only when the content differs from the stored
    one.
    """
    with transaction.atomic():
        locked = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
        there = documents.current(locked, code)
        says = approvals.canonical(documents.registry[code].content(locked))
        if there is not None and all(there.snapshot.get(key) == value for key, value in says.items()):
            return there
        return documents.issue(code, locked, actor=actor)
