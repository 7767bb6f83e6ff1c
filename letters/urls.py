"""Addresses of letters."""

from django.urls import path

from letters import callbacks, views

app_name = "letters"
urlpatterns = [
    path("brev/", views.inbox, name="inbox"),
    path("brev/sok/", views.search, name="search"),
    path("brev/<uuid:letter_id>/", views.letter, name="letter"),
    path("brev/<uuid:letter_id>/pdf", views.pdf, name="pdf"),
    path("brev/<uuid:letter_id>/vedlegg/<int:number>/", views.enclosure, name="enclosure"),
    path("kvitteringer/trykk/", callbacks.from_printer, name="print-receipts"),
    path("kvitteringer/varsel/", callbacks.from_gateway, name="notice-receipts"),
]
