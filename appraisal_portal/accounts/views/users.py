"""Accounts as bureau and operator see them."""

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import User
from appraisal_portal.kernel.views import VisibleDetail


class UserDetail(VisibleDetail):
    """One account."""

    access = access.reads_accounts
    model = User
    template_name = "accounts/user_detail.html"
