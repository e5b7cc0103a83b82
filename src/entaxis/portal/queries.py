"""What the portal's pages read."""

from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import F, FloatField, Func, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from entaxis.core.help_lines import Line
from entaxis.core.kept import kept
from entaxis.core.stems import stem_query
from entaxis.directory.counts import counts
from entaxis.directory.models import Structure
from entaxis.geography.models import Area
from entaxis.portal import languages
from entaxis.portal.models import HelpLine, HelpLineText, PageText, RegionBrand, TranslationReview
from entaxis.portal.news.queries import Stream
from entaxis.vocabularies.icons import icon_of_need
from entaxis.vocabularies.queries import choices

LATEST_NEWS = 3

_Reader = Callable[[Site, HttpRequest], list[dict[str, Any]]]


def brand_of(region: Area) -> RegionBrand | None:
    """How this region presents itself, with its site and its co-funded operations; kept for a while."""
    return kept(f"portal.brand.{region.pk}", lambda: _brand_of(region))


def _brand_of(region: Area) -> RegionBrand | None:
    found: RegionBrand | None = (
        RegionBrand.objects.select_related("site__root_page__locale")
        .prefetch_related("operations__emblem")
        .filter(region=region.pk)
        .first()
    )
    return found


def home_in_language(site: Site) -> Page:
    """The first page of this site in the reader's language, or in Greek."""
    root = site.root_page
    if root.locale.language_code == languages.here():
        return root
    translated: Page | None = (
        Page.objects.live()
        .filter(translation_key=root.translation_key, locale__language_code=languages.here())
        .first()
    )
    return translated or root


def menu(site: Site, request: HttpRequest) -> list[dict[str, Any]]:
    """The sections in their order, with the directory's search among them; kept for a while."""
    return _kept("menu", site, request, _menu)


def footer_sections(site: Site, request: HttpRequest) -> list[dict[str, Any]]:
    """A column for each section outside the menu (easy to read, about this site); kept for a while."""
    return _kept("footer", site, request, _footer_sections)


def _kept(name: str, site: Site, request: HttpRequest, read: _Reader) -> list[dict[str, Any]]:
    key = f"portal.{name}.{site.pk}.{languages.here()}.{request.get_host()}"
    return kept(key, lambda: read(site, request))


def _menu(site: Site, request: HttpRequest) -> list[dict[str, Any]]:
    home = home_in_language(site)
    entries = [
        {"title": page.title, "url": page.get_url(request)}
        for page in Page.objects.child_of(home).live().in_menu().order_by("path")
    ]
    with suppress(NoReverseMatch):
        entries.insert(1, {"title": _("Structures"), "url": reverse("directory:search")})
    return [*entries, {"title": _("News"), "url": reverse("news:list")}]


def _footer_sections(site: Site, request: HttpRequest) -> list[dict[str, Any]]:
    home = home_in_language(site)
    hidden = list(Page.objects.child_of(home).live().filter(show_in_menus=False).order_by("path"))
    below = Page.objects.live().filter(depth=home.depth + 2, path__startswith=home.path).order_by("path")
    return [
        {
            "title": section.title,
            "links": [
                {"title": page.title, "url": page.get_url(request)}
                for page in below
                if page.path.startswith(section.path)
            ],
        }
        for section in hidden
    ]


def translation_urls(page: Page, request: HttpRequest) -> dict[str, str]:
    """Language → address, of this page and of its live translations."""
    found = {}
    for other in [page, *page.get_translations().live().select_related("locale")]:
        url = other.get_url(request)
        if url:
            found[other.locale.language_code] = url
    return found


def trail_of(page: Page, request: HttpRequest) -> list[dict[str, str]]:
    """From the first page to this one; nothing on the first page itself."""
    ancestors = page.get_ancestors().live().filter(depth__gt=1)
    if not ancestors:
        return []
    steps = [{"title": step.title, "url": step.get_url(request)} for step in ancestors]
    steps[0]["title"] = _("Home")
    return [*steps, {"title": page.title, "url": ""}]


def children_of(page: Page) -> list[Page]:
    """Live pages below, with their own fields."""
    return list(page.get_children().live().specific())


def siblings_of(page: Page) -> list[Page]:
    """Live pages beside this one, itself among them; none where it stands alone."""
    beside = list(page.get_siblings(inclusive=True).live())
    return beside if len(beside) > 1 else []


def doors(key: str) -> list[dict[str, str]]:
    """From a section to the rooms that belong to it."""
    rooms = {
        "documentation": [
            (
                "library:index",
                _("Library"),
                _("Studies, strategies and reports, with a search inside their text."),
                "documents",
            ),
            (
                "indicators:index",
                _("Indicators"),
                _("How many are poor, where and since when, with the error of every figure."),
                "chart",
            ),
            (
                "maps:index",
                _("Social maps"),
                _(
                    "Poverty, benefits and structures, municipality by municipality, "
                    "with how sure each figure is."
                ),
                "map",
            ),
        ],
    }
    found = []
    for name, title, text, icon in rooms.get(key, []):
        try:
            found.append({"url": reverse(name), "title": title, "text": text, "icon": icon})
        except NoReverseMatch:
            continue
    return found


def municipalities(region: Area) -> list[dict[str, Any]]:
    """The municipalities to choose from, by name; kept for a while."""
    return kept(f"portal.municipalities.{region.pk}.{languages.here()}", lambda: _municipalities(region))


def _municipalities(region: Area) -> list[dict[str, Any]]:
    areas = sorted(Area.objects.municipalities().of(region), key=lambda area: area.name)
    return [{"value": area.code, "title": area.name, "is_chosen": False} for area in areas]


def sheet(region: Area, code: str) -> dict[str, Any]:
    """What the printed sheet of a municipality says: its structures by kind, with telephone and address.

    Confidential structures have no municipality, so none can stand here.

    Raises:
        Http404: the region has no such municipality.
    """
    municipality = get_object_or_404(Area.objects.municipalities().of(region), code=code)
    structures = (
        Structure.objects.of(region)
        .published()
        .placed()
        .filter(municipality=municipality)
        .select_related("kind")
        .prefetch_related("contacts")
        .order_by("kind__order", "kind__label_el", "name_el")
    )
    kinds = [(kind, list(group)) for kind, group in groupby(structures, key=attrgetter("kind"))]
    return {"municipality": municipality, "kinds": kinds}


def needs() -> list[dict[str, Any]]:
    """The widest needs, each with its icon and a line of what it holds."""
    return [
        {
            "key": term.key,
            "label": term.label,
            "text": term.definition,
            "icon": icon_of_need(term.key),
        }
        for term in choices("needs")
        if term.parent_id is None
    ]


def latest_news(region: Area, limit: int = LATEST_NEWS) -> list[Any]:
    """The latest public news and actions."""
    return Stream(region)[0:limit]


def section_cards(home: Page, request: HttpRequest) -> list[dict[str, Any]]:
    """The five sections as cards: three trees of pages, the search of structures, the news."""
    cards = [
        {"url": page.get_url(request), "title": page.title, "text": page.lead, "icon": page.icon}
        for page in Page.objects.child_of(home).live().in_menu().order_by("path").specific()
    ]
    news = {"url": reverse("news:list"), "title": _("News"), "icon": "news"}
    news["text"] = _("Actions and announcements of the Observatory, the municipalities and the structures.")
    cards.append(news)
    try:
        structures = {"url": reverse("directory:search"), "title": _("Structures"), "icon": "structure"}
    except NoReverseMatch:
        return cards
    structures["text"] = _(
        "Every social structure of the region: what it offers, where it is and when it is open."
    )
    network = {"url": reverse("network:index"), "title": _("Network"), "icon": "volunteer"}
    network["text"] = _("Bodies of the region, volunteering, good practices: who does what, and who helps.")
    return [*cards[:1], structures, network, *cards[1:]]


def registered(region: Area) -> dict[str, Any] | None:
    """How many structures of each kind are registered, most first; none where nothing is.

    These are the registered ones, not all that exist; a kind with nothing registered is left to the page
    of counts, which says how complete the register is.
    """
    told = counts(region)
    rows = [
        {"kind": kind.plural, "number": number}
        for kind in told.kinds
        if (number := told.in_region(kind).registered)
    ]
    rows.sort(key=itemgetter("number"), reverse=True)
    return {"total": told.registered, "rows": rows} if rows else None


def home_context(home: Page, request: HttpRequest) -> dict[str, Any]:
    """Everything that the first page shows."""
    region: Area = request.region  # type: ignore[attr-defined]
    return {
        "needs": needs(),
        "municipalities": municipalities(region),
        "help_lines": help_lines(region),
        "section_cards": section_cards(home, request),
        "registered": registered(region),
        "news": latest_news(region),
    }


def help_lines(region: Area) -> list[Line]:
    """National lines and the region's own, in the reader's language, else in English, else in Greek."""
    preferred = [languages.here(), "en", "el"]
    lines = HelpLine.objects.filter(Q(region=None) | Q(region=region.pk)).prefetch_related(
        Prefetch("texts", HelpLineText.objects.filter(language__in=preferred))
    )
    found = []
    for line in lines:
        texts = {text.language: text for text in line.texts.all()}
        text = next((texts[language] for language in preferred if language in texts), None)
        if text is not None:
            found.append(Line(line.number, text.name, text.text, text.hours, line.is_urgent))
    return found


def translation_state(request: HttpRequest) -> dict[str, Any] | None:
    """Who checked this page's translation; none where the language is complete or the page has no part."""
    language, part = languages.here(), languages.part_of(request)
    if part is None or languages.is_complete(language):
        return None
    region: Area = request.region  # type: ignore[attr-defined]
    review = TranslationReview.objects.of(region).filter(language=language, part=part).first()
    if review is None:
        return {"is_checked": False}
    return {"is_checked": True, "checked_by": review.checked_by, "checked_on": review.checked_on}


def search_pages(home: Page, words: str) -> QuerySet[PageText]:
    """Live public pages below `home` that hold every word, best first; `page` is fetched with them."""
    query = stem_query(words)
    pages = Page.objects.live().public().descendant_of(home, inclusive=True)
    return (
        PageText.objects.filter(page__in=pages)
        .annotate(rank=Func(F("vector"), query, function="ts_rank", output_field=FloatField()))
        .filter(vector=query)
        .select_related("page")
        .order_by("-rank", "page__path")
    )
