"""Root addresses: one include per app, the namespace is the app's label."""

from django.urls import include, path

# In the order of the procedure, but for the certificates: Django tries one address after the other, and what the QR
# code on a certificate leads to is the page most people ask for.
urlpatterns = [
    path("", include("certificates.urls")),
    path("", include("appraisal_portal.home.urls")),
    path("account/", include("appraisal_portal.accounts.urls")),
    path("", include("committees.plans.urls")),
    path("", include("applications.urls")),
    path("", include("committees.reviews.urls")),
    path("", include("committees.autonomous.urls")),
    path("", include("appraisal_portal.supervision.urls")),
    path("", include("appraisal_portal.kernel.urls")),
]
