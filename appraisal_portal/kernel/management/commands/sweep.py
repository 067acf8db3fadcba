"""Do whatever is due now: deliveries and registered sweeps, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from appraisal_portal.kernel import outbox, sweeps


class Command(BaseCommand):
    """Safe to repeat; what beat does every half minute."""

    help = "Run every due delivery and sweep once, in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweeps first, for they cause deliveries."""
        for name in sweeps.names():
            self.stdout.write(f"{name}: {sweeps.run(name)}")
        outbox.make_messages()
        delivered = sum(outbox.deliver(kind, key) for kind, key in outbox.due())
        self.stdout.write(f"deliveries: {delivered}")
