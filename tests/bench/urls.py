"""The portal's addresses, and the peers' under /bench/ so that they pass the portal's own middleware."""

from django.urls import include, path

from portal.config import urls as portal

urlpatterns = [path("", include("tests.bench.stock_urls")), *portal.urlpatterns]
handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500
