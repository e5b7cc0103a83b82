"""The pages that a newcomer needs first are whole in Albanian, Arabic, Russian and Ukrainian (R7b)."""

import pytest

from tests.messages import ROOMS, catalogue, messages_of

COMPONENTS = [
    file
    for file in sorted((ROOMS / "core/templates/components").glob("*.html"))
    if file.stem not in {"figure", "error_summary", "field"}
]
NEWCOMERS = [
    *COMPONENTS,
    ROOMS / "core/templates/core/base.html",
    *(
        ROOMS / f"portal/templates/portal/{name}.html"
        for name in ("emergency", "rights", "newcomers", "error")
    ),
    *(ROOMS / f"portal/{name}.py" for name in ("guidance", "context", "errors")),
    *sorted(
        file
        for name in ("search.html", "structure.html", "_service.html", "_pages.html")
        for file in (ROOMS / "directory/templates/directory").glob(name)
    ),
    *(
        ROOMS / f"directory/{name}.py"
        for name in ("choices", "forms", "guards", "pages", "picture", "schedule", "search_views")
    ),
]


@pytest.mark.parametrize("language", ["sq", "ar", "ru", "uk"])
def test_every_sentence_of_these_pages_is_translated(language: str) -> None:
    missing = sorted(messages_of(*NEWCOMERS) - catalogue(language).keys())
    assert not missing, f"not in {language}:\n" + "\n".join(map(repr, missing))
