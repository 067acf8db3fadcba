"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from appraisal_portal.home.views import api, feeds, forms, pages

app_name = "home"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.FrontPage.as_view(), name="front"),
    path("search/", pages.Search.as_view(), name="search"),
    path("feeds/<slug:kind>.atom", feeds.Feed.as_view(), name="feed"),
    path("sitemap.xml", feeds.SiteMap.as_view(), name="sitemap"),
    path("robots.txt", feeds.Robots.as_view(), name="robots"),
    path("api/", api.About.as_view(), name="api"),
    path("api/v1/openapi.json", api.Description.as_view(), name="api-description"),
    path("api/v1/check/", api.Check.as_view(), name="api-check"),
    path("api/v1/<slug:kind>/", api.Listed.as_view(), name="api-list"),
    path("api/v1/<slug:kind>/<int:pk>/", api.Single.as_view(), name="api-detail"),
    path("forms/", forms.FormList.as_view(), name="form-list"),
    path("forms/<slug:code>/", forms.FormDownload.as_view(), name="form-download"),
    path("help/", pages.Statement.as_view(template_name="home/help.html"), name="help"),
    path("accessibility/", pages.Statement.as_view(template_name="home/accessibility.html"), name="accessibility"),
    path("privacy/", pages.Statement.as_view(template_name="home/privacy.html"), name="privacy"),
    path("feedback/", pages.Statement.as_view(template_name="home/feedback.html"), name="feedback"),
    path("work/", pages.Work.as_view(), name="work"),
    path("work/roles/", pages.Roles.as_view(), name="roles"),
    path("work/none/", pages.NoRole.as_view(), name="no-role"),
    path("bureau/", pages.Bureau.as_view(), name="bureau"),
    path("bureau/figures/<slug:picture>.xlsx", pages.BureauFigures.as_view(), name="bureau-figures"),
    path("county/", pages.County.as_view(), name="county"),
    path("county/figures/<slug:picture>.xlsx", pages.CountyFigures.as_view(), name="county-figures"),
    path("operator/", pages.Operator.as_view(), name="operator"),
    path("operator/deliveries/<int:pk>/retry/", pages.DeliveryRetry.as_view(), name="delivery-retry"),
]
