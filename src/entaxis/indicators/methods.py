"""The pages of the methods (docs/methods) as pages of the site: one text for who reads and who computes."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import nh3
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from entaxis.indicators.models import IndicatorVersion

PAGES: Final = Path(__file__).parents[3] / "docs" / "methods"
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
TAGS: Final = {
    "p", "br", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
HERE: Final = re.compile(r'href="([a-z0-9_]+)\.md(#[\w-]+)?"')
ELSEWHERE: Final = re.compile(r'<a href="(?!https?://|/)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def has_page(name: str) -> bool:
    """Whether there is a text of this name."""
    return bool(NAME.fullmatch(name)) and (PAGES / f"{name}.md").is_file()


def address(version: IndicatorVersion) -> str:
    """Path of the page that tells how its figures are made: a method or a recipe; empty where none is."""
    if version.method_page == "harmonise":
        return reverse("indicators:recipe", args=[version.indicator.code])
    if not has_page(version.method_page):
        return ""
    return reverse("indicators:method", args=[version.method_page])


def method(request: HttpRequest, name: str) -> HttpResponse:
    """One method: formula, needs, error, what it was checked against. The text is English."""
    if not has_page(name):
        raise Http404
    title, text = _read(name)
    context = {
        "title": title,
        "text": _linked(text),
        "trail": [
            {"title": _("Home"), "url": "/"},
            {"title": _("Indicators"), "url": reverse("indicators:index")},
            {"title": title, "url": ""},
        ],
    }
    return render(request, "indicators/method.html", context)


@cache
def _read(name: str) -> tuple[str, str]:
    """Its title and the rest as clean HTML, with the links as they stand in the file."""
    head, _newline, rest = (PAGES / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    clean = nh3.clean(reader.render(rest), tags=TAGS, attributes={"a": {"href"}}, link_rel=None)
    return head.removeprefix("# ").replace("`", ""), clean


def _linked(text: str) -> SafeString:
    """With links to other methods in the reader's language, without those to files that are no pages."""

    def page(found: re.Match[str]) -> str:
        if not has_page(found[1]):
            return found[0]
        return f'href="{reverse("indicators:method", args=[found[1]])}{found[2] or ""}"'

    text = ELSEWHERE.sub(r"\1", HERE.sub(page, text))
    number = 0

    def table(_found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        label = _("Table %(number)s") % {"number": number}
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table>'

    text = re.sub("<table>", table, text).replace("</table>", "</table></div>")
    return mark_safe(text)  # our own text, cleaned by nh3
