"""What a supervisor looked at (监督员查阅记录): written with every answer, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import LookQuerySet
from appraisal_portal.kernel import clock


class Look(models.Model):
    """One page or file a supervisor was shown. ``page``: the page's own heading or the name of the file, empty where
    the browser still had it; ``subject``: model and number of the object, empty for a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="looks")
    acting_as = models.CharField(_("in the role of"), max_length=200)
    url_name = models.CharField(max_length=100)
    path = models.CharField(_("address"), max_length=300)
    page = models.CharField(_("page"), max_length=200, blank=True)
    subject = models.CharField(_("object"), max_length=100, blank=True)
    from_address = models.GenericIPAddressField(_("from the address"), null=True)
    at = models.DateTimeField(_("when"), default=clock.now)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look of a supervisor")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="look_of_user"),
            models.Index(fields=["at"], name="look_at"),
        ]
        triggers = [pgtrigger.Protect(name="look_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user_id} {self.path}"
