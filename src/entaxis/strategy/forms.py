"""The form of an action."""

from typing import Any, ClassVar

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.directory.choices import Status
from entaxis.directory.models import Structure
from entaxis.strategy.models import Action
from entaxis.strategy.publications.forms import DateInput, PublicationForm


class PointField(forms.CharField):
    """A point as people copy it from a map: latitude, longitude."""

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return f"{value.y:.6f}, {value.x:.6f}" if isinstance(value, Point) else value

    def to_python(self, value: Any) -> Any:
        """A point in Greece, or None."""
        text = str(super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            raise ValidationError(_("Write it as latitude, longitude: 39.366, 22.944")) from None
        if not (34 < latitude < 42 and 19 < longitude < 30):
            raise ValidationError(_("This point does not lie in Greece."))
        return Point(longitude, latitude)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By what is typed."""
        return str(self.prepare_value(initial) or "") != str(data or "")


class ActionForm(PublicationForm):
    """An action: what is done, where, for whom, with what money, with what result."""

    point = PointField(
        label=gettext_lazy("point on the map"),
        required=False,
        help_text=gettext_lazy("Latitude, longitude. Never of a place that must stay unknown."),
    )

    class Meta(PublicationForm.Meta):
        """Its fields, in the form's order."""

        model = Action
        fields = Action.SHARED + Action.OWN
        widgets: ClassVar[dict[str, Any]] = PublicationForm.Meta.widgets | {
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "results_on": DateInput(),
            "results_el": forms.Textarea(attrs={"rows": 4}),
            "results_en": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Structure.objects.of(self.region).placed().filter(status=Status.PUBLISHED)
        self._choose("structures", known.order_by("name_el"))

    def clean(self) -> dict[str, Any]:
        """Days in their order; results with their day."""
        cleaned = super().clean()
        self.refuse_reversed("starts_on", "ends_on", _("It ends before it begins."))
        has_results = cleaned.get("results_el") or cleaned.get("people_reached") is not None
        if has_results and not cleaned.get("results_on"):
            self.add_error("results_on", _("Say of which day the results are."))
        return cleaned
