"""What readers ask of the library, and what editors write into it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Body
from entaxis.core.text import PlainText, without_controls
from entaxis.geography.models import Area
from entaxis.portal.library.finding import Asked
from entaxis.portal.library.reading import MOST_MEGABYTES
from entaxis.portal.models import PublicityOperation, Study
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import terms

ANY: Final = ("", gettext_lazy("Any"))


class AskForm(forms.Form):
    """What the list is narrowed to; a value that means nothing narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Words in the text"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("type"), required=False, choices=[ANY, *Study.Kind.choices])
    year = forms.TypedChoiceField(label=gettext_lazy("year"), required=False, coerce=int, empty_value=None)
    theme = forms.ChoiceField(label=gettext_lazy("theme"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("group concerned"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("municipality concerned"), required=False)
    author = forms.CharField(label=gettext_lazy("author"), required=False, max_length=100)

    def __init__(
        self,
        *args: Any,
        years: list[int],
        themes: dict[str, str],
        groups: dict[str, str],
        places: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[Any]] = {
            "year": [(year, str(year)) for year in years],
            "theme": list(themes.items()),
            "group": list(groups.items()),
            "place": list(places.items()),
        }
        for name, values in choices.items():
            self.fields[name].choices = [ANY, *values]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What was asked, as far as it means something."""
        self.is_valid()
        said = self.cleaned_data
        words = " ".join(without_controls(said.get("q", "")).split())
        return Asked(words=words, **{name: said.get(name) or default for name, default in _NOTHING.items()})


_NOTHING: Final[dict[str, Any]] = {"year": None} | dict.fromkeys(
    ("kind", "theme", "group", "author", "place"), ""
)


class StudyForm(PlainText, forms.ModelForm[Study]):
    """Everything that is written about a document."""

    themes = forms.MultipleChoiceField(
        label=gettext_lazy("themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    target_groups = forms.MultipleChoiceField(
        label=gettext_lazy("groups concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area_codes = forms.MultipleChoiceField(
        label=gettext_lazy("municipalities concerned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: the whole region."),
    )
    url = forms.URLField(
        label=gettext_lazy("where it was first published"),
        required=False,
        max_length=200,
        assume_scheme="https",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        """Files and status have forms of their own."""

        model = Study
        fields = [
            "kind",
            "title_el",
            "title_en",
            "summary_el",
            "summary_en",
            "year",
            "authors",
            "publisher",
            "language",
            "licence",
            "url",
            "themes",
            "target_groups",
            "area_codes",
            "operation",
        ]
        widgets = {
            "summary_el": forms.Textarea(attrs={"rows": 6}),
            "summary_en": forms.Textarea(attrs={"rows": 6, "lang": "en"}),
            "authors": forms.Textarea(attrs={"rows": 3}),
            "year": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        self.initial["seen"] = self.instance.revision
        limits: dict[str, Any] = {
            "publisher": Body.objects.filter(region=region).order_by("name_el"),
            "operation": PublicityOperation.objects.filter(brand__region=region),
        }
        for name, rows in limits.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        municipalities = sorted(Area.objects.municipalities().of(region), key=lambda area: area.name)
        choices: dict[str, list[Any]] = {
            "themes": [(term.key, term.label) for term in terms(Vocabulary.Name.NEEDS)],
            "target_groups": [(term.key, term.label) for term in terms(Vocabulary.Name.TARGET_GROUPS)],
            "area_codes": [(area.code, area.name) for area in municipalities],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A title has a word."""
        cleaned = super().clean()
        if not cleaned.get("title_el") and "title_el" not in self.errors:
            self.add_error("title_el", _("There is no word in it."))
        return cleaned


class FileForm(PlainText, forms.Form):
    """A new version."""

    file = forms.FileField(
        label=gettext_lazy("PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    note_el = forms.CharField(
        label=gettext_lazy("what is new in this version"), required=False, max_length=300
    )
    note_en = forms.CharField(label=gettext_lazy("what is new, in English"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("At most %(megabytes)s MB. Text inside makes it searchable.") % {
            "megabytes": MOST_MEGABYTES
        }
