"""Other rooms' pages that show an indicator's figures: each declares its own when it starts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

from entaxis.indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class View:
    """A page that takes ``?indicator=CODE``."""

    label: str | Promise
    url_name: str


_VIEWS: list[View] = []


def register(*views: View) -> None:
    """Declare pages, in the order in which they are offered."""
    _VIEWS.extend(views)


def of(indicator: Indicator) -> list[tuple[str, str]]:
    """Label and address of every page that shows this indicator."""
    query = urlencode({"indicator": indicator.code})
    return [(str(view.label), f"{reverse(view.url_name)}?{query}") for view in _VIEWS]
