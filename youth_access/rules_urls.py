"""The address of the rules' page."""

from django.urls import path

from youth_access.rules_views import rules

app_name = "access_rules"

urlpatterns = [path("behandler/tilgang/regler/", rules, name="rules")]
