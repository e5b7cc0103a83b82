"""News that stood as pages in an older version are carried over whole."""

import importlib
import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from entaxis.geography.models import Area
from entaxis.portal.models import RegionBrand

moved = importlib.import_module("entaxis.portal.migrations.0005_news_moved")


def test_what_an_article_said_becomes_prose() -> None:
    rich = (
        '<h3>Who</h3><p>All <b>here</b>: <a href="https://example.org/a">form</a>,'
        ' <a linktype="page" id="3">page</a></p><ul><li>one</li></ul>'
    )
    blocks = [
        {"type": "heading", "value": "When &amp; where", "id": "1"},
        {"type": "text", "value": rich, "id": "2"},
        {"type": "notice", "value": {"kind": "info", "title": "Careful", "text": "Bring it."}, "id": "3"},
        {"type": "document", "value": 7, "id": "4"},
    ]
    assert moved.words(json.dumps(blocks)) == (
        "## When & where\n\n## Who\n\nAll **here**: [form](https://example.org/a), page\n\n- one"
        "\n\nCareful\n\nBring it."
    )


@pytest.mark.django_db
def test_pages_of_news_become_rows_and_go(thessaly: Area, brand: RegionBrand, as_owner: None) -> None:
    run("0004_news")
    old = MigrationExecutor(connection).loader.project_state([("portal", "0004_news")]).apps
    home = brand.site.root_page.specific
    _page(old, home, "NewsIndexPage", "news", {})
    said = json.dumps([{"type": "text", "value": "<p>All are welcome.</p>", "id": "1"}])
    fields = {"date": date(2025, 3, 4), "kind": "announcement", "publisher": "municipality", "body": said}
    _page(old, home, "NewsPage", "news-open-day", fields | {"lead": "An open day."})
    pages = old.get_model("wagtailcore", "Page").objects.count()
    run("0006_news_pages_gone")
    from entaxis.portal.models import NewsItem

    item = NewsItem.objects.get(region=thessaly, slug="news-open-day")
    assert (item.text_el, item.summary_el, item.state) == ("All are welcome.", "An open day.", "published")
    assert item.publish_at is not None
    assert item.publish_at.astimezone().date() <= date(2025, 3, 4)
    assert old.get_model("wagtailcore", "Page").objects.count() == pages - 2
    home.refresh_from_db()
    assert home.numchild == home.get_children().count()


def run(name: str) -> None:
    """Migrate the portal to ``name``; what waits for the end of the transaction is checked first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("portal", name)])


def _page(old: Any, home: Any, model: str, slug: str, fields: dict[str, Any]) -> SimpleNamespace:
    """A page below ``home``, as an older version kept it."""
    content_type = old.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="portal", model=model.lower()
    )[0]
    home.refresh_from_db()
    last = home.get_last_child()
    path = last._inc_path() if last else home._get_path(home.path, home.depth + 1, 1)
    page = old.get_model("portal", model).objects.create(
        path=path, depth=home.depth + 1, numchild=0, title="Open day", draft_title="Open day", slug=slug,
        url_path=f"{home.url_path}{slug}/", live=True, locale_id=home.locale_id,
        content_type=content_type, **fields,
    )  # fmt: skip
    type(home).objects.filter(pk=home.pk).update(numchild=home.numchild + 1)
    return page
