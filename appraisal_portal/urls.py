"""Root addresses: one include per app, the namespace is the app's label."""

from django.urls import include, path

# In the order of the procedure, but for what most people ask for: Django tries one address after the other. First the
# page the QR code on a certificate leads to, and the declarations before the plans.
urlpatterns = [
    path("", include("certificates.urls")),
    path("", include("appraisal_portal.home.urls")),
    path("account/", include("appraisal_portal.accounts.urls")),
    path("", include("applications.urls")),
    path("", include("committees.plans.urls")),
    path("", include("committees.reviews.urls")),
    path("", include("committees.autonomous.urls")),
    path("", include("appraisal_portal.supervision.urls")),
    path("", include("appraisal_portal.kernel.urls")),
]
