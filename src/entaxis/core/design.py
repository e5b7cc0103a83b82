"""The living page of the design system: every component with its states, made of sample data."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

PALETTES = ["aegean", "pine", "olive", "murex"]
SWATCHES = [
    "brand",
    "brand-deep",
    "brand-mid",
    "brand-soft",
    "brand-mist",
    "success",
    "warning",
    "danger",
    "demonstration",
    "focus",
]


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name of the structure"), max_length=100)
    telephone = forms.CharField(
        label=gettext_lazy("Telephone"), help_text=gettext_lazy("For example 2410 000000"), required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of structure"),
        choices=[("1", gettext_lazy("Community Centre")), ("2", gettext_lazy("Social Pharmacy"))],
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Is there a step at the entrance?"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea, required=False)
    agrees = forms.BooleanField(label=gettext_lazy("I have checked these details"))


@cache
def icon_names() -> list[str]:
    """Every icon of the sprite."""
    path = finders.find("core/icons.svg")
    if not isinstance(path, str):
        return []
    return re.findall(r'id="([a-z-]+)"', Path(path).read_text(encoding="utf-8"))


def _parts() -> dict[str, str]:
    return {
        "colours": _("Colours"),
        "type": _("Type"),
        "buttons": _("Buttons"),
        "search_box": _("Search box"),
        "needs": _("Needs"),
        "cards": _("Cards"),
        "results": _("Results"),
        "filters": _("Filters"),
        "tags": _("Tags"),
        "notices": _("Notices"),
        "tables": _("Tables"),
        "figures": _("Figure with its interval"),
        "hours": _("Opening hours"),
        "help_lines": _("Help lines"),
        "quick_exit": _("Quick exit"),
        "forms": _("Forms"),
        "empty": _("Nothing found"),
        "navigation": _("Where you are, and pages"),
        "icons": _("Icons"),
    }


def _results() -> list[dict[str, Any]]:
    kind, place = _("Social Pharmacy"), _("Municipality of this sample")
    common = {"kind": kind, "municipality": place, "tags": [_("Medicines"), _("Free of charge")]}
    return [
        common
        | {
            "title": _("A structure that is open"),
            "is_open": True,
            "hours": _("until 15:00"),
            "distance": "1,2 km",
            "telephone": "2410 000000",
            "freshness": _("Details confirmed 12 days ago"),
        },
        common
        | {
            "title": _("A structure that is closed"),
            "is_open": False,
            "hours": _("opens on Monday at 8:00"),
        },
        common | {"title": _("A structure whose hours nobody has told us"), "is_open": None},
    ]


def _notices() -> list[dict[str, str]]:
    return [
        {"kind": "info", "title": _("Good to know"), "text": _("A neutral remark.")},
        {"kind": "success", "title": _("Saved"), "text": _("What you did has worked.")},
        {"kind": "warning", "title": _("Careful"), "text": _("Something needs your attention.")},
        {
            "kind": "danger",
            "title": _("This did not work"),
            "text": _("What happened, and what you can do now."),
        },
        {
            "kind": "demonstration",
            "title": _("Demonstration"),
            "text": _("Synthetic data: not a real structure."),
        },
    ]


def _hours() -> list[dict[str, Any]]:
    return [
        {"day": _("Monday"), "times": ["8:00–15:00"], "is_today": True},
        {"day": _("Tuesday"), "times": ["8:00–13:00", "17:00–20:00"]},
        {"day": _("Wednesday"), "times": [], "note": _("public holiday")},
    ]


def _samples() -> dict[str, Any]:
    return {
        "question": _("What do you need?"),
        "hint": _("In your own words, for example: I need food"),
        "find": _("Find help"),
        "anywhere": _("The whole region"),
        "places": [{"value": "1", "title": _("Municipality of this sample"), "is_chosen": False}],
        "needs": [
            {"label": _("Food"), "icon": "food"},
            {"label": _("Medicines"), "icon": "medicine"},
            {"label": _("A roof over my head"), "icon": "shelter"},
            {"label": _("Care for a child"), "icon": "child"},
        ],
        "card_title": _("Title of a card"),
        "card_text": _("The whole card can be pressed, and the link is its title."),
        "tag": _("News"),
        "date": "22.11.2026",
        "results": _results(),
        "kinds": [_("Community Centre"), _("Social Pharmacy"), _("Social Grocery")],
        "notices": _notices(),
        "rows": [
            {"place": _("First municipality"), "state": _("Complete"), "tone": "success", "count": 12},
            {"place": _("Second municipality"), "state": _("Unknown"), "tone": "neutral", "count": "–"},
        ],
        "figure_label": _("Sample figure"),
        "figure_note": _("Invented for this page; not a statistic."),
        "hours": _hours(),
        "lines": [
            {
                "number": "112",
                "name": _("European emergency number"),
                "text": _("Danger to life"),
                "is_urgent": True,
            },
            {"number": "197", "name": _("Social emergency line"), "text": ""},
        ],
        "empty_title": _("We found nothing"),
        "empty_text": _("Say it in other words, or ask the Community Centre of your municipality."),
        "trail": [{"title": _("Home"), "url": "#navigation"}, {"title": _("Structures"), "url": ""}],
    }


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component with its states, for those who build pages and for the accessibility tests."""
    titles = _parts()
    context = {
        "titles": titles,
        "parts": [{"key": key.replace("_", "-"), "title": title} for key, title in titles.items()],
        "palettes": PALETTES,
        "swatches": SWATCHES,
        "samples": _samples(),
        "icons": icon_names(),
        "form": SampleForm({"telephone": "2410 000000"}),
        "page": Paginator(range(200), 10).get_page(4),
    }
    return render(request, "core/design.html", context)
