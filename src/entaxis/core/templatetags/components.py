"""Small pieces that the component templates share."""

from collections.abc import Iterable

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTICE_KINDS = {"error": "danger", "debug": "info", "": "info"}


@register.simple_tag
def icon(name: str, *shapes: str) -> SafeString:
    """A line icon of our sprite; decoration only, so that text always stands beside it."""
    classes = " ".join(["icon", *(f"icon--{shape}" for shape in shapes)])
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static("core/icons.svg"),
        name,
    )


@register.filter
def notice_kind(level: str) -> str:
    """Django's message levels in the names of our notices."""
    return NOTICE_KINDS.get(level, level)


@register.filter
def is_group(field: BoundField) -> bool:
    """Several inputs under one question need a fieldset and a legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """One box to tick: its label stands behind it."""
    widget = field.field.widget
    return isinstance(widget, CheckboxInput) and not isinstance(widget, CheckboxSelectMultiple)


@register.filter
def page_numbers(page: "Page[object]") -> Iterable[int | str]:
    """The numbers to show: both ends, and the neighbours of the page one is on."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: object) -> str:
    """This address's query with some of its values changed; `None` drops one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def interval(
    value: float,
    low: float,
    high: float,
    minimum: float | str | None = None,
    maximum: float | str | None = None,
) -> SafeString:
    """The confidence interval as a line with the estimate on it, on a scale of its own or a given one.

    Decoration: the same numbers stand in the text below it.
    """
    start = 0.0 if minimum in (None, "") else float(minimum or 0)
    end = float(high) * 1.2 if maximum in (None, "") else float(maximum or 0)

    def place(number: float) -> str:
        share = (float(number) - start) / ((end - start) or 1.0)
        return f"{min(max(share, 0.0), 1.0) * 100:.1f}%"

    return format_html(
        '<svg class="figure__interval" aria-hidden="true" stroke="currentColor">'
        '<line x1="0" x2="100%" y1="50%" y2="50%" stroke-opacity=".25" stroke-width="2"/>'
        '<line x1="{low}" x2="{high}" y1="50%" y2="50%" stroke-width="4"/>'
        '<line x1="{low}" x2="{low}" y1="20%" y2="80%" stroke-width="3"/>'
        '<line x1="{high}" x2="{high}" y1="20%" y2="80%" stroke-width="3"/>'
        '<circle cx="{value}" cy="50%" r="6" fill="currentColor"/></svg>',
        low=place(low),
        high=place(high),
        value=place(value),
    )
