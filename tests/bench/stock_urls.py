"""The peers' addresses in a plain project."""

from django.urls import path

from tests.bench.peers import Echo, plain

urlpatterns = [path("bench/plain/", plain), path("bench/echo/", Echo.as_view())]
