"""Citizens' addresses of appointments."""

from django.urls import path

from appointments import views, views_book, views_calendar, views_change

app_name = "appointments"
urlpatterns = [
    path("timer/", views.overview, name="list"),
    path("timer/bestill/", views_book.places, name="book"),
    path("timer/bestill/<uuid:schedule_id>/", views_book.times, name="book-times"),
    path("timer/bestill/bekreft/<uuid:reservation_id>/", views_book.confirm_booking, name="confirm-booking"),
    path("timer/onske/", views_book.wish, name="wish"),
    path("timer/kalender/", views_calendar.subscriptions, name="feeds"),
    path("timer/kalender/ny/", views_calendar.make_subscription, name="make-feed"),
    path("timer/kalender/<uuid:feed_id>/avslutt/", views_calendar.end_subscription, name="end-feed"),
    path("timer/kalender/<str:token>.ics", views_calendar.feed, name="feed"),
    path("timer/kvittering/<uuid:request_id>/", views.receipt, name="receipt"),
    path("timer/kvittering/<uuid:request_id>/trekk/", views.withdraw, name="withdraw"),
    path("timer/<uuid:appointment_id>/", views.appointment, name="appointment"),
    path("timer/<uuid:appointment_id>/bekreft/", views.confirm, name="confirm"),
    path("timer/<uuid:appointment_id>/kort-varsel/", views.short_notice, name="short-notice"),
    path("timer/<uuid:appointment_id>/video/", views.ask_video, name="ask-video"),
    path("timer/<uuid:appointment_id>/endre/", views_change.change, name="change"),
    path(
        "timer/<uuid:appointment_id>/endre/bekreft/<uuid:reservation_id>/",
        views_change.confirm_change,
        name="confirm-change",
    ),
    path("timer/<uuid:appointment_id>/avlys/", views.cancel, name="cancel"),
    path("timer/<uuid:appointment_id>/kalender.ics", views_calendar.file, name="file"),
]
