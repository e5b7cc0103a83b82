"""What the pages of the region's office share."""

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.models import User

__all__ = ["note", "person_of", "region_of", "trail"]


def note(row: Model, action: str, *, by: User) -> None:
    """Keep who did it in Wagtail's own log, beside what platform administrators do there."""
    log(instance=row, action=f"wagtail.{action}", user=by)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the region's office."""
    first = [(_("Home"), "/"), (_("Settings of the region"), reverse("office-brand"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
