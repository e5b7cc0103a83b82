"""Where everybody who works here begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entaxis.accounts import desk as desks
from entaxis.accounts.http import person_of, region_of


def desk(request: HttpRequest) -> HttpResponse:
    """The tasks of this person, and how much waits in each."""
    return render(
        request, "accounts/desk.html", {"parts": desks.desk_of(person_of(request), region_of(request))}
    )
