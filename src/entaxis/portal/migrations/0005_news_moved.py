"""News that were pages become rows of their own; their addresses stay, their pages go."""

import json
import re
from datetime import datetime, time
from html.parser import HTMLParser

from django.db import migrations
from django.utils import timezone

PUBLISHER = "observatory"  # pages named no body: the Observatory spoke for all


class _Prose(HTMLParser):
    """Wagtail's rich text as what `core.prose` reads: paragraphs, headings, lists, emphasis, links."""

    BEGINS = {
        "h2": "\n\n## ",
        "h3": "\n\n## ",
        "h4": "\n\n### ",
        "p": "\n\n",
        "ul": "\n\n",
        "ol": "\n\n",
        "br": "\n\n",
    }
    MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}

    def __init__(self):
        super().__init__()
        self.written, self.addresses = [], []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            address = dict(attrs).get("href", "")  # a link to a page of the tree has none: its words stay
            self.addresses.append(address)
            self.written.append("[" if address else "")
        else:
            self.written.append("\n- " if tag == "li" else self.BEGINS.get(tag, self.MARKS.get(tag, "")))

    def handle_endtag(self, tag):
        if tag == "a" and self.addresses:
            address = self.addresses.pop()
            self.written.append(f"]({address})" if address else "")
        else:
            self.written.append(self.MARKS.get(tag, ""))

    def handle_data(self, data):
        self.written.append(data)


def prose(rich_text):
    reader = _Prose()
    reader.feed(rich_text)
    reader.close()
    return re.sub(r"\n{2,}", "\n\n", "".join(reader.written)).strip()


SETTINGS = {"kind", "language", "depth", "id", "type"}  # of a block, not said by it


def words(blocks):
    """All that the blocks of a page say, in their order. Pictures stay in Wagtail's library."""
    blocks = json.loads(blocks) if isinstance(blocks, str) else list(blocks.raw_data)
    return _joined(
        ("## " if block["type"] == "heading" else "") + _said(block["value"]) for block in blocks
    )


def _said(value):
    if isinstance(value, str):
        return prose(value)
    if isinstance(value, dict):
        return _joined(_said(part) for name, part in value.items() if name not in SETTINGS)
    return _joined(map(_said, value)) if isinstance(value, list) else ""  # a number names a file


def _joined(parts):
    return "\n\n".join(filter(None, parts))


def move(apps, schema_editor):
    page = apps.get_model("wagtailcore", "Page")
    news = apps.get_model("portal", "NewsPage")
    index = apps.get_model("portal", "NewsIndexPage")
    item = apps.get_model("portal", "NewsItem")
    for brand in apps.get_model("portal", "RegionBrand").objects.select_related("site__root_page"):
        home = brand.site.root_page
        homes = page.objects.filter(translation_key=home.translation_key)
        languages = {each.path: each.locale.language_code for each in homes.select_related("locale")}
        rows = {}
        for each in news.objects.filter(live=True):
            language = next((code for path, code in languages.items() if each.path.startswith(path)), None)
            if language:
                rows.setdefault(each.translation_key, {})[language] = each
        for texts in rows.values():
            _store(item, brand.region_id, texts)
    for each in index.objects.all():
        _remove(page, each.path)
    for each in news.objects.all():
        _remove(page, each.path)


def _store(item, region_id, texts):
    greek, english = texts.get("el") or texts["en"], texts.get("en")
    now = timezone.now()
    is_event = greek.kind == "event" and greek.event_start
    made = item.objects.create(
        region_id=region_id,
        publisher=PUBLISHER,
        slug=greek.slug[:90],
        state="published",
        kind="event" if is_event else "announcement",
        title_el=greek.title[:160],
        title_en=english.title[:160] if english else "",
        summary_el=greek.lead,
        summary_en=english.lead if english else "",
        text_el=words(greek.body),
        text_en=words(english.body) if english else "",
        event_start=greek.event_start,
        event_end=greek.event_end if greek.event_start else None,
        place_el=greek.event_place,
        place_en=english.event_place if english else "",
        organiser_el=greek.event_organiser,
        organiser_en=english.event_organiser if english else "",
        outcome_el=_joined((greek.event_participants, greek.event_outcome)),
        outcome_en=_joined((english.event_participants, english.event_outcome)) if english else "",
        publish_at=min(timezone.make_aware(datetime.combine(greek.date, time())), now),
        announced_at=now,
        is_synthetic=greek.is_demonstration,
    )
    if greek.municipality_id:
        made.municipalities.add(greek.municipality_id)


def _remove(page, path):
    doomed = page.objects.filter(path__startswith=path)
    if not doomed.exists():
        return
    doomed.delete()
    above = page.objects.filter(path=path[:-4]).first()
    if above:
        above.numchild = page.objects.filter(path__startswith=above.path, depth=above.depth + 1).count()
        above.save(update_fields=["numchild"])


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_news")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
