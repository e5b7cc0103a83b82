"""Atom: whatever a list shows can be followed, with the list's own filters and nobody's address."""

from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from entaxis.portal.news.queries import Stream

ENTRIES = 30


def atom(request: HttpRequest, title: str, list_url: str, stream: Stream) -> str:
    """The latest of ``stream`` as an Atom feed."""
    rows = stream[0:ENTRIES]
    address = request.build_absolute_uri
    feed = Atom1Feed(
        title=title,
        link=address(list_url),
        description="",
        language=get_language(),
        feed_url=address(),
        feed_guid=address(list_url),
    )
    for row in rows:
        url = address(row.get_absolute_url())
        feed.add_item(
            title=row.title,
            link=url,
            description=row.summary,
            unique_id=f"urn:uuid:{row.pk}",
            pubdate=row.publish_at,
            updateddate=max(row.publish_at, row.changed_at),
            author_name=row.speaker or title,
        )
    return str(feed.writeString("utf-8"))
