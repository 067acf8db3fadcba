"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem


class ApplicationsConfig(AppConfig):
    """What a person declares (申报) and the unit vouches for."""

    name = "applications"
    label = "applications"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        """Status triggers from the tables, papers, and the entries of the navigation."""
        from applications import documents, menu_closing, menu_unit, workflow  # noqa: F401, PLC0415 - models are loaded only now

        for table in (
            workflow.CASE_RECUSAL,
            workflow.DECLARATION,
            workflow.EXTENSION,
            workflow.LIFTING,
            workflow.ORIGINALS,
            workflow.SANCTION,
            workflow.SPOT_CHECK,
            workflow.SPOT_CHECK_ITEM,
            workflow.UNIT_PUBLICITY,
        ):
            table.guard_database()
        from applications.models.counts import count_moves  # noqa: PLC0415
        from applications.services import counts, periods, reminders, step_times  # noqa: F401, PLC0415 - their sweeps

        count_moves()
        from applications.services.unit_change import move_declarations  # noqa: PLC0415
        from appraisal_portal.accounts.signals import unit_changed  # noqa: PLC0415
        from committees.plans.signals import period_moved  # noqa: PLC0415

        unit_changed.connect(move_declarations, dispatch_uid="applications.unit_change")
        for told, model in (
            (periods.tell_of_publicity, "UnitPublicity"),
            (periods.tell_of_reply, "CorrectionSlip"),
            (periods.tell_of_statement, "Sanction"),
        ):
            period_moved.connect(told, sender=self.get_model(model))
        menu_unit.register()
        menu_closing.register()
        navigation.register(
            NavItem("applications:my-list", _("My declarations"), roles=("applicant",), order=10),
            NavItem("applications:my-archive", _("My archive"), roles=("applicant",), order=12),
            NavItem(
                "applications:originals-list",
                _("Paper originals"),
                roles=(
                    "unit_clerk",
                    "unit_head",
                    "forwarder",
                    "office_clerk",
                    "committee_director",
                    "bureau_reviewer",
                    "bureau_approver",
                    "supervisor",
                ),
                order=78,
            ),
            NavItem(
                "applications:spotcheck-list",
                _("Spot checks"),
                roles=(
                    "bureau_reviewer",
                    "bureau_approver",
                    "office_clerk",
                    "committee_director",
                    "forwarder",
                    "supervisor",
                ),
                order=79,
            ),
            NavItem("applications:spotcheck-public", _("Spot checks"), footer=True, order=14),
            NavItem(
                "applications:sanction-list",
                _("Integrity record"),
                roles=("applicant", "unit_clerk", "unit_head", "bureau_reviewer", "bureau_approver", "supervisor"),
                order=80,
            ),
        )
