"""Who opens which overview."""

from appraisal_portal.accounts.access import acts_for_county, is_bureau, is_operator, is_supervisor

reads_overview = is_bureau | is_supervisor
runs_the_portal = is_operator

__all__ = ["acts_for_county", "reads_overview", "runs_the_portal"]
