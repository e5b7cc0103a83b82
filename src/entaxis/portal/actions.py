"""Changes over several rows: a region's site with its pages, help lines and editors' rights."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from entaxis.accounts import groups
from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal.models import (
    ContentPage,
    HelpLine,
    HelpLineText,
    HomePage,
    OrganisationStep,
    OrganisationUnit,
    PublicityOperation,
    RegionBrand,
    SectionPage,
)
from entaxis.portal.organisation.actions import save_unit
from entaxis.portal.signals import remember

DATA = Path(__file__).parent / "data"
TYPES: dict[str, type[Page]] = {
    "section": SectionPage,
    "content": ContentPage,
}
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
FILE_RIGHTS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


def read(name: str) -> dict[str, Any]:
    """One of our own data files."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load_region(*, region: Area, host: str, by: User | None) -> int:
    """A region's site, brand and first pages in Greek and English; how many pages were made.

    What exists already stays as its editors left it.
    """
    content = read("pages")
    homes, made = _homes(region, content["home"], by)
    brand(region=region, host=host, home=homes["el"], data=read("brands").get(region.code, {}))
    for entry in content["page"]:
        made += _page(homes, entry, by)
        _chart(region, entry, by)
    give_editing_rights(region=region, home=homes["el"])
    return made


def brand(*, region: Area, host: str, home: Page, data: dict[str, Any]) -> RegionBrand:
    """The region's Wagtail site and how it presents itself; an existing brand is left as it is."""
    port = 443 if settings.PRODUCTION else 8000
    is_default = region.code == settings.DEFAULT_REGION
    if is_default:
        Site.objects.filter(is_default_site=True).exclude(hostname=host).update(is_default_site=False)
    site = Site.objects.update_or_create(
        hostname=host,
        port=port,
        defaults={"root_page": home, "site_name": host, "is_default_site": is_default},
    )[0]
    stored: RegionBrand
    stored, is_new = RegionBrand.objects.get_or_create(
        region=region, defaults={"site": site} | data.get("brand", _plain_brand(region))
    )
    if is_new:
        for order, operation in enumerate(data.get("operations", [])):
            PublicityOperation.objects.create(brand=stored, sort_order=order, **operation)
    elif stored.site_id != site.pk:
        RegionBrand.objects.filter(pk=stored.pk).update(site=site)
    return stored


@transaction.atomic
def load_help_lines() -> int:
    """The national help lines; how many were new. A line that exists is left as it is."""
    made = 0
    for order, entry in enumerate(read("help_lines")["line"]):
        line, is_new = HelpLine.objects.get_or_create(
            number=entry["number"],
            region=None,
            defaults={
                "order": order,
                "is_urgent": entry.get("is_urgent", False),
                "source": entry["source"],
            },
        )
        made += is_new
        if is_new:
            HelpLineText.objects.bulk_create(
                HelpLineText(line=line, language=language, **text)
                for language, text in entry["text"].items()
            )
    return made


def give_editing_rights(*, region: Area, home: Page) -> None:
    """Let the region's staff, and nobody else's, edit its pages in every language and its files.

    Who belongs to the groups follows from the memberships: see `accounts.groups`.
    """
    entering = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    on_pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS)
    on_files = Permission.objects.filter(codename__in=FILE_RIGHTS)
    files = _collection(region)
    for role in groups.STAFF:
        group = groups.group_of(role, region)
        group.permissions.add(entering)
        for tree in home.get_translations(inclusive=True):
            for right in on_pages:
                GroupPagePermission.objects.get_or_create(group=group, page=tree, permission=right)
        for right in on_files:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=right)


def _collection(region: Area) -> Collection:
    """Where the region's pictures and documents lie."""
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=region.code).first()
    return found or root.add_child(name=region.code)


def _plain_brand(region: Area) -> dict[str, str]:
    return {
        "name_el": "Παρατηρητήριο Κοινωνικής Ένταξης",
        "name_en": "Observatory of Social Inclusion",
        "region_name_el": region.name_official_el or region.name_el,
        "region_name_en": region.name_en,
    }


def _homes(region: Area, text: dict[str, Any], by: User | None) -> tuple[dict[str, Page], int]:
    """The first page in each complete language, and how many were made."""
    slug = (region.nuts_code or region.code).lower()
    key, homes, made = uuid4(), {}, 0
    root = Page.get_first_root_node()
    for language in settings.COMPLETE_LANGUAGES:
        locale = Locale.objects.get_or_create(language_code=language)[0]
        address = slug if language == settings.LANGUAGE_CODE else f"{slug}-{language}"
        home = Page.objects.filter(slug=address, depth=2).first()
        if home is None:
            home = HomePage(locale=locale, slug=address, translation_key=key, owner=by, **text[language])
            _add(root, home)
            made += 1
        key, homes[language] = home.translation_key, home
    return homes, made


def _page(homes: dict[str, Page], entry: dict[str, Any], by: User | None) -> int:
    """One page in each complete language; how many were made."""
    *above, slug = entry["slug"].split("/")
    key, made = uuid4(), 0
    for language, home in homes.items():
        parent = home
        for step in above:
            parent = Page.objects.child_of(parent).get(slug=step)
        page = Page.objects.child_of(parent).filter(slug=slug).first()
        if page is None:
            fields = _fields(entry, language)
            page = TYPES[entry["type"]](
                locale_id=home.locale_id, slug=slug, translation_key=key, owner=by, **fields
            )
            _add(parent, page)
            made += 1
        key = page.translation_key
    return made


def _chart(region: Area, entry: dict[str, Any], by: User | None) -> None:
    """The units of the data file's chart, for a region that never had one."""
    charts = [block for block in entry.get("body", []) if block["type"] == "organisation"]
    if not charts or OrganisationStep.objects.filter(region=region).exists():
        return
    above: list[tuple[int, OrganisationUnit]] = []
    pairs = zip(charts[0]["el"]["units"], charts[0]["en"]["units"], strict=True)
    for order, (greek, english) in enumerate(pairs):
        depth = int(greek["depth"])
        above = [(level, unit) for level, unit in above if level < depth]
        unit = OrganisationUnit(
            region=region,
            parent=above[-1][1] if above else None,
            order=order,
            name_el=greek["name"],
            name_en=english["name"],
            tasks_el=greek["text"],
            tasks_en=english["text"],
        )
        above.append((depth, save_unit(unit=unit, by=by)))


def _add(parent: Page, page: Page) -> None:
    """Put a live page below `parent` and let the search know it."""
    page.live, page.first_published_at, page.last_published_at = True, timezone.now(), timezone.now()
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    remember(type(page), page)


def _fields(entry: dict[str, Any], language: str) -> dict[str, Any]:
    """The fields of a page in one language, out of the data file's entry."""
    common = {k: v for k, v in entry.items() if k not in {"slug", "type", "el", "en", "body"}}
    body = [_block(block, language) for block in entry.get("body", [])]
    fields: dict[str, Any] = common | entry[language] | {"body": body}
    return fields


def _block(block: dict[str, Any], language: str) -> dict[str, Any]:
    """A block of the data file: `el` and `en` hold its value, or the parts that differ."""
    return {"type": block["type"], "value": block[language]}
