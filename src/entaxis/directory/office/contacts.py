"""The form of the ways to reach a structure."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.directory.models import Structure
from entaxis.directory.office.betrayal import refuse_names_of_places
from entaxis.directory.office.rows import RowForm
from entaxis.directory.telephone import normalised

NAMING: Final = ("office_el", "office_en", "email", "website")


class ContactForm(RowForm, forms.Form):
    """One way to reach a structure; an empty row says nothing."""

    office_el = forms.CharField(label=gettext_lazy("office"), max_length=120, required=False)
    office_en = forms.CharField(label=gettext_lazy("office, in English"), max_length=120, required=False)
    telephone = forms.CharField(
        label=gettext_lazy("telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=gettext_lazy("e-mail"), required=False)
    website = forms.URLField(label=gettext_lazy("website"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure = structure

    def clean_telephone(self) -> str:
        """One form for all numbers; none of a place for a confidential structure."""
        number = normalised(self.cleaned_data["telephone"])
        if self.structure.is_confidential and number.startswith("+302"):
            raise ValidationError(
                _("A landline tells the town. Give a mobile or toll-free number, or a help line.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        """An office alone is no way to reach anybody."""
        cleaned = super().clean() or {}
        if self.structure.is_confidential:
            refuse_names_of_places(self, NAMING, self.structure.region)
        ways = [cleaned.get(name) for name in ("telephone", "email", "website")]
        if not self.errors and cleaned.get("office_el") and not any(ways):
            raise ValidationError(_("Give a telephone, an e-mail or a website."))
        return cleaned
