"""Addresses of the pages that belong to no single service."""

from django.urls import path
from django.views.generic import TemplateView

from portal.site import access_log_views, views

app_name = "site"
urlpatterns = [
    path("", views.front, name="front"),
    path("sprak/", views.switch_language, name="language"),
    path("innsyn/", access_log_views.access_log, name="access_log"),
    path("innsyn/innstillinger/", views.settings_page, name="settings"),
    path("om/", TemplateView.as_view(template_name="site/about.html"), name="about"),
    path(
        "om/tilgjengelighet/",
        TemplateView.as_view(template_name="site/accessibility.html"),
        name="accessibility",
    ),
    path("om/personvern/", TemplateView.as_view(template_name="site/privacy.html"), name="privacy"),
]
