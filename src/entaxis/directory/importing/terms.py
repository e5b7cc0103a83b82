"""Finding terms and choices by their key or by the words people write for them."""

import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from entaxis.core import greek
from entaxis.directory.importing.columns import in_both_languages
from entaxis.directory.importing.values import ValueFault
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Vocabulary

LIKE_ENOUGH = 72  # of 100, for asking “did you mean”


class Terms:
    """One code list in force, by every word for its terms."""

    def __init__(self, name: Vocabulary.Name) -> None:
        self.terms = queries.by_key(name)
        self._title = Vocabulary.Name(name).label
        self._forms: dict[str, str] = {}
        self._stems: dict[str, str | None] = {}
        for key, term in self.terms.items():
            for text in (
                key,
                term.label_el,
                term.label_en,
                term.plural_el,
                term.plural_en,
                term.abbreviation_el,
            ):
                self._add(text, key)

    def one(self, raw: str) -> str:
        """The key of the term that ``raw`` means; raises `ValueFault`."""
        key = self._find(raw)
        if key is None:
            raise ValueFault("term_unknown", word=raw[:80], list=str(self._title), hint=self._hint(raw))
        return key

    def several(self, raw: str) -> tuple[str, ...]:
        """The keys of all terms that ``raw`` lists, in order, each once.

        A label may itself hold commas: a piece between stronger separators is tried whole first.
        """
        found: dict[str, None] = {}
        for piece in re.split(r"[;|\n]", raw):
            if not piece.strip():
                continue
            whole = self._find(piece)
            for word in [piece] if whole else piece.split(","):
                if word.strip():
                    found[self.one(word.strip())] = None
        return tuple(found)

    def _add(self, text: str, key: str) -> None:
        form = _form(text)
        if not form:
            return
        self._forms.setdefault(form, key)
        stem = greek.stem(form)
        same = self._stems.get(stem, key)
        self._stems[stem] = key if same == key else None

    def _find(self, raw: str) -> str | None:
        form = _form(raw)
        return self._forms.get(form) or self._stems.get(greek.stem(form)) if form else None

    def _hint(self, raw: str) -> str:
        best = process.extractOne(
            _form(raw), list(self._forms), scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH
        )
        return hint(str(self.terms[self._forms[best[0]]])) if best else ""


class Choices:
    """A small closed list, by its values and by its labels in both languages."""

    def __init__(self, labels: Mapping[str, str | Promise]) -> None:
        self._labels = labels
        self._forms: dict[str, str] = {}
        for value, label in labels.items():
            for text in (value, *in_both_languages(label)):
                self._forms.setdefault(_form(text), value)

    def one(self, raw: str) -> str:
        """The value that ``raw`` means; raises `ValueFault`."""
        value = self._forms.get(_form(raw))
        if value is None:
            choices = ", ".join(str(label) for label in self._labels.values())
            raise ValueFault("choice_unknown", word=raw[:80], choices=choices)
        return value

    def several(self, pieces: Iterable[str]) -> tuple[str, ...]:
        """The same for a list."""
        return tuple(dict.fromkeys(self.one(piece) for piece in pieces))


def hint(name: str) -> str:
    """A question to add to a sentence about something unknown."""
    return " " + _("Did you mean “%(name)s”?") % {"name": name}


def _form(text: str) -> str:
    return " ".join(greek.words(text.replace("_", " ")))
