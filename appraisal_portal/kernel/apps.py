"""Start-up of the kernel: Celery's app and the system checks."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Mechanisms without a word of the domain."""

    name = "appraisal_portal.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the Celery app, else ``shared_task`` points at amqp on localhost; register sweep and checks."""
        from appraisal_portal import celery  # noqa: F401, PLC0415
        from appraisal_portal.kernel import (  # noqa: F401, PLC0415
            approvals,
            blanks,
            chain,
            checks,
            kept,
            migration_state,
            publiclog,
            tokens,
        )

        migration_state.install()
