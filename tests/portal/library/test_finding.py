"""Words are parted as everywhere, whatever their letters."""

import pytest

from entaxis.core import greek
from entaxis.portal.library.finding import marked, stems_of


@pytest.mark.parametrize(
    "text",
    ["Η ΑΝΕΡΓΊΑ, του «Βόλου»: 12% (NEETs)", "İstanbul ﬁ – x_y", "Unemployment ABC [Z] `a` @B", "مساعدة"],
)
def test_every_word_of_the_text_has_its_stem(text: str) -> None:
    known = " ".join(stem for stem in stems_of(text, {}) if stem != "_")
    assert known.replace(" ", "") == greek.stem(text).replace(" ", "")


def test_an_excerpt_is_cut_around_the_word_and_loses_no_letter() -> None:
    text = " ".join(f"λέξη{n}" for n in range(50)) + " ανεργία, " + " ".join(f"τέλος{n}" for n in range(50))
    parts = marked(text, stems_of(text, {}), {"anerg"})
    assert [part for part, is_hit in parts if is_hit] == ["ανεργία"]
    inner = "".join(part for part, _ in parts).strip("… ")
    assert inner in text
    assert parts[0] == ("… ", False)
    assert parts[-1] == (" …", False)
