"""The row that every publication is; `strategy.Action` and `portal.NewsItem` add what is their own."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.core import prose
from entaxis.core.media import in_language
from entaxis.core.review import Reviewed, State
from entaxis.core.stems import Stems, stem_query
from entaxis.directory.models import Structure
from entaxis.geography.models import Area


class Publisher(models.TextChoices):
    """Who speaks (R6)."""

    OBSERVATORY = "observatory", _("Observatory")
    MUNICIPALITY = "municipality", _("Municipality")
    BODY = "body", _("Body")
    STRUCTURE = "structure", _("Structure")


class PublicationQuerySet(models.QuerySet[Any]):
    """Publications, asked by who may see them."""

    def of(self, region: Area) -> Self:
        """Those of ``region``."""
        return self.filter(region=region)

    def whole(self) -> Self:
        """Rows of their own: changes that wait for review are left out."""
        return self.filter(original=None)

    def decided(self) -> Self:
        """Those that an editor let pass, today's and those of a day to come; archived ones too."""
        return self.whole().filter(state__in=[State.PUBLISHED, State.ARCHIVED])

    def public(self) -> Self:
        """Those that everybody may read now.

        Nothing before its hour; nothing of a structure whose place has become confidential.
        """
        return self.decided().filter(
            Q(structure=None) | Q(structure__is_confidential=False), publish_at__lte=timezone.now()
        )

    def holding(self, words: str) -> Self:
        """Those in whose title, summary or text every one of these words stands."""
        return self.filter(stems=stem_query(words))

    def current(self) -> Self:
        """The public ones that are not in the archive."""
        return self.public().filter(state=State.PUBLISHED)


class PublicationManager(models.Manager.from_queryset(PublicationQuerySet)):  # type: ignore[misc]
    """Rows without the stems of their words: only the database reads those."""

    def get_queryset(self) -> PublicationQuerySet:
        """All of them."""
        rows: PublicationQuerySet = super().get_queryset().defer("stems")
        return rows


class Publication(Reviewed):
    """Something that the Observatory, a body or a structure says to everybody.

    A change to what is public already is a row of its own that names its ``original``; when it passes the
    review its content replaces the original's, and it is gone.
    """

    region = models.ForeignKey(Area, models.PROTECT, related_name="+", editable=False)
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("body that speaks"),
    )
    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("structure that speaks"),
    )
    publisher = models.CharField(_("kind of publisher"), max_length=16, choices=Publisher, editable=False)
    slug = models.SlugField(_("address"), max_length=90, editable=False)
    title_el = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    summary_el = models.TextField(
        _("summary"), max_length=400, help_text=_("Two sentences: they stand in lists and mails.")
    )
    summary_en = models.TextField(_("English summary"), max_length=400, blank=True)
    text_el = models.TextField(
        _("text"),
        max_length=20_000,
        blank=True,
        help_text=_(
            "An empty line begins a paragraph, «## » a heading, «- » a list; **bold**, [words](address)."
        ),
    )
    text_en = models.TextField(_("English text"), max_length=20_000, blank=True)
    municipalities = models.ManyToManyField(
        Area,
        blank=True,
        related_name="+",
        verbose_name=_("municipalities"),
        help_text=_("None: the whole region."),
    )
    # keys of terms: they outlive versions of the code lists
    target_groups = ArrayField(
        models.SlugField(max_length=64), default=list, blank=True, verbose_name=_("target groups")
    )
    needs = ArrayField(models.SlugField(max_length=64), default=list, blank=True, verbose_name=_("themes"))
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(_("subscribers told"), null=True, blank=True, editable=False)
    original = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="revision", editable=False
    )
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)
    # kept, not only indexed: a plan that walks by date would stem every text anew, milliseconds each
    stems = models.GeneratedField(
        expression=Stems("title_el", "title_en", "summary_el", "summary_en", "text_el", "text_en"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PublicationManager()

    PAGE: ClassVar[str]  # the name of its public page's address

    # fields that the writing form holds; a room adds its own
    SHARED: ClassVar[tuple[str, ...]] = (
        *("body", "structure", "title_el", "title_en", "summary_el", "summary_en", "text_el", "text_en"),
        *("municipalities", "target_groups", "needs"),
    )
    OWN: ClassVar[tuple[str, ...]] = ()
    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "summary", "text")

    class Meta:
        """What is public has its hour; an address stands once; a structure speaks for its body."""

        abstract = True
        ordering = ["-publish_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["published", "archived"]) | Q(publish_at__isnull=False),
                name="%(app_label)s_%(class)s_has_its_hour",
            ),
            models.CheckConstraint(
                condition=Q(structure=None) | Q(body__isnull=False),
                name="%(app_label)s_%(class)s_structure_has_body",
            ),
            models.UniqueConstraint(
                fields=["region", "slug"],
                condition=Q(original=None),
                name="%(app_label)s_%(class)s_slug_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["stems"], name="%(app_label)s_%(class)s_stems"),
            # holds all that `current` asks: counts and pages are read from it alone
            models.Index(
                fields=["region", "-publish_at", "-id"],
                include=["state", "structure"],
                condition=Q(original=None, state__in=["published", "archived"]),
                name="%(app_label)s_%(class)s_list",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def content(cls) -> tuple[str, ...]:
        """The fields of the writing form, in its order."""
        return cls.SHARED + cls.OWN

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.title_el, self.title_en)

    @property
    def summary(self) -> str:
        """In the reader's language."""
        return in_language(self.summary_el, self.summary_en)

    @property
    def html(self) -> SafeString:
        """The text in the reader's language, safe to show."""
        return prose.html(in_language(self.text_el, self.text_en))

    @property
    def speaker(self) -> str:
        """Who speaks, by name; empty for the Observatory itself, whose name the brand knows."""
        return str(self.structure or self.body or "")

    @property
    def untranslated(self) -> list[str]:
        """The fields that stand in Greek and not in English."""
        return [
            str(self._meta.get_field(f"{name}_en").verbose_name)  # type: ignore[union-attr]
            for name in self.TRANSLATED
            if getattr(self, f"{name}_el") and not getattr(self, f"{name}_en")
        ]

    @property
    def is_waiting(self) -> bool:
        """Decided, and its hour has not come."""
        return (
            self.state == State.PUBLISHED
            and self.publish_at is not None
            and self.publish_at > timezone.now()
        )

    @property
    def is_public(self) -> bool:
        """Everybody may read it now: `PublicationQuerySet.public`, asked of one row."""
        return (
            self.original is None
            and self.state in {State.PUBLISHED, State.ARCHIVED}
            and self.publish_at is not None
            and self.publish_at <= timezone.now()
            and not (self.structure and self.structure.is_confidential)
        )

    @property
    def family(self) -> Any:
        """How the office calls it."""
        from entaxis.strategy.publications import families

        return families.of(self)

    @property
    def subject(self) -> "Publication":
        """The row that is, or will be, public."""
        found: Publication = self.original or self
        return found

    def spoken_by(self) -> Publisher:
        """Which kind of publisher body and structure make."""
        if self.structure_id:
            return Publisher.STRUCTURE
        if self.body is None or self.body.kind == Body.Kind.REGION:
            return Publisher.OBSERVATORY
        return Publisher.MUNICIPALITY if self.body.is_municipal else Publisher.BODY

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse(self.PAGE, args=[self.slug])

    def lacks(self) -> Iterable[str]:
        """What it still needs before it can be published, as sentences."""
        if not self.summary_el:
            yield gettext("There is no summary.")
