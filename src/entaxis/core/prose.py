"""What people outside the Observatory write: paragraphs, headings, lists, emphasis, links. Nothing else.

Markup of their own is shown as the text it is. What comes out is cleaned once more, so that a fault in
the reader of the text cannot become a script on a page.
"""

from functools import cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {"p", "br", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote"}
SCHEMES: Final = {"https", "http", "mailto", "tel"}


def html(text: str) -> SafeString:
    """``text`` as safe HTML; headings begin at the third level, below the page's own."""
    written = _reader().render(text)
    for level in (4, 3, 2, 1):  # downward, so that none is lowered twice
        written = written.replace(f"<h{level}>", f"<h{min(level + 2, 4)}>")
        written = written.replace(f"</h{level}>", f"</h{min(level + 2, 4)}>")
    clean = nh3.clean(
        written,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(clean)  # cleaned by nh3


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False})
    return reader.disable(["image", "code", "fence", "html_block", "html_inline", "reference"])
