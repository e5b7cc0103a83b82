"""What the site-wide search reads of a page."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class _Stems(Func):
    """A vector of stems: Greek accents, endings and Greeklish are forgiven, as in the directory."""

    template = "setweight(to_tsvector('simple', entaxis_stem(%(expressions)s)), '%(weight)s')"


class PageText(models.Model):
    """The words of one live page; kept by the signals of publishing."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="search_text")
    title = models.TextField(_("title"))
    text = models.TextField(_("text"))
    vector = models.GeneratedField(
        expression=Func(
            _Stems(F("title"), weight="A", output_field=SearchVectorField()),
            _Stems(F("text"), weight="C", output_field=SearchVectorField()),
            template="(%(expressions)s)",
            arg_joiner=" || ",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        """Searched by its vector."""

        verbose_name = _("words of a page")
        verbose_name_plural = _("words of pages")
        indexes = [GinIndex(fields=["vector"], name="page_text_vector")]

    def __str__(self) -> str:
        return self.title
