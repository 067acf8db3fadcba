"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem


class ReviewsConfig(AppConfig):
    """What the committee decided (评审): meetings, verdicts, publicity, objections."""

    name = "committees.reviews"
    label = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Status triggers from the tables, papers, and the entries of the navigation."""
        from committees.reviews import documents, workflow  # noqa: F401, PLC0415 - models are loaded only now

        for table in workflow.TABLES:
            table.guard_database()
        from committees.reviews import exports, tasks  # noqa: F401, PLC0415
        from committees.reviews.documents import archive_book as index  # noqa: F401, PLC0415
        from committees.reviews.documents import determination as letters  # noqa: F401, PLC0415
        from committees.reviews.documents import entrustment as entrusting  # noqa: F401, PLC0415
        from committees.reviews.documents import outcome as outcome_papers  # noqa: F401, PLC0415
        from committees.reviews.documents import results as results_papers  # noqa: F401, PLC0415
        from committees.reviews.querysets.conflict import recusals_of_members  # noqa: PLC0415
        from committees.reviews.workflow import (  # noqa: PLC0415
            archive_book,
            conflict,
            determination,
            draw,
            entrustment,
            objection,
            outcome,
            panel_work,
            report,
            results,
        )

        for table in (
            determination.DETERMINATION,
            results.RESULT_PUBLICITY,
            objection.OBJECTION,
            report.RESULT_REPORT,
            outcome.PERSONAL_FILE,
            archive_book.ARCHIVE_BOOK,
            draw.DRAW,
            draw.INVITATION,
            conflict.RECUSAL_PROPOSAL,
            panel_work.SCORE_SHEET,
            panel_work.PANEL_OPINION,
            entrustment.ENTRUSTMENT,
            entrustment.EXTERNAL_RESULT,
        ):
            table.guard_database()
        from applications.querysets_recusal import Recusals, keep_away_too  # noqa: PLC0415
        from committees.plans.signals import period_moved  # noqa: PLC0415
        from committees.reviews.services import periods, public_log  # noqa: F401, PLC0415

        keep_away_too(Recusals(recusals_of_members, "member__user", "admission__declaration"))
        period_moved.connect(periods.tell_of_list, sender=self.get_model("ResultPublicity"))
        period_moved.connect(periods.tell_of_investigation, sender=self.get_model("Objection"))
        decides = ("forwarder", "bureau_reviewer", "bureau_approver", "supervisor")
        reads_reports = ("office_clerk", "committee_director", *decides)
        navigation.register(
            NavItem("reviews:public-publicity-list", _("Publicity"), public=True, order=30),
            NavItem("reviews:publicity-desk", _("Publicity and objections"), order=50,
                    roles=reads_reports),
            NavItem("reviews:determination-list", _("Determination and confirmation"), order=45, roles=decides),
            NavItem("reviews:report-list", _("Reports of results"), order=60, roles=reads_reports),
            NavItem("reviews:entrustment-list", _("Entrusted appraisal"), order=68, roles=decides[1:]),
            NavItem("reviews:outcome-list", _("Decided cases"), order=70,
                    roles=("unit_clerk", "unit_head", *reads_reports)),
            NavItem("reviews:archive-list", _("Archive books"), order=72,
                    roles=("office_clerk", "committee_director", "supervisor")),
            NavItem("reviews:objection-list", _("Objections"), order=65, roles=decides[:3]),
        )  # fmt: skip
        navigation.register(
            NavItem("reviews:meeting-list", _("Meetings"), roles=("office_clerk", "committee_director"), order=40),
            NavItem("reviews:my-recusals", _("Ask for a recusal"), roles=("applicant",), order=60),
            NavItem("reviews:expert-list", _("Experts"), roles=("office_clerk", "committee_director"), order=42),
            NavItem("reviews:bureau-meetings", _("Meetings"), roles=decides[1:], order=40),
            NavItem("reviews:call-up-list", _("My meetings"), roles=("juror", "observer"), order=10),
        )
