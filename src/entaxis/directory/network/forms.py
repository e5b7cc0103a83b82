"""What readers ask of the network, and what visitors and bodies write into it."""

from datetime import timedelta
from typing import Any, Final, TypeVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, User
from entaxis.core.rates import is_within
from entaxis.core.text import PlainText, without_controls
from entaxis.directory.network import choices
from entaxis.directory.network.models import (
    BodyProfile,
    Introduction,
    Letter,
    VolunteerOffer,
    VolunteerRequest,
)
from entaxis.directory.network.models.letters import Writing
from entaxis.directory.network.queries import Asked
from entaxis.geography.models import Area
from entaxis.notifications import addresses

ANY: Final = ("", gettext_lazy("Any"))
MOST_AN_HOUR: Final = 10  # from one network address, which a whole office or village may share
MOST_A_DAY: Final = 5  # from one mailbox or account
MOST_WAITING: Final = 60  # of one body
MOST_LINKS: Final = 1


class FilterForm(forms.Form):
    """Theme and place, which requests and practices are narrowed to."""

    theme = forms.ChoiceField(label=gettext_lazy("theme"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("municipality"), required=False)

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {
            "theme": [(term.key, term.label) for term in choices.themes()],
            "municipality": municipalities(region),
        }
        for name, values in said.items():
            self.fields[name].choices = [ANY, *values]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as far as it means something."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("theme", "municipality")}


def municipalities(region: Area) -> list[tuple[str, str]]:
    """Code and name of each municipality of the region, by name in the reader's language."""
    areas = sorted(Area.objects.municipalities().of(region), key=lambda area: area.name)
    return [(area.code, area.name) for area in areas]


class AskForm(forms.Form):
    """What the list of bodies is narrowed to; a value that means nothing narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Name or words"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("kind"), required=False, choices=[ANY, *Body.Kind.choices])
    municipality = forms.ChoiceField(label=gettext_lazy("municipality"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("theme"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("for whom"), required=False)

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_groups = [term for term in choices.groups() if term.key not in choices.SENSITIVE_GROUPS]
        said = {
            "municipality": municipalities(region),
            "theme": [(term.key, term.label) for term in choices.themes()],
            "group": [(term.key, term.label) for term in open_groups],
        }
        for name, values in said.items():
            self.fields[name].choices = [ANY, *values]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What was asked, as far as it means something."""
        self.is_valid()
        said = self.cleaned_data
        narrowed = {name: said.get(name) or "" for name in ("kind", "municipality", "theme", "group")}
        return Asked(words=without_controls(said.get("q") or ""), **narrowed)


Row = TypeVar("Row", bound=Writing)


class WritingForm(PlainText, forms.ModelForm[Row]):
    """Words from a visitor: a few an hour from one place, no advertisements, no address to be seen."""

    purpose = "network.letter"

    class Meta:
        """What every kind of writing has."""

        fields = ["name", "address", "text"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "address": forms.EmailInput(attrs={"autocomplete": "email"}),
            "text": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "name": gettext_lazy("A first name is enough."),
            "address": gettext_lazy("The answer comes here. It is shown to nobody."),
            "text": gettext_lazy(
                "Please write nothing about other people, and no health or identity numbers."
            ),
        }

    def __init__(self, *args: Any, user: User | None, sender: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.sender = user, sender
        self.instance.user = user
        self.instance.language = "el" if (get_language() or "el").startswith("el") else "en"
        if user:
            del self.fields["address"]
            self.initial.setdefault("name", user.display_name)
        else:
            self.fields["address"].required = True

    def clean_address(self) -> str:
        """The one way an address is written."""
        return addresses.canonical(self.cleaned_data["address"])

    def clean_text(self) -> str:
        """Words, not advertisements."""
        text: str = self.cleaned_data["text"]
        if text.count("://") > MOST_LINKS:
            raise forms.ValidationError(_("Please write it without links."))
        return text

    def clean(self) -> dict[str, Any]:
        """Not too many from one place or one mailbox; counted only when all else is right."""
        cleaned = super().clean()
        if not self.errors and not self._is_within_bounds(cleaned):
            raise forms.ValidationError(_("Many messages came from here already. Please try again later."))
        return cleaned

    def _is_within_bounds(self, cleaned: dict[str, Any]) -> bool:
        writer = str(self.user.pk) if self.user else cleaned["address"]
        return is_within(self.purpose, self.sender, most=MOST_AN_HOUR) and is_within(
            f"{self.purpose}.writer", writer, most=MOST_A_DAY, seconds=24 * 3600
        )


class LetterForm(WritingForm[Letter]):
    """A message to a body."""

    class Meta(WritingForm.Meta):
        """Whom it goes to, the page knows."""

        model = Letter

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.body = body

    def clean(self) -> dict[str, Any]:
        """Nor too many that wait at one body."""
        cleaned = super().clean()
        waiting = Letter.objects.filter(body=self.instance.body, answered_at=None)
        if not self.errors and waiting.count() >= MOST_WAITING:
            raise forms.ValidationError(
                _("Many messages wait at this body already. Please try again in a few days, or telephone.")
            )
        return cleaned


class IntroductionForm(WritingForm[Introduction]):
    """A volunteer writes to a request."""

    purpose = "network.volunteer"
    is_adult = forms.BooleanField(label=gettext_lazy("I am 18 or older"))

    class Meta(WritingForm.Meta):
        """Which request, the page knows."""

        model = Introduction

    def __init__(self, *args: Any, request: VolunteerRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.request = request
        self.fields["text"].label = gettext_lazy("what you can do, and when")


class OfferForm(WritingForm[VolunteerOffer]):
    """Somebody offers help."""

    purpose = "network.volunteer"
    KEPT = (30, 90, 180)  # days
    themes = forms.MultipleChoiceField(label=gettext_lazy("themes"), widget=forms.CheckboxSelectMultiple)
    area_codes = forms.MultipleChoiceField(
        label=gettext_lazy("municipalities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: the whole region."),
    )
    with_protected = forms.BooleanField(
        label=gettext_lazy("I also offer to be with minors or old people; I agree to be checked first"),
        required=False,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("how long the offer stands"), coerce=int, widget=forms.RadioSelect, initial=90
    )
    is_adult = forms.BooleanField(label=gettext_lazy("I am 18 or older"))

    class Meta(WritingForm.Meta):
        """In the order in which one thinks of it."""

        model = VolunteerOffer
        fields = ["themes", "area_codes", "text", "times", "with_protected", "days", "name", "address"]

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        said: dict[str, list[Any]] = {
            "themes": [(term.key, term.label) for term in choices.themes()],
            "area_codes": municipalities(region),
            "days": [(days, _("%(days)s days") % {"days": days}) for days in self.KEPT],
        }
        for name, values in said.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        self.fields["text"].label = gettext_lazy("what you can do")
        self.fields["text"].help_text = gettext_lazy(
            "Bodies of the region read this without your name. Please do not write who you are."
        )
        self.fields["name"].help_text = gettext_lazy("A body learns it only when you agree to help there.")

    def save(self, commit: bool = True) -> VolunteerOffer:
        """The day on which it ends follows from what was chosen."""
        self.instance.expires_on = timezone.localdate() + timedelta(days=self.cleaned_data["days"])
        return super().save(commit)


class VetForm(PlainText, forms.Form):
    """What whoever checks a volunteer decides."""

    step = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("approve", gettext_lazy("Checked: pass it on")),
            ("ask", gettext_lazy("Ask the volunteer something first, by mail")),
            ("refuse", gettext_lazy("Do not pass it on")),
        ],
    )
    words = forms.CharField(
        label=gettext_lazy("what was checked, or what the volunteer shall read"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "What was checked is kept with your name: say which papers you saw, copy nothing from them."
        ),
    )


class InviteForm(PlainText, forms.Form):
    """What a body writes to the person of an offer."""

    text = forms.CharField(
        label=gettext_lazy("message"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("The person reads it with the request and the name of your body."),
    )


class AnswerForm(PlainText, forms.Form):
    """What a body answers."""

    text = forms.CharField(
        label=gettext_lazy("answer"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "It goes by mail in the name of the body. Say how to reach you, if you wish."
        ),
    )


class ProfileForm(PlainText, forms.Form):
    """What a body says of itself, in one form: its own facts and its profile."""

    description_el = forms.CharField(
        label=gettext_lazy("what it does"),
        max_length=choices.LONG,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )
    description_en = forms.CharField(
        label=gettext_lazy("what it does, in English"),
        max_length=choices.LONG,
        required=False,
        widget=forms.Textarea({"rows": 6, "lang": "en"}),
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=200, required=False)
    telephone = forms.RegexField(
        r"^[0-9+() ./-]*$",
        label=gettext_lazy("telephone"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("It stands on the public page."),
    )
    website = forms.URLField(
        label=gettext_lazy("website"), max_length=200, required=False, assume_scheme="https"
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    target_groups = forms.MultipleChoiceField(
        label=gettext_lazy("for whom"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area_codes = forms.MultipleChoiceField(
        label=gettext_lazy("municipalities where it works"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: those of its structures, or the whole region."),
    )
    takes_letters = forms.BooleanField(
        label=gettext_lazy("Visitors may write to us through this site"), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    OF_BODY = ("description_el", "description_en", "name_en", "telephone", "website")
    OF_PROFILE = ("themes", "target_groups", "area_codes", "takes_letters")

    def __init__(self, *args: Any, body: Body, profile: BodyProfile, **kwargs: Any) -> None:
        rows = {**dict.fromkeys(self.OF_BODY, body), **dict.fromkeys(self.OF_PROFILE, profile)}
        stored = {name: getattr(row, name) for name, row in rows.items()} | {"seen": profile.version}
        kwargs["initial"] = stored
        super().__init__(*args, **kwargs)
        said = {
            "themes": [(term.key, term.label) for term in choices.themes()],
            "target_groups": [(term.key, term.label) for term in choices.groups()],
            "area_codes": municipalities(body.region),
        }
        for name, values in said.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Pages of the web alone."""
        address: str = self.cleaned_data["website"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("An address of a website begins with https://."))
        return address
