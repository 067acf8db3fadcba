"""The table of the declaration: one line of life from draft to certificate (model.md §7)."""

from applications.models import Declaration, DeclarationRecord
from applications.workflow.declare_rows import APPLICANT_AND_UNIT, FORWARDER_AND_OFFICE
from applications.workflow.later_rows import MEETING_AND_RESULT
from appraisal_portal.kernel.workflow import Workflow

DECLARATION = Workflow(Declaration, DeclarationRecord, *APPLICANT_AND_UNIT, *FORWARDER_AND_OFFICE, *MEETING_AND_RESULT)
