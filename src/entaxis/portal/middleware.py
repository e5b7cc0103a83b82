"""The policy of Wagtail's own pages, apart from that of the public ones."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

EDITING = "/editing/"


class EditingPolicyMiddleware:
    """Below ``/editing/`` Wagtail's pages get the policy they need; they may frame their own previews."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the policy set where it belongs."""
        response = self.get_response(request)
        if request.path.startswith(EDITING):
            response["Content-Security-Policy"] = settings.EDITING_CONTENT_SECURITY_POLICY
            response["Cache-Control"] = "no-store, private"
        return response
