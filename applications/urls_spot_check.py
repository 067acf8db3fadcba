"""Addresses of the bureau's spot checks; included by ``urls``."""

from django.urls import URLPattern, URLResolver, path

from applications.views import spot_checks
from applications.workflow import SPOT_CHECK, SPOT_CHECK_ITEM
from appraisal_portal.kernel.views import TransitionView

urlpatterns: list[URLPattern | URLResolver] = [
    path("spot-checks/", spot_checks.SpotCheckPublic.as_view(), name="spotcheck-public"),
    path("bureau/spot-checks/", spot_checks.SpotCheckList.as_view(), name="spotcheck-list"),
    path("bureau/spot-checks/new/", spot_checks.SpotCheckNew.as_view(), name="spotcheck-new"),
    path("bureau/spot-checks/<int:pk>/", spot_checks.SpotCheckDetail.as_view(), name="spotcheck-detail"),
    path("bureau/spot-checks/<int:pk>/file/", spot_checks.SpotCheckFile.as_view(), name="spotcheck-file"),
    path("bureau/spot-checks/<int:pk>/report/", spot_checks.SpotCheckReport.as_view(), name="spotcheck-report"),
    path(
        "bureau/spot-checks/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=SPOT_CHECK),
        name="spotcheck-do",
    ),
    path("bureau/spot-checks/cases/<int:pk>/", spot_checks.SpotCheckCase.as_view(), name="spotcheckitem-detail"),
    path(
        "bureau/spot-checks/cases/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=SPOT_CHECK_ITEM),
        name="spotcheckitem-do",
    ),
]
