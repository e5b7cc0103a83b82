"""The library: studies, strategies and other documents, their files and the words inside them."""

import re
import uuid
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from entaxis.accounts.models import Body, User
from entaxis.geography.models import Area
from entaxis.portal.models.brand import PublicityOperation, in_language

FIRST_YEAR, LAST_YEAR = 1900, 2100


class StudyQuerySet(models.QuerySet["Study"]):
    """Documents, asked by name."""

    def of(self, region: Area) -> "StudyQuerySet":
        """Those of ``region``."""
        return self.filter(region=region)

    def published(self) -> "StudyQuerySet":
        """Those that readers see."""
        return self.filter(status=Study.Status.PUBLISHED)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    exclude=["revision", "last_modified", "authors_fold"],
    app_label="portal",
)
class Study(models.Model):
    """A document of the library (R5): what it is, whom it concerns, how it may be used and cited."""

    class Kind(models.TextChoices):
        """What it is."""

        STUDY = "study", _("Study")
        FIELD_RESEARCH = "field_research", _("Field research")
        STRATEGY = "strategy", _("Strategy")
        REPORT = "report", _("Report")
        GUIDE = "guide", _("Guide")
        LEGAL = "legal", _("Legal text")

    class Status(models.TextChoices):
        """Whether readers see it."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Licence(models.TextChoices):
        """What others may do with it."""

        CC_BY = "cc-by-4.0", _("Creative Commons Attribution 4.0")
        CC_BY_SA = "cc-by-sa-4.0", _("Creative Commons Attribution – ShareAlike 4.0")
        CC0 = "cc0-1.0", _("No rights reserved (CC0 1.0)")
        OFFICIAL = "official", _("Official text, free of rights")
        RESERVED = "reserved", _("All rights reserved: ask the publisher")

    class Language(models.TextChoices):
        """What it is written in."""

        GREEK = "el", _("Greek")
        ENGLISH = "en", _("English")
        BOTH = "el-en", _("Greek and English")
        OTHER = "und", _("Another language")

    LICENCE_ADDRESSES = {
        Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
        Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
        Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="studies", editable=False)
    status = models.CharField(
        _("status"), max_length=16, choices=Status, default=Status.DRAFT, editable=False
    )
    kind = models.CharField(_("type"), max_length=16, choices=Kind)
    title_el = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    summary_el = models.TextField(_("summary in plain Greek"), max_length=3000, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=3000, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    authors = models.TextField(
        _("authors"), max_length=1500, blank=True, help_text=_("One a line: people or bodies.")
    )
    authors_fold = models.GeneratedField(
        expression=Func(F("authors"), function="entaxis_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )
    publisher = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="studies",
        verbose_name=_("publisher"),
        help_text=_("Empty: the Observatory."),
    )
    licence = models.CharField(_("licence"), max_length=16, choices=Licence)
    language = models.CharField(
        _("language of the text"), max_length=8, choices=Language, default=Language.GREEK
    )
    # Keys and codes, which stay the same through the versions of the lists and registers.
    themes = ArrayField(models.SlugField(max_length=64), verbose_name=_("themes"), default=list, blank=True)
    target_groups = ArrayField(
        models.SlugField(max_length=64), verbose_name=_("groups concerned"), default=list, blank=True
    )
    area_codes = ArrayField(
        models.CharField(max_length=8), verbose_name=_("municipalities concerned"), default=list, blank=True
    )
    url = models.URLField(
        _("where it was first published"),
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    operation = models.ForeignKey(
        PublicityOperation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="studies",
        verbose_name=_("co-funded operation it belongs to"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    is_synthetic = models.BooleanField(_("demonstration document"), default=False, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        """What readers see has a date; a year is a year."""

        verbose_name = _("document of the library")
        verbose_name_plural = _("documents of the library")
        ordering = ["-year", "title_el", "pk"]
        indexes = [models.Index(fields=["region", "status", "-year"], name="study_listed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="study_year_is_one"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="study_published_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page readers see."""
        return reverse("library:study", kwargs={"pk": self.pk})

    @property
    def title(self) -> str:
        """Title in the reader's language."""
        return in_language(self.title_el, self.title_en)

    @property
    def summary(self) -> str:
        """Summary in the reader's language."""
        return in_language(self.summary_el, self.summary_en) or self.summary_en

    @property
    def author_list(self) -> list[str]:
        """The authors, one each."""
        return [line.strip() for line in self.authors.splitlines() if line.strip()]

    @property
    def licence_url(self) -> str:
        """Where the licence can be read; empty where it has no page."""
        return self.LICENCE_ADDRESSES.get(self.Licence(self.licence), "")


def stored_as(instance: "StudyFile", name: str) -> str:
    """By document and checksum: what the uploader called it says nothing here."""
    return f"library/{instance.study_id}/{instance.sha256}.pdf"


class StudyFile(models.Model):
    """A version of a document: versions are added, none is ever replaced."""

    class State(models.TextChoices):
        """What became of reading it."""

        WAITING = "waiting", _("Waiting to be read")
        READ = "read", _("Read")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(upload_to=stored_as, max_length=160)
    name = models.CharField(_("name of the file"), max_length=120)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("checksum (SHA-256)"), max_length=64)
    page_count = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    has_text = models.BooleanField(_("can be searched inside"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    problem: Any = models.JSONField(default=dict, blank=True)
    note_el = models.CharField(_("what is new in this version"), max_length=300, blank=True)
    note_en = models.CharField(_("what is new, in English"), max_length=300, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """A number and a content stand once in a document."""

        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="study_file_number_once"),
            models.UniqueConstraint(
                fields=["study", "sha256"], condition=~Q(state="refused"), name="study_file_content_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="study_file_checksum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study} – {self.number}"

    @property
    def note(self) -> str:
        """What is new, in the reader's language."""
        return in_language(self.note_el, self.note_en)

    @property
    def is_read(self) -> bool:
        """Whether readers may have it."""
        return self.state == self.State.READ

    @property
    def download_name(self) -> str:
        """A name that says what it is, in letters that every system knows."""
        return f"{re.sub(r'[^a-z0-9]+', '-', str(self.study_id)[:8])}-v{self.number}.pdf"


class StudyPage(models.Model):
    """The text of one page of a version, and the stem of each of its words."""

    file = models.ForeignKey(StudyFile, models.CASCADE, related_name="text_pages")
    number = models.PositiveSmallIntegerField(_("page"))
    text = models.TextField(_("text"))
    stems = models.TextField(help_text="One for each word of the text, a space before, between and after.")

    class Meta:
        """A page stands once."""

        verbose_name = _("page of a document")
        verbose_name_plural = _("pages of documents")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="study_page_once")]

    def __str__(self) -> str:
        return f"{self.file_id}, {self.number}"


class StudyText(models.Model):
    """What the search reads of a document: a short vector to rank by, and every stem in it to find by."""

    study = models.OneToOneField(Study, models.CASCADE, primary_key=True, related_name="search_text")
    head = SearchVectorField()
    words = SearchVectorField()

    class Meta:
        """Found by its stems."""

        verbose_name = _("words of a document")
        verbose_name_plural = _("words of documents")
        indexes = [GinIndex(fields=["words"], name="study_text_words")]

    def __str__(self) -> str:
        return str(self.study_id)


class StudyMention(models.Model):
    """A page that links to a document; kept by the signals of publishing."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="mentions")
    page = models.ForeignKey(Page, models.CASCADE, related_name="studies_mentioned")

    class Meta:
        """A page counts once."""

        verbose_name = _("page that links to a document")
        verbose_name_plural = _("pages that link to documents")
        constraints = [models.UniqueConstraint(fields=["study", "page"], name="study_mention_once")]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.study_id}"
