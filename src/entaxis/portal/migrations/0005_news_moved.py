"""News that were pages become rows of their own; their addresses stay, their pages go."""

import json
import re
from html import unescape

from django.db import migrations
from django.utils import timezone

PUBLISHERS = {"observatory": "observatory"}  # the others named no body: the Observatory spoke for them


def _words(blocks):
    """The written words of a page's blocks, as paragraphs."""
    found = []
    for block in json.loads(blocks) if isinstance(blocks, str) else list(blocks.raw_data):
        value = block.get("value")
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if block.get("type") != "text":
            continue
        text = re.sub(r"</(p|li|h\d)>|<br\s*/?>", "\n\n", text)
        found.append(unescape(re.sub(r"<[^>]+>", "", text)).strip())
    return "\n\n".join(found)


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
        publisher=PUBLISHERS["observatory"],
        slug=greek.slug[:90],
        state="published",
        kind="event" if is_event else "announcement",
        title_el=greek.title[:160],
        title_en=english.title[:160] if english else "",
        summary_el=greek.lead,
        summary_en=english.lead if english else "",
        text_el=_words(greek.body),
        text_en=_words(english.body) if english else "",
        event_start=greek.event_start,
        event_end=greek.event_end if greek.event_start else None,
        place_el=greek.event_place,
        place_en=english.event_place if english else "",
        organiser_el=greek.event_organiser,
        organiser_en=english.event_organiser if english else "",
        outcome_el="\n\n".join(filter(None, (greek.event_participants, greek.event_outcome))),
        publish_at=greek.first_published_at or now,
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
