"""Doors of the entries in the back office: for editors with their second step, and for keepers."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from entaxis.accounts.doors import View, refusal
from entaxis.accounts.rules import Role, Somebody, is_editor
from entaxis.directory import rules
from entaxis.directory.http import region_of
from entaxis.directory.models import Structure


def of_region(request: HttpRequest, pk: UUID) -> Structure:
    """A structure of the host's region; another region's does not exist here."""
    places = ("kind", "body", "municipality", "region", "parent", "changes__body", "changes__region")
    rows = Structure.objects.select_related(*places)
    return get_object_or_404(rows, pk=pk, region=region_of(request))


def _door(may: Callable[[Somebody, Structure], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
            role = Role.EDITOR if is_editor(request.user, region_of(request)) else Role.SIGNED_IN
            refused = refusal(request, role)
            if refused is not None:
                return refused
            if not may(request.user, of_region(request, pk)):
                raise Http404
            return view(request, pk=pk, **kwargs)

        return guarded

    return decorate


keepers = _door(rules.may_see)  # editors and those who keep the entry
writers = _door(rules.may_write)  # the same, while it may be written on
