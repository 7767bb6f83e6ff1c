"""Addresses for operators and for the machines that watch."""

from django.urls import path

from portal.site import health, metrics, operations

app_name = "operations"
urlpatterns = [
    path("drift/", operations.overview, name="overview"),
    path("drift/aerend/<uuid:errand_id>/", operations.errand, name="errand"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
