"""The language of an address, and addresses that have none."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware as _LocaleMiddleware


class LocaleMiddleware(_LocaleMiddleware):
    """Django's, but where an address has no language by design, 404 stays 404.

    Django sends every address that it cannot find to the same one below a language, and editors' pages
    may have any address there: a program that asks the interface for something that is not there would
    be led to a page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave the answers of untranslated addresses alone."""
        if request.path_info.startswith(settings.UNTRANSLATED):
            return response
        return super().process_response(request, response)
