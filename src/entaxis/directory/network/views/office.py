"""Where the people of bodies work: their bodies, what they say of themselves, letters and answers."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import queries as accounts
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import person_of, region_of
from entaxis.directory.network import letters, profiles, queries, rules
from entaxis.directory.network.forms import AnswerForm, ProfileForm
from entaxis.directory.network.http import A_PAGE, members, office_trail, page_with, posted
from entaxis.directory.network.models import Letter
from entaxis.directory.network.views.bodies import of_region


@members
def office(request: HttpRequest) -> HttpResponseBase:
    """The bodies that this person acts for."""
    user, region = person_of(request), region_of(request)
    found = Paginator(accounts.bodies_of(user, region).order_by("name_el", "pk"), A_PAGE)
    described = set(accounts.bodies_administered_by(user, region).values_list("pk", flat=True))
    page = found.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(body, body.pk in described) for body in page],
        "trail": office_trail(),
    }
    return page_with(request, "office", context)


@members
def profile(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What the body says of itself; two writers at once lose nothing."""
    body = of_region(request, pk)
    if not rules.may_describe(request.user, body):
        raise Http404
    form = ProfileForm(posted(request), body=body, profile=queries.profile_of(body))
    if form.is_valid():
        said = form.cleaned_data
        try:
            profiles.describe(
                body=body,
                facts={name: said[name] for name in form.OF_BODY},
                profile={name: said[name] for name in form.OF_PROFILE},
                seen=said["seen"] or 0,
                by=person_of(request),
            )
        except profiles.ChangedMeanwhileError as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["seen"] = queries.profile_of(of_region(request, pk)).version  # type: ignore[index]
        else:
            messages.success(request, _("Stored."))
            return redirect("network:body", pk=pk)
    context = {"body": body, "trail": office_trail((body.name, ""))}
    return page_with(request, "office_profile", context, form)


@members
def inbox(request: HttpRequest) -> HttpResponseBase:
    """The letters that this person reads, those that wait first."""
    rows = queries.letters_for(person_of(request), region_of(request))
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "trail": office_trail((_("Messages to bodies"), "")),
    }
    return page_with(request, "office_letters", context)


@members
@leaves_no_trace
def letter(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One letter, and the answer."""
    row = get_object_or_404(queries.letters_for(person_of(request), region_of(request)), pk=pk)
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            letters.answer(letter=row, text=form.cleaned_data["text"], by=person_of(request))
        except letters.AnsweredError as error:
            form.add_error(None, str(error))
            row = Letter.objects.select_related("body", "answered_by").get(pk=pk)
        else:
            messages.success(request, _("The answer is on its way."))
            return redirect("network:office-letters")
    return _letter_page(request, row, form)


def _letter_page(request: HttpRequest, row: Letter, form: AnswerForm) -> HttpResponse:
    steps = ((_("Messages to bodies"), reverse("network:office-letters")), (str(row.body), ""))
    return page_with(request, "office_letter", {"letter": row, "trail": office_trail(*steps)}, form)
