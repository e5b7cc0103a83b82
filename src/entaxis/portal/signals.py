"""The search's words follow what is published."""

from typing import Any

from django.dispatch import receiver
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from entaxis.portal.models import PageText

LONGEST_TEXT = 50_000


def words_of(page: Page) -> str:
    """Lead and body of a page as plain text."""
    blocks = [
        strip_tags(block.block.render(block.value)) if block.block_type == "text" else _plain(block.value)
        for block in getattr(page, "body", [])
    ]
    return " ".join(" ".join([getattr(page, "lead", ""), page.search_description, *blocks]).split())[
        :LONGEST_TEXT
    ]


def _plain(value: Any) -> str:
    """The texts inside a block's value, whatever its shape."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(_plain(part) for part in value.values())
    if hasattr(value, "__iter__"):
        return " ".join(_plain(part) for part in value)
    return strip_tags(str(getattr(value, "source", "")))


@receiver(page_published)
def remember(sender: type[Page], instance: Page, **_: Any) -> None:
    """A page that went live can be found."""
    PageText.objects.update_or_create(
        page_id=instance.pk, defaults={"title": instance.title, "text": words_of(instance)}
    )


@receiver(page_unpublished)
def forget(sender: type[Page], instance: Page, **_: Any) -> None:
    """A page that was taken down is no longer found."""
    PageText.objects.filter(page_id=instance.pk).delete()
