"""The Observatory's page that makes figures out of validated reports of phenomena."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import person_of, region_of
from entaxis.indicators import actions, proposing


def office_phenomena(request: HttpRequest) -> HttpResponseBase:
    """The quarters with validated reports, and each proposed as a release. It is small: nobody waits."""
    region = region_of(request)
    quarters = proposing.quarters(region)
    if request.method == "POST":
        asked = request.POST.get("quarter")
        quarter = next((one for one in quarters if one.key == asked), None)
        if quarter is None:
            raise Http404
        try:
            release = proposing.propose_reports(
                quarter=quarter,
                region=region,
                by=person_of(request),
                note=request.POST.get("note", ""),
                note_en=request.POST.get("note_en", ""),
            )
        except actions.NotNowError as error:
            messages.error(request, str(error))
            return redirect("indicators:office-phenomena")
        messages.success(request, _("The figures are counted and checked."))
        return redirect("indicators:office-release", pk=release.pk)
    context = {
        "quarters": quarters,
        "trail": [
            {"title": _("My work"), "url": reverse("accounts:desk")},
            {"title": _("Releases of figures"), "url": reverse("indicators:office-releases")},
            {"title": _("Reports of phenomena"), "url": ""},
        ],
    }
    return render(request, "indicators/office_phenomena.html", context)
