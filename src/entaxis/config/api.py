"""The public interface: one description, a router for each room that answers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from entaxis.core import refusals
from entaxis.directory.api import router as structures
from entaxis.directory.search.asking import Refused
from entaxis.indicators.api import router as figures
from entaxis.vocabularies.api import router as vocabularies

api = NinjaAPI(
    title="Entaxis",
    version="1",
    urls_namespace="api",
    description="The open interface of a Regional Observatory of Social Inclusion.",
    docs_url=None,
)
api.add_router("/structures", structures)
api.add_router("/vocabularies", vocabularies)
api.add_router("", figures)


@api.exception_handler(ValidationError)
def _out_of_bounds(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return api.create_response(request, {"detail": refusals.describe(error.errors)}, status=422)


@api.exception_handler(Refused)
def _unknown_key(request: HttpRequest, error: Refused) -> HttpResponse:
    detail = [{"field": field, "message": sentence} for field, sentence in error.reasons]
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    detail = [{"field": "body", "message": _("The request cannot be read.")}]
    return api.create_response(request, {"detail": detail}, status=error.status_code)
