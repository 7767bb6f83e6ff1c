"""Everything else below /fhir/: not found, said in FHIR. Mounted at `fhir/` after all others."""

from django.urls import re_path
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from portal.fhir.views import OpenFhirView


class Nothing(OpenFhirView):
    """An address that does not exist."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Answer 404 to every method, whatever was sent."""
        super().initial(request, *args, **kwargs)
        raise NotFound


urlpatterns = [re_path("", Nothing.as_view(), name="fhir-nothing")]
