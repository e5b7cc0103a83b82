"""What readers of English miss: what is public in Greek without English, with the way to write it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from entaxis.accounts.models import Body
from entaxis.directory.models import Structure
from entaxis.geography.models import Area
from entaxis.portal.http import region_of, trail
from entaxis.portal.models import OrganisationUnit, Study
from entaxis.portal.queries import brand_of
from entaxis.strategy.publications import families

A_PAGE: Final = 30


@dataclass(frozen=True)
class Source:
    """One sort of thing that is public: its rows in a region, its texts, where they are written."""

    key: str
    title: Any  # a lazy text
    rows: Callable[[Area], QuerySet[Any]]
    texts: tuple[str, ...]  # fields without `_el` and `_en`; none: a row in Greek lacks the whole other row
    address: Callable[[Any], str]

    def untranslated(self, region: Area) -> QuerySet[Any]:
        """The rows whose Greek has no English."""
        if not self.texts:
            return self.rows(region)
        lacks = Q()
        for name in self.texts:
            lacks |= ~Q(**{f"{name}_el": ""}) & Q(**{f"{name}_en": ""})
        return self.rows(region).filter(lacks)

    def name(self, row: Any) -> str:
        """What it is called in Greek, whatever the reader's language."""
        return str(getattr(row, f"{self.texts[0]}_el") if self.texts else row.title)

    def lacking(self, row: Any) -> list[str]:
        """What of the row is missing, in words."""
        return [
            str(row._meta.get_field(f"{name}_el").verbose_name)
            for name in self.texts
            if getattr(row, f"{name}_el") and not getattr(row, f"{name}_en")
        ]


def sources() -> list[Source]:
    """Every sort of thing, in the order of the page; kinds of publication as rooms have declared them."""
    own = [
        Source("pages", gettext_lazy("Pages of the portal"), _pages, (), _page_address),
        Source(
            "structures",
            gettext_lazy("Structures"),
            lambda region: Structure.objects.of(region).published().placed().order_by("name_el", "pk"),
            ("name", "description", "status_note", "directions", "access_note"),
            lambda row: reverse("directory:office-facts", args=[row.pk]),
        ),
        Source(
            "library",
            gettext_lazy("Studies and strategies"),
            lambda region: Study.objects.of(region).published().order_by("-year", "pk"),
            ("title", "summary"),
            lambda row: reverse("library:office-facts", args=[row.pk]),
        ),
        Source(
            "units",
            gettext_lazy("Organisation chart"),
            lambda region: OrganisationUnit.objects.filter(region=region),
            ("name", "head", "tasks"),
            lambda row: reverse("organisation:unit", args=[row.pk]),
        ),
        Source(
            "bodies",
            gettext_lazy("Bodies"),
            lambda region: Body.objects.standing().filter(region=region).order_by("name_el", "pk"),
            ("name", "description"),
            lambda _row: "",  # those who administer the body write it
        ),
    ]
    return own[:1] + [_of_family(family) for family in families.every()] + own[1:]


def _of_family(family: families.Family) -> Source:
    return Source(
        family.key,
        family.model._meta.verbose_name_plural,
        lambda region: family.model.objects.of(region).whole().public().order_by("-pk"),
        family.model.TRANSLATED,
        lambda row: reverse("publishing:item", args=[family.key, row.pk]),
    )


def _pages(region: Area) -> QuerySet[Page]:
    """Greek pages of the region's site without a live English one."""
    brand = brand_of(region)
    if brand is None or brand.site is None:
        nothing: QuerySet[Page] = Page.objects.none()
        return nothing
    live = Page.objects.live().filter(locale__language_code="en").values("translation_key")
    greek: QuerySet[Page] = Page.objects.descendant_of(brand.site.root_page, inclusive=True).live()
    return greek.exclude(translation_key__in=live).order_by("path")


def _page_address(row: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.pk])


def index(request: HttpRequest) -> HttpResponseBase:
    """How much of each sort has no English, and the rows of the one that is looked at."""
    region = region_of(request)
    found = [(source, source.untranslated(region)) for source in sources()]
    counted = [(source, rows, rows.count()) for source, rows in found]
    asked = request.GET.get("what")
    first = next((entry for entry in counted if entry[2]), counted[0])
    source, rows, _number = next((entry for entry in counted if entry[0].key == asked), first)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sources": [(each.key, each.title, number) for each, _rows, number in counted],
        "chosen": source,
        "page": page,
        "rows": [(source.name(row), source.lacking(row), source.address(row)) for row in page],
        "trail": trail((_("My work"), reverse("accounts:desk")), (_("Without English"), "")),
    }
    return render(request, "portal/office/untranslated.html", context)
