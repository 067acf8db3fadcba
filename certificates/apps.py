"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """What the bureau made final: issue documents and e-certificates (证书)."""

    name = "certificates"
    label = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        """Guard the statuses in the database; register papers, deliveries, sweeps, what archive books and the public
        log take."""
        from applications.signals import sanction_decided, unit_waits  # noqa: PLC0415
        from appraisal_portal.accounts.access import acts_for_agency  # noqa: PLC0415
        from appraisal_portal.kernel import navigation  # noqa: PLC0415
        from certificates import documents, exports, tasks, workflow  # noqa: F401, PLC0415
        from certificates.services import appointments, archive, public_log, sanctions  # noqa: F401, PLC0415
        from certificates.words import list_name  # noqa: PLC0415

        navigation.register(
            navigation.NavItem("certificates:verify", _("Check a certificate"), public=True, order=40),
            navigation.NavItem("certificates:result-list", _("Results"), public=True, order=35),
            navigation.NavItem(
                "certificates:certificate-list",
                _("Certificates"),
                roles=("applicant", "unit_clerk", "unit_head", "office_clerk", "committee_director", "bureau_reviewer",
                       "bureau_approver", "supervisor"),
                order=80,
                words=list_name,
            ),
            navigation.NavItem(
                "certificates:claim-list", _("Certificates to register"), roles=("applicant",), order=14
            ),
            navigation.NavItem(
                "certificates:appointment-list",
                _("Appointments"),
                roles=("unit_clerk", "unit_head", "bureau_reviewer", "bureau_approver", "supervisor"),
                order=75,
                words=lambda user: "" if acts_for_agency(user) else _("Appointments"),
            ),
            navigation.NavItem(
                "certificates:claim-queue",
                _("Certificates to register"),
                roles=("bureau_reviewer", "bureau_approver", "supervisor"),
                order=72,
            ),
            navigation.NavItem(
                "certificates:filed-list",
                _("Certificates of autonomous units"),
                roles=("bureau_reviewer", "bureau_approver", "supervisor"),
                order=78,
            ),
            navigation.NavItem(
                "certificates:document-list",
                _("Documents and certificates"),
                roles=("bureau_reviewer", "bureau_approver", "supervisor"),
                order=70,
            ),
        )  # fmt: skip
        unit_waits.connect(appointments.waits, dispatch_uid="certificates.appointments")
        sanction_decided.connect(sanctions.open_revocations, dispatch_uid="certificates.sanctions")
        for flow in workflow.TABLES:
            flow.guard_database()
