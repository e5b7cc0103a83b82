"""What one wrote oneself: seen and deleted by its writer, signed in or with the link of a mail."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import person_of, region_of
from entaxis.directory.network import writings
from entaxis.directory.network.http import page_with, trail


@require(Role.SIGNED_IN)
@leaves_no_trace
def mine(request: HttpRequest) -> HttpResponseBase:
    """Everything in the network that this person wrote as a citizen."""
    context = {
        "rows": writings.of(person_of(request), region_of(request)),
        "trail": trail((_("What I wrote"), "")),
    }
    return page_with(request, "mine", context)


@require(Role.SIGNED_IN)
def delete(request: HttpRequest, name: str, pk: UUID) -> HttpResponseBase:
    """Delete one of them at once."""
    if not writings.delete(name=name, pk=pk, by=person_of(request)):
        raise Http404
    messages.success(request, _("Deleted."))
    return redirect("network:mine")


@leaves_no_trace
def forget(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the link of a mail: it shows what will be deleted; the button deletes."""
    row: Model | None = writings.of_token(token, region_of(request))
    if row is None:
        return page_with(request, "forget", {"row": None}, status=410)
    if request.method == "POST":
        row.delete()
        return page_with(request, "forget", {"row": None, "is_done": True})
    return page_with(request, "forget", {"row": row, "what": row._meta.verbose_name})
