"""The Observatory's page of printed profiles: how far they are, and all of them anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.indicators import queries as indicators
from entaxis.maps import tasks
from entaxis.maps.models import Printing


def printing(request: HttpRequest) -> HttpResponse:
    """The last printing; a button prints again."""
    region = region_of(request)
    if request.method == "POST":
        if tasks.print_profiles_of(region):
            messages.success(request, _("The profiles are being made."))
        else:
            messages.info(request, _("The profiles wait to be made already."))
        return redirect("profiles:office")
    context = {
        "printing": Printing.objects.filter(region=region).first(),
        "published": indicators.last_published(region),
        "trail": [{"title": _("Home"), "url": "/"}, {"title": _("Profiles as PDF"), "url": ""}],
    }
    return render(request, "maps/office_profiles.html", context)
