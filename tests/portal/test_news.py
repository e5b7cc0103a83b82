"""News, events and actions as readers and their programmes meet them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from entaxis.geography.models import Area
from entaxis.indicators.models import Release
from entaxis.portal.models import NewsItem
from entaxis.portal.news.queries import Stream, years
from tests import factories

HOST = {"host": "thessaly.localhost"}


@pytest.fixture
def reader() -> Client:
    return Client(headers=HOST)


def event(**fields: object) -> NewsItem:
    begin = timezone.make_aware(datetime(2026, 12, 3, 10))  # noqa: DTZ001
    return factories.news(
        **{"kind": "event", "event_start": begin, "event_end": begin + timedelta(hours=3)} | fields
    )


def titles(response: object) -> list[str]:
    return [row.title_el for row in response.context["page"]]  # type: ignore[attr-defined]


def test_news_and_actions_stand_in_one_list(reader: Client, thessaly: Area) -> None:
    now = timezone.now()
    factories.news(title_el="Νέο", publish_at=now - timedelta(hours=2))
    factories.action(title_el="Δράση", publish_at=now - timedelta(hours=1))
    factories.news(title_el="Αύριο", publish_at=now + timedelta(days=1))
    factories.news(title_el="Πρόχειρο", state="draft", publish_at=None)
    factories.news(factories.region("EL65"), title_el="Αλλού")
    assert titles(reader.get("/el/news/")) == ["Δράση", "Νέο"]


def test_every_page_is_a_cut_of_the_whole(thessaly: Area) -> None:
    now = timezone.now()
    for hours in range(9):
        make = factories.action if hours % 3 else factories.news
        make(title_el=str(hours), publish_at=now - timedelta(hours=hours))
    stream = Stream(thessaly)
    assert len(stream) == 9
    assert ["".join(row.title_el for row in stream[cut : cut + 4]) for cut in (0, 4, 8, 12)] == [
        *("0123", "4567", "8", ""),
    ]


def test_the_archive_counts_by_year(thessaly: Area) -> None:
    for year in (2024, 2024, 2026):
        factories.news(publish_at=timezone.make_aware(datetime(year, 1, 1, 0, 30)))  # noqa: DTZ001
    factories.action(publish_at=timezone.make_aware(datetime(2024, 12, 31, 23, 30)))  # noqa: DTZ001
    assert years(thessaly) == [(2026, 1), (2024, 3)]


def test_the_list_is_narrowed(reader: Client, thessaly: Area) -> None:
    volos = factories.municipality()
    row = factories.news(title_el="Στον Βόλο", needs=["food"], target_groups=["roma"])
    row.municipalities.add(volos)
    factories.action(title_el="Δράση")
    event(title_el="Εκδήλωση")
    for query, expected in (
        (f"municipality={volos.code}", ["Στον Βόλο"]),
        ("theme=food", ["Στον Βόλο"]),
        ("group=roma", ["Στον Βόλο"]),
        ("kind=action", ["Δράση"]),
        ("kind=event", ["Εκδήλωση"]),
        (f"body={row.body_id}", ["Στον Βόλο"]),
        ("year=2019", []),
        ("year=0201999", ["Εκδήλωση", "Δράση", "Στον Βόλο"]),
        ("publisher=nonsense&kind=%27&year=99999999999999&body=1", ["Εκδήλωση", "Δράση", "Στον Βόλο"]),
    ):
        assert titles(reader.get(f"/el/news/?{query}")) == expected, query


@pytest.mark.parametrize("language", ["el", "en"])
def test_the_item_says_everything(reader: Client, thessaly: Area, language: str) -> None:
    row = event(title_el="Ανοιχτή ημέρα", place_el="Αίθουσα", slug="open-day")
    page = reader.get(f"/{language}/news/open-day/")
    words = page.content.decode()
    assert page.status_code == 200
    assert '<script type="application/ld+json">' in words
    assert f"/{language}/news/card/open-day.png" in words
    assert row.place in words


def test_json_ld_cannot_be_left(reader: Client, thessaly: Area) -> None:
    event(title_el="</script><script>alert(1)</script>", slug="attack")
    assert "<script>alert" not in reader.get("/el/news/attack/").content.decode()


def test_what_waits_is_found_nowhere(reader: Client, thessaly: Area) -> None:
    event(title_el="Μυστικό", slug="later", publish_at=timezone.now() + timedelta(days=2))
    for path in ("later/", "later/event.ics", "card/later.png"):
        assert reader.get(f"/el/news/{path}").status_code == 404
    for path in ("", "feed/", "events/", "calendar/2026/12/"):
        assert "Μυστικό" not in reader.get(f"/el/news/{path}").content.decode()


def test_the_calendar_shows_a_month(reader: Client, thessaly: Area) -> None:
    event(title_el="Ανοιχτή ημέρα")
    assert "Ανοιχτή ημέρα" in reader.get("/el/news/calendar/2026/12/").content.decode()
    assert "Ανοιχτή ημέρα" not in reader.get("/el/news/calendar/2026/10/").content.decode()
    assert reader.get("/el/news/calendar/2026/13/").status_code == 404


def release(region: Area, at: datetime, *, is_out: bool, **facts: object) -> Release:
    state = Release.State.PUBLISHED if is_out else Release.State.APPROVED
    return Release.objects.create(
        **{
            "region": region, "title_el": "Έρευνα 2025", "title_en": "Survey 2025", "source_el": "Έρευνα",
            "source_en": "Survey", "state": state, "publish_at": at, "approved_at": timezone.now(),
            "published_at": at if is_out else None, "created_by": factories.editor(region),
            "approved_by": factories.region_administrator(region),
        }
        | facts
    )  # fmt: skip


def test_releases_of_figures_stand_in_the_calendar(reader: Client, thessaly: Area) -> None:
    event(title_el="Ανοιχτή ημέρα")
    now = timezone.now()
    out = release(thessaly, now - timedelta(minutes=1), is_out=True, title_el="Έρευνα 2024")
    coming = release(thessaly, now + timedelta(days=3), is_out=False)
    release(thessaly, now + timedelta(days=4), is_out=False, state="checked", title_el="Μυστικό")
    release(factories.region("EL65"), now + timedelta(days=4), is_out=False, title_el="Αλλού")
    there = coming.publish_at.astimezone(timezone.get_current_timezone()) if coming.publish_at else now
    page = reader.get(f"/el/news/calendar/{there.year}/{there.month}/").content.decode()
    assert f'<a href="/el/indicators/releases/">Νέα στοιχεία: {coming.title_el}</a>' in page
    found = Calendar.from_ical(reader.get("/el/news/events/").content).walk("VEVENT")
    told = {str(one["uid"]).split("@")[0]: one for one in found}
    assert f"release-{coming.pk}" in told
    assert str(told[f"release-{out.pk}"]["url"]).endswith(f"/el/indicators/releases/{out.pk}/")
    assert told[f"release-{out.pk}"]["sequence"] == 1
    assert told[f"release-{coming.pk}"]["sequence"] == 0
    whole = reader.get("/el/news/events/").content.decode()
    assert "Μυστικό" not in whole
    assert "Αλλού" not in whole
    # who narrows the calendar to a publisher asks for events alone
    assert "Νέα στοιχεία" not in reader.get("/el/news/events/?publisher=observatory").content.decode()


def test_an_hour_that_moves_is_another_version_for_peoples_calendars(
    reader: Client, thessaly: Area
) -> None:
    now = timezone.now()
    row, still = (release(thessaly, now + timedelta(days=3), is_out=False) for _ in range(2))

    def save(**facts: object) -> None:
        Release.objects.filter(pk=row.pk).update(**facts)

    def versions() -> tuple[int, ...]:
        found = Calendar.from_ical(reader.get("/el/news/events/").content).walk("VEVENT")
        told = {str(one["uid"]).split("@")[0]: int(one["sequence"]) for one in found}
        return told[f"release-{row.pk}"], told[f"release-{still.pk}"]

    assert versions() == (0, 0)
    for days, expected in ((5, 1), (5, 1), (3, 2)):
        save(state="checked", publish_at=None, approved_by=None, approved_at=None)
        save(
            state="approved", publish_at=now + timedelta(days=days), approved_at=now,
            approved_by=still.approved_by,
        )  # fmt: skip
        assert versions() == (expected, 0)
    save(state="published", published_at=now)
    assert versions() == (3, 0)


def test_a_day_with_many_releases_has_one_line(reader: Client, thessaly: Area) -> None:
    at = timezone.now() + timedelta(days=3)
    for number in range(3):
        release(thessaly, at, is_out=False, title_el=f"Έρευνα {number}")
    there = at.astimezone(timezone.get_current_timezone())
    page = reader.get(f"/el/news/calendar/{there.year}/{there.month}/").content.decode()
    assert page.count("Νέα στοιχεία: 3 εκδόσεις") == 1
    assert "Έρευνα 1" not in page
    assert reader.get("/el/news/events/").content.decode().count("BEGIN:VEVENT") == 3


def test_feeds_are_read_by_others_programmes(reader: Client, thessaly: Area) -> None:
    event(title_el="Ημέρα «Α & Β»", slug="day")
    factories.action()
    feed = ET.fromstring(reader.get("/el/news/feed/").content)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 2
    for path in ("events/", "day/event.ics"):
        found = Calendar.from_ical(reader.get(f"/el/news/{path}").content).walk("VEVENT")
        assert [str(each["summary"]) for each in found] == ["Ημέρα «Α & Β»"]
        assert found[0]["dtend"].dt - found[0]["dtstart"].dt == timedelta(hours=3)


def test_a_sign_pasted_from_elsewhere_stops_no_feed(reader: Client, thessaly: Area) -> None:
    """A text processor's line break (vertical tab) may stand in no XML."""
    clerk = factories.editor()
    written = Client(headers=HOST)
    written.force_login(clerk)
    said = {"kind": "announcement", "title_el": "Πρώτη\x0bδεύτερη", "summary_el": "Α\x1fΒ\u202e"}
    assert written.post("/el/office/publishing/news/new/", said).status_code == 302
    row = NewsItem.objects.get()
    assert (row.title_el, row.summary_el) == ("Πρώτηδεύτερη", "ΑΒ")
    NewsItem.objects.update(state="published", publish_at=timezone.now())
    assert reader.get("/el/news/feed/").status_code == 200


def test_news_name_no_action_that_was_withdrawn(reader: Client, thessaly: Area) -> None:
    action = factories.action(title_el="Αποσυρμένη δράση")
    factories.news(kind="of_action", action=action, slug="of-it")
    assert "Αποσυρμένη δράση" in reader.get("/el/news/of-it/").content.decode()
    type(action).objects.update(state="withdrawn")
    assert "Αποσυρμένη δράση" not in reader.get("/el/news/of-it/").content.decode()


def test_the_card_is_a_picture(reader: Client, thessaly: Area) -> None:
    event(slug="day", title_el="Αντιμετώπιση της ακραίας φτώχειας")
    picture = Image.open(BytesIO(reader.get("/el/news/card/day.png").content))
    assert picture.size == (1200, 630)


def test_an_event_cannot_end_before_it_starts(thessaly: Area) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        event(event_end=timezone.make_aware(datetime(2026, 12, 2)))  # noqa: DTZ001
    with pytest.raises(IntegrityError), transaction.atomic():
        event(event_start=None, event_end=None)


def test_words_narrow_the_list_and_are_found_by_the_search_of_pages(
    reader: Client, thessaly: Area, peloponnese: Area
) -> None:
    factories.news(title_el="Κινητή ομάδα", text_el="Διανομή τροφίμων στα χωριά.", slug="food")
    factories.action(title_el="Μαθήματα", summary_el="Για παιδιά.")
    factories.news(peloponnese, title_el="Τρόφιμα αλλού")
    factories.news(title_el="Τρόφιμα αύριο", publish_at=timezone.now() + timedelta(days=1))
    for words in ("τροφιμα", "trofima", "ΔΙΑΝΟΜΗ τροφίμων"):
        assert titles(reader.get("/el/news/", {"q": words})) == ["Κινητή ομάδα"], words
        assert "/el/news/food/" in reader.get("/el/search/", {"q": words}).content.decode(), words
    assert titles(reader.get("/el/news/", {"q": "τίποτα τέτοιο"})) == []


def test_a_search_stems_no_text_anew(thessaly: Area) -> None:
    """Else ten thousand pieces of news take half a minute, whichever rows the plan walks through."""
    factories.news(text_el="Διανομή τροφίμων στα χωριά.")
    asked = NewsItem.objects.of(thessaly).current().holding("τροφίμων")
    assert "trofim" in asked.explain()
    assert "entaxis_stem" not in asked.explain()
    assert asked.get().get_deferred_fields() == {"stems"}, "only the database reads them"


def test_the_sitemap_holds_what_is_public_in_both_languages(reader: Client, thessaly: Area) -> None:
    factories.news(slug="out")
    factories.action(slug="done")
    factories.news(slug="later", publish_at=timezone.now() + timedelta(days=1))
    listed = reader.get("/sitemap.xml").content.decode()
    for path in ("/el/news/out/", "/en/news/out/", "/el/strategy/actions/done/"):
        assert f"http://thessaly.localhost{path}" in listed or f"localhost:8000{path}" in listed, path
    assert "later" not in listed


def test_the_list_leads_to_what_may_be_followed_by_mail(reader: Client, thessaly: Area) -> None:
    volos = factories.municipality()
    page = reader.get(f"/el/news/?municipality={volos.code}").content.decode()
    assert f"/el/subscribe/?follow=municipality%3A{volos.code}" in page


def test_queries_stay(reader: Client, thessaly: Area, queries_stay: Callable[..., int]) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            factories.action()
            event()

    for path in ("", "feed/", "events/", "calendar/2026/12/"):
        queries_stay(grow=grow, read=lambda path=path: reader.get(f"/el/news/{path}"))
    queries_stay(grow=grow, read=lambda: reader.get("/el/strategy/actions/"))


@pytest.mark.parametrize("size", [1, 40])
def test_an_article_costs_twelve_queries_and_an_action_fifteen_at_any_size(
    reader: Client, thessaly: Area, size: int
) -> None:
    fields = {"needs": ["food"], "target_groups": ["roma"], "text_el": "Λόγια.\n\n" * 100 * size}
    action = factories.action(slug="act", **fields)
    row = event(slug="day", action=action, kind="of_action", **fields)
    for each in (row, action):
        each.municipalities.add(factories.municipality())
    for _ in range(size):
        factories.news(action=action, kind="of_action")
        action.structures.add(factories.structure())
    for path, most in (("/el/news/day/", 12), ("/el/strategy/actions/act/", 15)):
        reader.get(path)
        with CaptureQueriesContext(connection) as context:
            assert reader.get(path).status_code == 200
        said = "\n".join(query["sql"][:150] for query in context.captured_queries)
        assert len(context) <= most, f"{path}\n{said}"
