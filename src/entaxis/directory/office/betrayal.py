"""Words in a form of a confidential structure that would tell where it is."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from entaxis.directory import confidential
from entaxis.geography.models import Area


def refuse_names_of_places(form: forms.BaseForm, names: Iterable[str], region: Area) -> None:
    """In clean(): an error for each field of ``names`` whose words name a place of ``region``."""
    for name in names:
        said = confidential.names_a_place([form.cleaned_data.get(name) or ""], region)
        if said:
            form.add_error(name, _("“%(word)s” would tell where it is.") % {"word": said})
