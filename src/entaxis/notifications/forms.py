"""Forms of subscriptions and preferences."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, User
from entaxis.core.rates import is_within
from entaxis.geography.models import Area
from entaxis.notifications import addresses, queries, subscribing
from entaxis.notifications.choices import Pace, Scope, Theme
from entaxis.notifications.kinds import Kind
from entaxis.notifications.models import Subscription
from entaxis.vocabularies.queries import terms

EVERYTHING: Final = "all"
MOST_AN_HOUR: Final = 10  # forms from one network address


class SubscribeForm(forms.Form):
    """What somebody wants to follow, and where the mail goes."""

    follow = forms.ChoiceField(label=gettext_lazy("What do you want to hear of?"))
    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("We send one mail to it; the subscription holds once you confirm there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, region: Area, user: User | None, sender: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.user, self.sender = region, user, sender
        self.fields["follow"].choices = _follow_choices(region)  # type: ignore[attr-defined]
        if user:
            del self.fields["address"]

    def clean_address(self) -> str:
        """The one way an address is written."""
        return addresses.canonical(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        """Not too many from one place."""
        cleaned = super().clean() or {}
        if not self.errors and not is_within("notifications.subscribe", self.sender, most=MOST_AN_HOUR):
            raise forms.ValidationError(_("That was asked very often. Please try again in an hour."))
        return cleaned

    def subscription(self) -> Subscription:
        """What was asked for, not yet stored."""
        language = get_language() or settings.LANGUAGE_CODE
        return Subscription(
            region=self.region,
            user=self.user,
            address=self.cleaned_data.get("address", ""),
            language=language if language in settings.COMPLETE_LANGUAGES else "en",
            **self._followed(),
        )

    def _followed(self) -> dict[str, Any]:
        scope, _colon, key = self.cleaned_data["follow"].partition(":")
        match scope:
            case Scope.MUNICIPALITY:
                inside = Area.objects.municipalities().of(self.region)
                return {"scope": Scope.MUNICIPALITY, "municipality": inside.get(code=key)}
            case Scope.BODY:
                return {"scope": Scope.BODY, "body": Body.objects.get(region=self.region, pk=key)}
            case Scope.INDICATOR:
                return {"scope": Scope.INDICATOR, "indicator": key}
            case Theme.NEEDS | Theme.TARGET_GROUPS:
                return {"scope": Scope.THEME, "theme_list": scope, "theme": key}
        return {"scope": Scope.ALL}


def _follow_choices(region: Area) -> list[tuple[str, Any]]:
    """Everything, then municipalities, bodies and themes in groups.

    Sensitive needs are not offered: their mails would tell whoever else reads the mailbox.
    """
    municipalities = Area.objects.municipalities().of(region).order_by("name_el")
    groups: list[tuple[str, Any]] = [
        (EVERYTHING, _("Everything in the region")),
        (_("Municipalities"), [(f"municipality:{area.code}", area.name) for area in municipalities]),
    ]
    bodies = [(f"body:{body.pk}", body.name) for body in Body.objects.standing().filter(region=region)]
    if bodies:
        groups.append((_("Bodies"), bodies))
    indicators = subscribing.indicator_names()
    if indicators:
        offered = [(f"indicator:{code}", name) for code, name in indicators.items()]
        groups.append((_("Indicators"), offered))
    for theme in Theme:
        found = [
            (f"{theme.value}:{term.key}", term.label) for term in terms(theme) if not term.is_sensitive
        ]
        if found:
            groups.append((str(theme.label), found))
    return groups


class PacesForm(forms.Form):
    """How often a person wants mail of each kind."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always: list[Kind] = []  # cannot be turned off
        self.kinds: dict[str, str] = {}  # field → key
        for number, (kind, pace) in enumerate(queries.paces_of(user)):
            if kind.is_security:
                self.always.append(kind)
                continue
            self.kinds[f"kind_{number}"] = kind.key
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=str(kind.label), choices=_paces(kind), initial=pace
            )

    def paces(self) -> dict[str, Pace]:
        """Kind → pace, as chosen."""
        return {key: Pace(self.cleaned_data[name]) for name, key in self.kinds.items()}


def _paces(kind: Kind) -> list[tuple[str, Any]]:
    together = {Pace.DAILY, Pace.WEEKLY}
    return [(pace.value, pace.label) for pace in Pace if kind.may_wait or pace not in together]


def label_of(follow: str, choices: Any) -> str:
    """The words of a choice that stands in a group."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            if found := dict(label).get(follow):
                return str(found)
        elif value == follow:
            return str(label)
    return ""
