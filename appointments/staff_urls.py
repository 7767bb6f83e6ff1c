"""Addresses of the clinic's pages, under /behandler/timer/."""

from django.urls import path

from appointments import staff, staff_day, staff_requests

app_name = "clinic"

urlpatterns = [
    path("", staff.book, name="book"),
    path("uke/", staff.week, name="week"),
    path("onsker/", staff_requests.queue, name="requests"),
    path("onsker/<uuid:request_id>/", staff_requests.one, name="request"),
    path("avlys/", staff_day.cancel, name="cancel-day"),
    path("apne/", staff_day.open_times, name="open"),
    path("ledig/<uuid:slot_id>/steng/", staff_day.close, name="close"),
    path("<uuid:appointment_id>/", staff.case, name="case"),
]
