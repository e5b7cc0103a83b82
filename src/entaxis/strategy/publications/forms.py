"""The form in which a publication is written, and the small forms round it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Body, User
from entaxis.accounts.queries import bodies_of
from entaxis.accounts.rules import is_editor
from entaxis.core import media, uploads
from entaxis.core.review import Step
from entaxis.core.text import PlainText
from entaxis.directory.choices import Status
from entaxis.directory.models import Structure
from entaxis.directory.rules import granted
from entaxis.geography.models import Area, Level
from entaxis.strategy.publications import actions
from entaxis.strategy.publications.models import Publication
from entaxis.vocabularies.queries import terms

FURTHEST = timedelta(days=366)


class DateInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MomentInput(forms.DateTimeInput):
    """A day and hour, by the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class PublicationForm(PlainText, forms.ModelForm):  # type: ignore[type-arg]
    """The shared fields; bodies, structures and places are those this person may name."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target_groups = forms.MultipleChoiceField(
        label=gettext_lazy("target groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("themes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        """What every publication's form has."""

        widgets: ClassVar[dict[str, Any]] = {
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("summary_el", "summary_en")},
            **{name: forms.Textarea(attrs={"rows": 10}) for name in ("text_el", "text_en")},
            "municipalities": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, by: User, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.region = by, region
        row: Publication = self.instance
        if row._state.adding:
            row.region = region
        self.fields["version"].initial = row.version
        self._offer_bodies(row)
        inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
        self._choose("municipalities", inside.order_by("name_el"))
        for name in ("target_groups", "needs"):
            self.fields[name].choices = [(term.key, term.label) for term in terms(name)]  # type: ignore[attr-defined]

    def _offer_bodies(self, row: Publication) -> None:
        """Those one acts for; the one it already has stays, and a change stays with its original's."""
        kept = Structure.objects.of(self.region).filter(pk__in=list(granted(self.by)))
        acted_for = bodies_of(self.by, self.region)
        # whoever keeps one structure speaks as this structure, under the name of its body
        bodies = Body.objects.filter(Q(pk__in=acted_for) | Q(pk__in=kept.values("body"), dissolved_on=None))
        if row.original:
            bodies = Body.objects.filter(pk=row.body_id) if row.body_id else Body.objects.none()
        self._choose("body", bodies)
        is_free = is_editor(self.by, self.region)
        self.fields["body"].required = not is_free or (row.original is not None and row.body_id is not None)
        choice: Any = self.fields["body"]
        choice.empty_label = _("the Observatory") if is_free else _("choose")
        structures = (
            Structure.objects.of(self.region)
            .placed()
            .filter(Q(pk=row.structure_id) | Q(status=Status.PUBLISHED), body__in=bodies)
            .filter(Q(body__in=acted_for) | Q(pk__in=kept))
        )
        self.acted_for = acted_for
        self._choose("structure", structures.order_by("name_el"))

    def _choose(self, name: str, queryset: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        """A structure speaks under its own body."""
        cleaned = super().clean()
        structure, body = cleaned.get("structure"), cleaned.get("body")
        if structure and body and structure.body_id != body.pk:
            self.add_error("structure", _("This structure belongs to another body."))
        if body and not structure and not self.errors and not self.acted_for.filter(pk=body.pk).exists():
            self.add_error("structure", _("Choose the structure that you keep."))
        return cleaned

    def refuse_reversed(self, first: str, last: str, sentence: str) -> None:
        """Say at the later field that it lies before the earlier one."""
        begins, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begins and ends and ends < begins:
            self.add_error(last, sentence)

    def store(self) -> Publication:
        """Store the draft.

        Raises:
            ReviewError: somebody was quicker, or this person may not.
        """
        row: Publication = super().save(commit=False)
        return actions.store(
            row=row,
            by=self.by,
            version=self.cleaned_data.get("version") or self.instance.version,
            save_related=self.save_m2m,
        )


class StepForm(forms.Form):
    """A step of the review, as seen at a version."""

    step = forms.ChoiceField(choices=Step)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    publish_at = forms.DateTimeField(
        label=gettext_lazy("public from"),
        required=False,
        widget=MomentInput(),
        help_text=gettext_lazy("Empty: at once."),
    )

    def clean_publish_at(self) -> datetime | None:
        """Not further away than anybody plans."""
        moment: datetime | None = self.cleaned_data["publish_at"]
        if moment and moment > timezone.now() + FURTHEST:
            raise ValidationError(_("Choose an hour within a year."))
        return moment


class PictureForm(forms.Form):
    """A picture with its words."""

    picture = forms.FileField(
        label=gettext_lazy("picture"), help_text=gettext_lazy("JPEG, PNG or WebP, up to 8 MB.")
    )
    alt_el = forms.CharField(
        label=gettext_lazy("what the picture shows"),
        max_length=250,
        help_text=gettext_lazy("In one sentence, for those who do not see it. No names of people."),
    )
    alt_en = forms.CharField(
        label=gettext_lazy("what the picture shows, in English"), max_length=250, required=False
    )
    credit = forms.CharField(label=gettext_lazy("whose picture it is"), max_length=120, required=False)

    def clean_picture(self) -> media.Prepared:
        """The picture made anew, or a sentence why not."""
        try:
            return media.picture(self.cleaned_data["picture"])
        except uploads.UploadRefusedError as refused:
            raise ValidationError(str(refused)) from None


class FileForm(forms.Form):
    """A document with its title."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("PDF, Word, Excel or OpenDocument, up to 20 MB."),
    )
    title_el = forms.CharField(label=gettext_lazy("title of the file"), max_length=160)
    title_en = forms.CharField(
        label=gettext_lazy("title of the file, in English"), max_length=160, required=False
    )

    def clean_file(self) -> media.Prepared:
        """The document, or a sentence why not."""
        try:
            return media.attachment(self.cleaned_data["file"])
        except uploads.UploadRefusedError as refused:
            raise ValidationError(str(refused)) from None
