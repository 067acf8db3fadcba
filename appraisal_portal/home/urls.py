"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from appraisal_portal.home import views

app_name = "home"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.FrontPage.as_view(), name="front"),
    path("help/", views.Statement.as_view(template_name="home/help.html"), name="help"),
    path("accessibility/", views.Statement.as_view(template_name="home/accessibility.html"), name="accessibility"),
    path("privacy/", views.Statement.as_view(template_name="home/privacy.html"), name="privacy"),
    path("feedback/", views.Statement.as_view(template_name="home/feedback.html"), name="feedback"),
    path("work/", views.Work.as_view(), name="work"),
    path("work/none/", views.NoRole.as_view(), name="no-role"),
    path("bureau/", views.Bureau.as_view(), name="bureau"),
    path("bureau/figures/<slug:picture>.xlsx", views.BureauFigures.as_view(), name="bureau-figures"),
    path("county/", views.County.as_view(), name="county"),
    path("county/figures/<slug:picture>.xlsx", views.CountyFigures.as_view(), name="county-figures"),
    path("operator/", views.Operator.as_view(), name="operator"),
    path("operator/deliveries/<int:pk>/retry/", views.DeliveryRetry.as_view(), name="delivery-retry"),
]
