"""Versioned code lists. A published version is never changed: a new one follows it."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.Model):
    """One version of one code list."""

    class Name(models.TextChoices):
        """The code lists of the platform."""

        NEEDS = "needs", _("Needs")
        SERVICES = "services", _("Services")
        STRUCTURE_KINDS = "structure_kinds", _("Kinds of structure")
        TARGET_GROUPS = "target_groups", _("Target groups")
        VULNERABLE_GROUPS = "vulnerable_groups", _("Vulnerable groups")
        LAW_4430_2016 = "law_4430_2016", _("Groups of law 4430/2016")
        ESF_PLUS = "esf_plus", _("Participants of ESF+")

    SEARCHED = (Name.NEEDS, Name.SERVICES, Name.STRUCTURE_KINDS, Name.TARGET_GROUPS)

    name = models.CharField(_("name"), max_length=32, choices=Name)
    version = models.PositiveSmallIntegerField(_("version"))
    is_current = models.BooleanField(_("in force"), default=False)
    published_at = models.DateTimeField(_("published"))
    checksum = models.CharField(_("checksum of its source"), max_length=64)
    source_el = models.CharField(_("where it comes from"), max_length=300, blank=True)
    source_en = models.CharField(_("where it comes from, in English"), max_length=300, blank=True)

    class Meta:
        """One version in force of each list."""

        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="vocabulary_version_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_current=True), name="vocabulary_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.version}"

    @property
    def source(self) -> str:
        """Where it comes from, in the reader's language; empty: the platform's own words."""
        return in_language(self.source_el, self.source_en, {})


class Term(models.Model):
    """One entry of one version of a list; its key stays the same through versions."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms")
    key = models.SlugField(_("key"), max_length=64)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    label_el = models.CharField(_("label"), max_length=160)
    label_en = models.CharField(_("English label"), max_length=160)
    labels: Any = models.JSONField(
        _("labels in other languages"),
        default=dict,
        blank=True,
        help_text=_("By language: the text, and whether a speaker has checked it."),
    )  # beside the term itself: whoever shows a term needs no further question
    plural_el = models.CharField(_("plural"), max_length=160, blank=True)
    plural_en = models.CharField(_("English plural"), max_length=160, blank=True)
    abbreviation_el = models.CharField(_("abbreviation"), max_length=32, blank=True)
    definition_el = models.TextField(_("definition"), blank=True)
    definition_en = models.TextField(_("English definition"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_confidential = models.BooleanField(
        _("its places are confidential"),
        default=False,
        help_text=_("For kinds of structure: no place of this kind may ever be shown."),
    )
    is_sensitive = models.BooleanField(
        _("asking for it is sensitive"),
        default=False,
        help_text=_("For needs: the search leaves no trace in address, history or log."),
    )
    is_retired = models.BooleanField(_("no longer used"), default=False)

    class Meta:
        """A key stands once in a version."""

        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["order", "label_el"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "key"], name="term_key_once"),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="term_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the reader's language; English where nobody has written one."""
        return in_language(self.label_el, self.label_en, self.other_labels)

    @property
    def plural(self) -> str:
        """The plural in the reader's language, or the label where there is none."""
        return in_language(
            self.plural_el or self.label_el, self.plural_en or self.label_en, self.other_labels
        )

    @property
    def other_labels(self) -> dict[str, str]:
        """Labels in languages other than Greek and English, checked or not."""
        return {language: each["text"] for language, each in self.labels.items()}

    @property
    def definition(self) -> str:
        """The definition in the reader's language."""
        return in_language(self.definition_el, self.definition_en, {})


def in_language(greek: str, english: str, others: dict[str, str]) -> str:
    """Of texts that mean the same, the one that the reader reads; English where there is none."""
    language = (get_language() or "el").split("-")[0]
    return greek if language == "el" else others.get(language, english)


class SynonymQuerySet(models.QuerySet["Synonym"]):
    """Phrases, asked by whether searching hears them."""

    def in_force(self) -> "SynonymQuerySet":
        """Those of lists in force that are neither taken out nor waiting."""
        return self.filter(term__vocabulary__is_current=True, is_removed=False).exclude(
            status=Synonym.Status.PROPOSED
        )


# A phrase of a file tells its history from the first change on: the file tells what it was before.
@pghistory.track(
    pghistory.InsertEvent(condition=pgtrigger.Q(new__origin="office")),
    pghistory.UpdateEvent("before", row=pghistory.Old),
    pghistory.UpdateEvent(),
)
class Synonym(models.Model):
    """How people say it: a word or phrase that leads to a term.

    The office never deletes a row: what it takes out stays, marked, so that it can be put back and so
    that no later version of the files brings it in again. Phrase, language and term of a row stay what
    they are; another wording is another row.
    """

    class Origin(models.TextChoices):
        """Where the phrase comes from: what a new version of the files may replace."""

        FILE = "file", _("the platform's files")
        OFFICE = "office", _("the office")

    class Status(models.TextChoices):
        """Who stands behind the phrase."""

        PROPOSED = "proposed", _("proposed, not in force yet")
        DRAFT = "draft", _("draft, not yet checked")
        CHECKED = "checked", _("checked by a speaker")

    term = models.ForeignKey(Term, models.CASCADE, related_name="synonyms")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    phrase = models.CharField(_("word or phrase"), max_length=160)
    weight = models.DecimalField(_("weight (0–1)"), max_digits=3, decimal_places=2, default=1)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.OFFICE)
    is_removed = models.BooleanField(_("taken out"), default=False)

    objects = SynonymQuerySet.as_manager()

    class Meta:
        """A phrase leads to a term once in a language."""

        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.UniqueConstraint(fields=["term", "language", "phrase"], name="synonym_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=1), name="synonym_weight_share"),
        ]

    def __str__(self) -> str:
        return self.phrase


class TermCrosswalk(models.Model):
    """How a term of one list stands to a term of another."""

    class Relation(models.TextChoices):
        """SKOS's mapping relations, and ours: a service answers a need, a kind offers a service."""

        EXACT = "exact", _("the same")
        BROAD = "broad", _("wider")
        NARROW = "narrow", _("narrower")
        RELATED = "related", _("related")
        ANSWERS = "answers", _("is answered by")
        OFFERS = "offers", _("is offered by")

    source = models.ForeignKey(Term, models.CASCADE, related_name="leads_to")
    target = models.ForeignKey(Term, models.CASCADE, related_name="reached_from")
    relation = models.CharField(_("relation"), max_length=8, choices=Relation)
    weight = models.DecimalField(_("weight (0–1)"), max_digits=3, decimal_places=2, default=1)

    class Meta:
        """Two terms stand in one relation once."""

        verbose_name = _("crosswalk of terms")
        verbose_name_plural = _("crosswalks of terms")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="term_crosswalk_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="term_crosswalk_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
