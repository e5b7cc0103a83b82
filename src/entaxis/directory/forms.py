"""What a reader may send: an error found on a structure's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entaxis.directory.confirming import MOST_OPEN
from entaxis.directory.guards import Guarded
from entaxis.directory.models import ErrorReport, Structure


class ErrorReportForm(Guarded, forms.ModelForm[ErrorReport]):
    """What is wrong; nobody has to say who they are.

    Nothing about a confidential structure may be written down here: whoever knows its address would
    write it into an open table. Such reports have a topic and no words.
    """

    SALT = "directory.error-report"
    MOST_AN_HOUR = 20

    class Meta:
        """The topic, and words where they may be written."""

        model = ErrorReport
        fields = ["topic", "message", "email"]
        widgets = {
            "topic": forms.RadioSelect,
            "message": forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.structure = structure
        self.fields["topic"].choices = ErrorReport.Topic.choices  # type: ignore[attr-defined]  # no blank
        if structure.is_confidential:
            del self.fields["message"]
            del self.fields["email"]

    def clean_message(self) -> str:
        """Words, not advertisements."""
        message: str = self.cleaned_data["message"]
        if message.count("://") > 1:
            raise forms.ValidationError(_("Please write it without links."))
        return message

    def clean(self) -> dict[str, Any]:
        """Not too many from one place, nor about one structure."""
        cleaned = super().clean() or {}
        open_ones = ErrorReport.objects.filter(
            structure=self.instance.structure, state=ErrorReport.State.OPEN
        )
        if not self.errors and (not self.counted() or open_ones.count() >= MOST_OPEN):
            raise forms.ValidationError(
                _("There are many reports already. The editors will check this entry; thank you.")
            )
        return cleaned
