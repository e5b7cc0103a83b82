"""What people of bodies write for readers: requests for volunteers, good practices, networks."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts import queries as accounts
from entaxis.accounts.models import Body, User
from entaxis.core.review import Step
from entaxis.core.text import PlainText
from entaxis.directory.models.structures import Structure
from entaxis.directory.network import choices
from entaxis.directory.network.models import Network, Practice, VolunteerRequest
from entaxis.directory.rules import granted
from entaxis.geography.models import Area

LONGEST: Final = timedelta(days=365)
TEXTS: Final = ["body", "title_el", "title_en", "text_el", "text_en"]
ABOUT: Final = ["themes", "target_groups", "municipality"]


class PieceForm(PlainText, forms.ModelForm[Any]):
    """A text of one of the bodies that the person acts for."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, region: Area, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        self.initial["seen"] = 0 if self.instance._state.adding else self.instance.version
        self.acted_for = accounts.bodies_of(user, region)
        self.kept = self._kept_by(user)
        limits: dict[str, Any] = {
            "body": Body.objects.filter(
                Q(pk__in=self.acted_for) | Q(pk__in=self.kept.values("body"), dissolved_on=None)
            ).order_by("name_el"),
            "municipality": Area.objects.municipalities().of(region).order_by("name_el"),
            "structure": Structure.objects.of(region)
            .published()
            .placed()
            .filter(Q(body__in=self.acted_for) | Q(pk__in=self.kept))
            .order_by("name_el"),
        }
        for name, rows in limits.items():
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
        said = {"themes": choices.themes, "target_groups": choices.groups}
        for name, terms in said.items():
            if name in self.fields:
                self.fields[name] = forms.MultipleChoiceField(
                    label=self.fields[name].label,
                    required=name == "themes",
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(term.key, term.label) for term in terms()],
                )
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 5} | ({"lang": "en"} if name.endswith("_en") else {})

    def _kept_by(self, user: User) -> "QuerySet[Structure]":
        """The structures whose entries alone the person keeps; they matter to requests for volunteers."""
        return Structure.objects.none()


class RequestForm(PieceForm):
    """A request for volunteers."""

    class Meta:
        """Whatever helps somebody to decide."""

        model = VolunteerRequest
        fields = [*TEXTS, "structure", *ABOUT, "times", "needs_vetting", "expires_on"]
        widgets = {"expires_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def _kept_by(self, user: User) -> "QuerySet[Structure]":
        return Structure.objects.of(self.instance.region).filter(pk__in=list(granted(user)))

    def clean_expires_on(self) -> Any:
        """A day to come, within a year."""
        day = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Where minors or old people are concerned, volunteers are checked; the place is the body's own."""
        cleaned = super().clean()
        structure, body = cleaned.get("structure"), cleaned.get("body")
        is_there = structure and structure.kind.key in choices.PROTECTED_KINDS
        if is_there or choices.PROTECTED_GROUPS & set(cleaned.get("target_groups") or ()):
            cleaned["needs_vetting"] = self.instance.needs_vetting = True
        if structure and body and structure.body_id != body.pk:
            self.add_error("structure", _("This structure belongs to another body."))
        elif body and not self.acted_for.filter(pk=body.pk).exists() and structure not in self.kept:
            self.add_error("structure", _("Choose the structure that you keep."))
        return cleaned


class PracticeForm(PieceForm):
    """A good practice."""

    class Meta:
        """What was done, what came of it, what was learnt."""

        model = Practice
        fields = [
            *TEXTS,
            *("results_el", "results_en", "learnt_el", "learnt_en", "costs_el", "costs_en"),
            "years",
            *ABOUT,
        ]


class NetworkForm(PieceForm):
    """The page of a network."""

    class Meta:
        """Its aims, and what it stands on."""

        model = Network
        fields = [*TEXTS, "is_formal", "basis"]
        labels = {
            "body": gettext_lazy("body that coordinates"),
            "title_el": gettext_lazy("name"),
            "title_en": gettext_lazy("English name"),
            "text_el": gettext_lazy("aims"),
            "text_en": gettext_lazy("aims, in English"),
        }


FORMS: Final[dict[str, type[PieceForm]]] = {
    "requests": RequestForm,
    "practices": PracticeForm,
    "networks": NetworkForm,
}


class StepForm(PlainText, forms.Form):
    """A step with a piece, about the version that was seen."""

    step = forms.ChoiceField(
        label=gettext_lazy("What shall happen?"), widget=forms.RadioSelect, choices=Step.choices
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    WORDS: Final = {
        Step.SUBMIT: gettext_lazy("Send it to the Observatory for review"),
        Step.TAKE_BACK: gettext_lazy("Take it back to write on"),
        Step.ASK_BACK: gettext_lazy("Ask back, with a reason"),
        Step.PUBLISH: gettext_lazy("Publish"),
        Step.WITHDRAW: gettext_lazy("Withdraw it from readers, with a reason"),
        Step.REOPEN: gettext_lazy("Open it again as a draft"),
    }

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (step.value, self.WORDS[step]) for step in steps
        ]
