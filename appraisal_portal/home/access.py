"""Who opens which overview."""

from appraisal_portal.accounts.access import is_bureau, is_operator, is_supervisor

reads_overview = is_bureau | is_supervisor
runs_the_portal = is_operator
