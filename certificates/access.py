"""Who may act on documents, batches, certificates and revocations."""

from appraisal_portal.kernel.access import has_role

is_bureau = has_role("bureau_reviewer", "bureau_approver")
is_reviewer = has_role("bureau_reviewer")
is_approver = has_role("bureau_approver")
may_read = has_role("bureau_reviewer", "bureau_approver", "supervisor")
