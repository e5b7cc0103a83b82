"""The search's words, and who refers to which document of the library, follow what is published."""

import json
import re
from typing import Any, Final

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from entaxis.core import kept
from entaxis.portal.models import PageText, PublicityOperation, RegionBrand, Study, StudyMention

LONGEST_TEXT = 50_000
_STUDY: Final = re.compile(
    r"/documentation/library/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/"
)


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
    remember_studies(instance)


def remember_studies(page: Page) -> None:
    """Which documents of the library this page's text leads to."""
    body = getattr(page, "body", None)
    written = json.dumps(list(body.raw_data), default=str) if body else ""
    found = Study.objects.filter(pk__in=set(_STUDY.findall(written)))
    StudyMention.objects.filter(page_id=page.pk).exclude(study__in=found).delete()
    StudyMention.objects.bulk_create(
        [StudyMention(study=study, page_id=page.pk) for study in found], ignore_conflicts=True
    )


@receiver(page_unpublished)
def forget(sender: type[Page], instance: Page, **_: Any) -> None:
    """A page that was taken down is no longer found."""
    PageText.objects.filter(page_id=instance.pk).delete()
    StudyMention.objects.filter(page_id=instance.pk).delete()


@receiver([page_published, page_unpublished, post_page_move])
def show(**_: Any) -> None:
    """Who changes the tree of pages sees it at once in the menu; other processes show it soon."""
    kept.forget()


@receiver([post_save, post_delete], sender=RegionBrand)
@receiver([post_save, post_delete], sender=PublicityOperation)
def show_brand(**_: Any) -> None:
    """The same for names, emblems and co-funded operations."""
    kept.forget()
