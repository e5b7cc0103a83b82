"""How a document is cited: as a sentence, as BibTeX, and as schema.org's data for search engines."""

import json
import re
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from entaxis.portal.models import Study, StudyFile

_BIBTEX = re.compile(r"([\\{}$&#%_^~])")
_NAMES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_TYPES = {Study.Kind.STUDY: "ScholarlyArticle", Study.Kind.LEGAL: "Legislation"}


def publisher_of(study: Study, observatory: str) -> str:
    """Who publishes it."""
    return str(study.publisher) if study.publisher else observatory


def sentence(study: Study, file: StudyFile | None, *, url: str, observatory: str) -> str:
    """Authors (year). Title (version n). Publisher. Address."""
    version = f" ({_('version %(number)s') % {'number': file.number}})" if file else ""
    authors = "; ".join(study.author_list) or publisher_of(study, observatory)
    return f"{authors} ({study.year}). {study.title}{version}. {publisher_of(study, observatory)}. {url}"


def bibtex(study: Study, file: StudyFile | None, *, url: str, observatory: str) -> str:
    """An entry that BibTeX and Zotero read; signs that TeX would obey are written out."""
    rows = {
        "title": "{" + _tex(study.title) + "}",
        "author": " and ".join("{" + _tex(name) + "}" for name in study.author_list),
        "institution": _tex(publisher_of(study, observatory)),
        "year": str(study.year),
        "number": str(file.number) if file else "",
        "url": url,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows.items() if value)
    return f"@techreport{{entaxis-{str(study.pk)[:8]},\n{lines}\n}}\n"


def _tex(text: str) -> str:
    return _BIBTEX.sub(lambda sign: _NAMES.get(sign.group(), "\\" + sign.group()), " ".join(text.split()))


def linked_data(study: Study, file: StudyFile | None, **facts: str) -> SafeString:
    """schema.org's description, safe inside a ``<script type="application/ld+json">``: data, never run.

    ``facts``: ``url``, ``file_url``, ``observatory``.
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(Study.Kind(study.kind), "Report"),
        "name": study.title,
        "url": facts["url"],
        "datePublished": str(study.year),
        "inLanguage": study.language.split("-"),
        "abstract": study.summary,
        "author": study.author_list,
        "publisher": {"@type": "Organization", "name": publisher_of(study, facts["observatory"])},
        "license": study.licence_url,
    }
    if file:
        data["version"] = str(file.number)
        data["encoding"] = {
            "@type": "MediaObject",
            "contentUrl": facts["file_url"],
            "encodingFormat": "application/pdf",
            "contentSize": str(file.size_bytes),
            "sha256": file.sha256,
        }
    kept = {key: value for key, value in data.items() if value}
    return mark_safe(
        json.dumps(kept, ensure_ascii=False).translate(_SCRIPT)
    )  # the signs of markup are gone
