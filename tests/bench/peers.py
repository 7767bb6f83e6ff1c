"""The peers: the least that a Django page with a session and one query, and a DRF view that takes JSON, can cost."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from letters.models import Letter

PAGE = """{% load i18n %}<!doctype html><html lang="nb"><title>Brev</title><body><h1>Brev</h1><ul>
{% for letter in letters %}<li><a href="/brev/{{ letter.pk }}/">{{ letter.title }}</a>
{{ letter.unit.name }}, {{ letter.unit.hospital }} <time>{{ letter.available_at|date:"j. F Y" }}</time>
{% if letter.digital == "available" %}<strong>{% translate "Ulest" %}</strong>{% endif %}</li>{% endfor %}</ul>"""


def plain(request: HttpRequest) -> HttpResponse:
    """Twenty rows out of one query, for whoever the session says is signed in."""
    rows = Letter.objects.filter(person_id=request.session["person"], digital__in=["available", "opened"])
    found = rows.select_related("unit").defer("body_html").order_by("-available_at", "-id")[:20]
    return HttpResponse(engines["django"].from_string(PAGE).render({"letters": found}, request))


class Echo(APIView):
    """Takes JSON and gives it back."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)

    def post(self, request: Request) -> Response:
        """The same again."""
        return Response(request.data, status=201)
