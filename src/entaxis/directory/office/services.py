"""The form of one service: what it is, for whom, what it costs, what to bring."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.directory import actions
from entaxis.directory.actions import HoursRow, RuleRow
from entaxis.directory.choices import RULE_VALUES, Aspect, Strength
from entaxis.directory.models import OpeningHours, ServiceOffer
from entaxis.directory.office import snapshots
from entaxis.directory.office.betrayal import refuse_names_of_places
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import terms

LONG: Final = ("description", "how_to_apply", "documents", "eligibility_note")
TEXTS: Final = tuple(f"{name}_{code}" for name in (*LONG, "cost_note") for code in ("el", "en"))
CALENDAR: Final = {"type": "date"}


class OfferForm(forms.ModelForm[ServiceOffer]):
    """A service with its conditions: each condition is a list of boxes, required or of priority."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        """The hours of its own are a form beside this one."""

        model = ServiceOffer
        fields = ["service", "status", "needs", "target_groups", *TEXTS, "cost"]
        fields += ["capacity_persons", "free_places", "capacity_date"]
        widgets = {
            **{f"{name}_{code}": forms.Textarea({"rows": 3}) for name in LONG for code in ("el", "en")},
            "needs": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "capacity_date": forms.DateInput(CALENDAR, "%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Vocabulary.Name
        for field, vocabulary in (
            ("service", names.SERVICES),
            ("needs", names.NEEDS),
            ("target_groups", names.TARGET_GROUPS),
        ):
            self.fields[field].queryset = terms(vocabulary)  # type: ignore[attr-defined]
        for strength in Strength:
            self._add_rules(strength)
        if not self.is_new:
            self._fill_rules()
            self.initial["base"] = snapshots.taken(plain(self.instance))

    @property
    def is_new(self) -> bool:
        """Whether the service is not stored yet."""
        return self.instance._state.adding

    def _add_rules(self, strength: Strength) -> None:
        for name, label in (("age_from", gettext_lazy("age from")), ("age_to", gettext_lazy("age to"))):
            self.fields[f"{strength}_{name}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=120
            )
        for aspect, values in RULE_VALUES.items():
            self.fields[f"{strength}_{aspect}"] = forms.MultipleChoiceField(
                label=Aspect(aspect).label,
                required=False,
                choices=list(values.items()),
                widget=forms.CheckboxSelectMultiple,
            )

    def _fill_rules(self) -> None:
        for rule in self.instance.rules.all():
            if rule.aspect == Aspect.AGE:
                self.initial[f"{rule.strength}_age_from"] = rule.age_from
                self.initial[f"{rule.strength}_age_to"] = rule.age_to
            else:
                self.initial[f"{rule.strength}_{rule.aspect}"] = rule.values

    def required_rules(self) -> list[forms.BoundField]:
        """The fields of what a person must fulfil."""
        return self._rule_fields(Strength.REQUIRED)

    def priority_rules(self) -> list[forms.BoundField]:
        """The fields of what puts a person first."""
        return self._rule_fields(Strength.PRIORITY)

    def _rule_fields(self, strength: Strength) -> list[forms.BoundField]:
        return [self[f"{strength}_{name}"] for name in ("age_from", "age_to", *RULE_VALUES)]

    def clean(self) -> dict[str, Any]:
        """Ages in order; a service once; a confidential structure's words say no place."""
        super().clean()
        cleaned = self.cleaned_data
        for strength in Strength:
            first, last = cleaned.get(f"{strength}_age_from"), cleaned.get(f"{strength}_age_to")
            if first is not None and last is not None and last < first:
                self.add_error(f"{strength}_age_to", _("The age “to” is lower than the age “from”."))
        same = self.instance.structure.offers.filter(service=cleaned.get("service"))
        if cleaned.get("service") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("service", _("The structure offers this service already: change that entry."))
        if self.instance.structure.is_confidential:
            refuse_names_of_places(self, TEXTS, self.instance.structure.region)
        return cleaned

    def rules(self) -> Iterator[RuleRow]:
        """The conditions that were ticked."""
        for strength in Strength:
            first = self.cleaned_data.get(f"{strength}_age_from")
            last = self.cleaned_data.get(f"{strength}_age_to")
            if first is not None or last is not None:
                yield RuleRow(Aspect.AGE, strength, first, last)
            for aspect in RULE_VALUES:
                values = self.cleaned_data.get(f"{strength}_{aspect}")
                if values:
                    yield RuleRow(aspect, strength, values=tuple(values))

    def store(self, *, hours: list[HoursRow], by: Any) -> ServiceOffer:
        """Write the service, its conditions and its own hours.

        Raises:
            ConflictError: somebody else changed this service meanwhile.
            SnapshotError: the form does not say what it showed.
        """
        if not self.is_new:
            base = snapshots.read(self.cleaned_data["base"])
            now = plain(ServiceOffer.objects.get(pk=self.instance.pk))
            theirs = {name: value for name, value in now.items() if value != base[name]}
            if theirs:
                raise actions.ConflictError(theirs)
        return actions.save_offer(
            offer=self.instance,
            needs=self.cleaned_data["needs"],
            target_groups=self.cleaned_data["target_groups"],
            rules=self.rules(),
            hours=hours,
            by=by,
        )


def week_of(rows: Any) -> list[HoursRow]:
    """Stored hours as rows of a form."""
    return [_row(row) for row in rows]


def _row(row: OpeningHours) -> HoursRow:
    return HoursRow(row.weekday, row.opens, row.closes, row.closes_next_day, row.valid_from, row.valid_to)


def plain(offer: ServiceOffer) -> dict[str, Any]:
    """The service as plain values by field of the form, to be signed and compared."""
    values: dict[str, Any] = {name: getattr(offer, name) for name in ("status", "cost", *TEXTS)}
    values |= {name: getattr(offer, name) for name in ("capacity_persons", "free_places")}
    values["service"] = offer.service_id
    values["capacity_date"] = str(offer.capacity_date or "")
    values["needs"] = sorted(offer.needs.values_list("pk", flat=True))
    values["target_groups"] = sorted(offer.target_groups.values_list("pk", flat=True))
    values["rules"] = sorted(str(rule) + rule.strength for rule in offer.rules.all())
    values["hours"] = sorted(str(row.key) for row in week_of(offer.hours.all()))
    return values
