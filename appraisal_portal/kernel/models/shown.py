"""What an open page of a decision showed, so that a refusal can say what is different by now."""

from django.db import models

from appraisal_portal.kernel import clock


class ShownContent(models.Model):
    """The content of one row under the hash the page posts back; read only to name differences to whoever decides.

    No part of the record of a decision: it goes when no page can be open any more (``approvals.forget_shown``).
    """

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    shown_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table_name", "row_id", "sha256"], name="shown_content_once")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} {self.sha256[:8]}"
