"""Addresses of choosing whom to act for, fullmakter and consents."""

from django.urls import path

from youth_access import views, views_consents, views_fullmakt

app_name = "youth_access"
urlpatterns = [
    path("paa-vegne-av/", views.choose, name="choose"),
    path("paa-vegne-av/velg/", views.choose_person, name="choose_person"),
    path("paa-vegne-av/tilbake/", views.back, name="back"),
    path("innsyn/ikke-sendt/<str:name>/", views.kept, name="kept"),
    path("innsyn/fullmakter/", views_fullmakt.overview, name="fullmakter"),
    path("innsyn/fullmakter/ny/", views_fullmakt.new, name="new_fullmakt"),
    path("innsyn/fullmakter/ny/bekreft/", views_fullmakt.confirm, name="confirm_fullmakt"),
    path("innsyn/fullmakter/<uuid:fullmakt_id>/avslutt/", views_fullmakt.end, name="end_fullmakt"),
    path("innsyn/samtykke/", views_consents.overview, name="consents"),
    path("innsyn/samtykke/endre/", views_consents.change, name="change_consent"),
]
