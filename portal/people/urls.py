"""Addresses of signing in and out."""

from django.urls import path

from portal.people import views
from portal.people.openid import views as openid

app_name = "people"
urlpatterns = [
    path("logg-inn/", openid.sign_in, {"provider_id": "idporten"}, name="sign_in"),
    path("logg-inn/svar/", openid.callback, {"provider_id": "idporten"}, name="callback"),
    path("logg-inn/ansatt/", openid.sign_in, {"provider_id": "helseid"}, name="staff_sign_in"),
    path("logg-inn/ansatt/svar/", openid.callback, {"provider_id": "helseid"}, name="staff_callback"),
    path("logg-inn/pa-nytt/", views.sign_in_again, name="sign_in_again"),
    path("logg-inn/pa-nytt/videre/", openid.sign_in_anew, name="sign_in_anew"),
    path("logg-inn/tid-igjen/", views.session_time_left, name="session_time_left"),
    path("logg-ut/", views.sign_out, name="sign_out"),
    path("logg-ut/utlopt/", views.session_over, name="session_over"),
    path("logg-ut/idporten/", views.provider_signed_out, {"provider_id": "idporten"}, name="provider_signed_out"),
    path("logg-ut/helseid/", views.provider_signed_out, {"provider_id": "helseid"}, name="staff_provider_signed_out"),
    path("innsyn/bekreft/<str:name>/", views.kept_form, name="kept_form"),
    path("innsyn/fortsett/", views.keep_session, name="keep_session"),
    path(".well-known/idporten-jwks.json", views.client_keys, name="client_keys"),
]
