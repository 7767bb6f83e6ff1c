"""Addresses of clerks' pages, under /behandler/brev/."""

from django.urls import path

from letters import staff, staff_actions, staff_groups

app_name = "clerk"
_LETTER = "<uuid:letter_id>/"
_PAPER = f"{_LETTER}papir/<uuid:posting_id>/"
_TASK = f"{_LETTER}oppgave/<uuid:task_id>/"

urlpatterns = [
    path("", staff.queue, name="queue"),
    path("finn/", staff.find, name="find"),
    path("funnet/", staff.found, name="found"),
    path("grupper/", staff_groups.groups, name="groups"),
    path("grupper/<slug:reason>/<slug:type_code>/", staff_groups.group, name="group"),
    path(_LETTER, staff.letter, name="letter"),
    path(f"{_TASK}ta/", staff.take, name="take"),
    path(f"{_TASK}legg-tilbake/", staff.put_back, name="put-back"),
    path(f"{_TASK}lukk/", staff_actions.resolve, name="resolve"),
    path(f"{_TASK}prov-igjen/", staff_actions.try_again, name="try-again"),
    path(f"{_PAPER}frigi/", staff_actions.release, name="release"),
    path(f"{_PAPER}stopp/", staff_actions.stop, name="stop"),
    path(f"{_PAPER}send-pa-nytt/", staff_actions.send_again, name="send-again"),
    path(f"{_PAPER}avklar/", staff_actions.settle, name="settle"),
]
