"""The form of a structure's facts: name, kind, place, languages, accessibility."""

from typing import Any, Final

from django import forms
from django.contrib.gis.geos import Point
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Body, User
from entaxis.accounts.queries import bodies_of
from entaxis.accounts.rules import is_editor
from entaxis.directory import actions, confidential
from entaxis.directory.choices import AccessFeature, Language, PointQuality, Status
from entaxis.directory.models import Structure
from entaxis.directory.office import snapshots
from entaxis.directory.office.betrayal import refuse_names_of_places
from entaxis.geography.models import Area, Level
from entaxis.geography.queries import may_lie_in
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import terms

TEXTS: Final = (
    "name_el",
    "name_en",
    "description_el",
    "description_en",
    "access_note_el",
    "access_note_en",
)
OPEN_PLACE: Final = (
    "municipality",
    "street",
    "street_number",
    "postal_code",
    "locality",
    "directions_el",
    "directions_en",
    "point_quality",
)
NOT_OF_CONFIDENTIAL: Final = (*OPEN_PLACE, "parent", "access_note_el", "access_note_en")


class FactsForm(forms.ModelForm[Structure]):
    """One form for a new and a known structure; a confidential one has no field for a place."""

    latitude = forms.DecimalField(
        label=gettext_lazy("latitude"), required=False, decimal_places=7, max_digits=10, localize=True
    )
    longitude = forms.DecimalField(
        label=gettext_lazy("longitude"), required=False, decimal_places=7, max_digits=10, localize=True
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("languages spoken"),
        required=False,
        choices=Language,
        widget=forms.CheckboxSelectMultiple,
    )
    access_features = forms.MultipleChoiceField(
        label=gettext_lazy("also there"),
        required=False,
        choices=AccessFeature,
        widget=forms.CheckboxSelectMultiple,
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        """Status, hours, contacts and services have pages of their own."""

        model = Structure
        fields = [
            "kind",
            "name_el",
            "name_en",
            "description_el",
            "description_en",
            "body",
            "parent",
            "municipality",
            "street",
            "street_number",
            "postal_code",
            "locality",
            "point_quality",
            "directions_el",
            "directions_en",
            "served_areas",
            "languages",
            "step_free",
            "accessible_toilet",
            "access_features",
            "access_note_el",
            "access_note_en",
        ]
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in ("description_el", "description_en", "directions_el", "directions_en")
            },
            "served_areas": forms.CheckboxSelectMultiple,
            "postal_code": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, region: Area, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.by = region, by
        self.is_editor = is_editor(by, region)
        self.instance.region = region
        self._limit_choices()
        point = self.instance.point
        if point:
            self.initial["latitude"], self.initial["longitude"] = round(point.y, 7), round(point.x, 7)
        if self.instance.is_confidential:
            for name in (*NOT_OF_CONFIDENTIAL, "latitude", "longitude", "served_areas"):
                del self.fields[name]
        self.initial["base"] = snapshots.taken(plain(self.instance)) if self.instance.version else ""
        if not self.is_new:
            del self.fields["kind"]

    @property
    def is_new(self) -> bool:
        """Whether the structure is not stored yet."""
        return self.instance._state.adding

    @property
    def _entry(self) -> Structure:
        """The entry that readers see, also where a working copy of it is written on."""
        return self.instance.changes or self.instance

    def _limit_choices(self) -> None:
        inside = Area.objects.current().of(self.region)
        parents = Structure.objects.of(self.region).entries().placed().exclude(pk=self._entry.pk)
        parents = parents.exclude(status=Status.MERGED)
        bodies = Body.objects.filter(region=self.region)
        if not self.is_editor:  # others' drafts are not theirs to see, nor others' bodies to speak for
            parents = parents.published()
            bodies = bodies.filter(
                Q(pk__in=bodies_of(self.by, self.region).values("pk")) | Q(pk=self.instance.body_id)
            )
        choices: dict[str, Any] = {
            "kind": terms(Vocabulary.Name.STRUCTURE_KINDS),
            "body": bodies,
            "municipality": inside.filter(level=Level.MUNICIPALITY).order_by("name_el"),
            "served_areas": inside.filter(level=Level.MUNICIPALITY).order_by("name_el"),
            "parent": parents,
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A kind that is confidential makes the structure so, and then nothing may say where it is."""
        super().clean()
        cleaned = self.cleaned_data
        kind = cleaned.get("kind")
        if self.is_new and kind is not None and kind.is_confidential:
            self.instance.is_confidential = True
            for name in (*NOT_OF_CONFIDENTIAL, "latitude", "longitude", "served_areas"):
                if cleaned.get(name):
                    self.add_error(name, _("The place of this kind is confidential: leave it empty here."))
        if self.instance.is_confidential:
            self._refuse_names_of_places()
        else:
            self._place(cleaned)
            self._refuse_anothers_municipality(cleaned)
        return cleaned

    def _refuse_anothers_municipality(self, cleaned: dict[str, Any]) -> None:
        """A municipality registers structures of its own; only editors enter one elsewhere."""
        body, municipality = cleaned.get("body"), cleaned.get("municipality")
        if self.is_editor or not body or not body.is_municipal or not municipality:
            return
        if municipality.pk != body.municipality_id:
            self.add_error(
                "municipality",
                _("%(body)s enters structures of its own municipality. For another one, ask its people.")
                % {"body": body.name},
            )

    def _refuse_names_of_places(self) -> None:
        refuse_names_of_places(self, TEXTS, self.region)
        body = self.cleaned_data.get("body")
        if body and confidential.is_of_a_place(body):
            self.add_error("body", _("A body of one municipality would tell where it is."))

    def _place(self, cleaned: dict[str, Any]) -> None:
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if (latitude is None) is not (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, _("A point has both a latitude and a longitude."))
            return
        if latitude is None or longitude is None:
            self.instance.point = None
            cleaned["point_quality"] = ""
            return
        point = Point(float(longitude), float(latitude), srid=4326)
        problem = self._problem_of(point, cleaned.get("municipality"))
        if problem:
            self.add_error("latitude", problem)
            return
        self.instance.point = point
        cleaned["point_quality"] = cleaned.get("point_quality") or PointQuality.EXACT

    def _problem_of(self, point: Point, municipality: Area | None) -> str:
        if not (19.2 <= point.x <= 29.8 and 34.7 <= point.y <= 41.8):
            return _("The point does not lie in Greece. The latitude is about 39, the longitude about 22.")
        if municipality and may_lie_in(point, municipality) is False:
            return _("The point does not lie in this municipality: %(name)s.") % {"name": municipality.name}
        return ""

    def store(self, *, by: Any) -> Structure:
        """Write it, together with what somebody else wrote meanwhile into other fields.

        Raises:
            ConflictError: both changed the same field.
            SnapshotError: the form does not say what it showed.
        """
        if self.is_new:
            areas = self.cleaned_data.get("served_areas") or []
            return actions.create_structure(structure=self.instance, served_areas=areas, by=by)
        base = snapshots.read(self.cleaned_data["base"])
        now = Structure.objects.get(pk=self.instance.pk)
        mine = plain(self.instance) | self._served()
        facts = actions.merged(base=base, mine=mine, theirs=plain(now))
        served = Area.objects.filter(pk__in=facts.pop("served_areas"))
        point = facts.pop("point")
        facts["point"] = Point(point[0], point[1], srid=4326) if point else None
        actions.save_facts(structure=now, facts=facts, served_areas=served, by=by)
        return now

    def _served(self) -> dict[str, Any]:
        areas = self.cleaned_data.get("served_areas")
        return {} if areas is None else {"served_areas": sorted(area.pk for area in areas)}


PLAIN: Final = (
    "body_id",
    "parent_id",
    "municipality_id",
    "languages",
    "step_free",
    "accessible_toilet",
    "access_features",
    "point_quality",
    "street",
    "street_number",
    "postal_code",
    "locality",
    "directions_el",
    "directions_en",
    *TEXTS,
)
FIELD_OF: Final = {"body_id": "body", "parent_id": "parent", "municipality_id": "municipality"}


def plain(structure: Structure) -> dict[str, Any]:
    """The facts as plain values, to be signed and compared."""
    values: dict[str, Any] = {name: getattr(structure, name) for name in PLAIN}
    values |= {"parent_id": str(structure.parent_id or "") or None, "body_id": str(structure.body_id or "")}
    point = structure.point
    values["point"] = [round(point.x, 7), round(point.y, 7)] if point else None
    known = not structure._state.adding
    values["served_areas"] = sorted(structure.served_areas.values_list("pk", flat=True)) if known else []
    return values
