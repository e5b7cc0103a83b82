"""What templates say of publications."""

from django import template
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.core.review import Step
from entaxis.strategy.publications import families
from entaxis.strategy.publications.models import Publication
from entaxis.vocabularies.models import Term

register = template.Library()


@register.simple_tag
def office_url(row: Publication) -> str:
    """Where ``row`` is worked on."""
    return reverse("publishing:item", args=[families.of(row).key, row.pk])


@register.simple_tag
def terms_of(row: Publication) -> dict[str, list[str]]:
    """The words of its target groups and needs (one query)."""
    lists = ("target_groups", "needs")
    named = {(name, key) for name in lists for key in getattr(row, name)}
    if not named:
        return {}
    known = Term.objects.filter(vocabulary__is_current=True, key__in={key for _name, key in named})
    found = known.annotate(name=F("vocabulary__name"))
    return {
        name: [term.label for term in found if (name, term.key) in named and term.name == name]
        for name in lists
    }


@register.simple_tag
def media_url(row: Publication, what: str, pk: object) -> str:
    """The address of a picture or document of ``row``."""
    return reverse(f"publishing:{what}", args=[families.of(row).key, pk])


@register.filter
def step_words(step: Step) -> str:
    """A step, as somebody decides to take it."""
    return {
        Step.SUBMIT: _("Send in for review"),
        Step.TAKE_BACK: _("Take back and write on"),
        Step.ASK_BACK: _("Ask back"),
        Step.PUBLISH: _("Publish"),
        Step.WITHDRAW: _("Withdraw"),
        Step.ARCHIVE: _("Put into the archive"),
        Step.REOPEN: _("Open again as a draft"),
    }[step]
