"""What a reader may send: an error found on a structure's page."""

import hashlib
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models import ErrorReport, Structure

QUICKEST_SECONDS: Final = 3  # no person reads the page and fills in the form faster
OLDEST_SECONDS: Final = 24 * 3600
MOST_AN_HOUR: Final = 20  # from one address, which a whole office or village may share
MOST_OPEN: Final = 30  # of one structure; the editors know by then
SALT: Final = "directory.error-report"


class ErrorReportForm(forms.ModelForm[ErrorReport]):
    """Guarded against robots without a puzzle: a field that people do not see, and the time taken.

    Nothing about a confidential structure may be written down here: whoever knows its address would
    write it into an open table. Such reports have a topic and no words.
    """

    # Named as robots like it; people do not see it.
    surname = forms.CharField(required=False, label=_("Leave this empty"))
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        """Nobody has to say who they are."""

        model = ErrorReport
        fields = ["topic", "message", "email"]
        widgets = {
            "topic": forms.RadioSelect,
            "message": forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, structure: Structure, sender: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.structure = structure
        self.sender = sender
        self.fields["topic"].choices = ErrorReport.Topic.choices  # type: ignore[attr-defined]  # no blank
        self.fields["stamp"].initial = signing.dumps("", salt=SALT)
        self.fields["surname"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if structure.is_confidential:
            del self.fields["message"]
            del self.fields["email"]

    def clean_surname(self) -> str:
        """Only a robot fills it in."""
        if self.cleaned_data["surname"]:
            raise forms.ValidationError(_("This field must stay empty."))
        return ""

    def clean_stamp(self) -> str:
        """The page was fetched a while ago, not too long ago, and from us."""
        stamp = self.cleaned_data["stamp"]
        try:
            signing.loads(stamp, salt=SALT, max_age=OLDEST_SECONDS)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("The page is too old. Please send the form again.")) from error
        try:
            signing.loads(stamp, salt=SALT, max_age=QUICKEST_SECONDS)
        except signing.SignatureExpired:
            return ""
        raise forms.ValidationError(_("That was very quick. Please send the form again."))

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
        if not self.errors and (not self._counted() or open_ones.count() >= MOST_OPEN):
            raise forms.ValidationError(
                _("There are many reports already. The editors will check this entry; thank you.")
            )
        return cleaned

    def _counted(self) -> bool:
        """Count this sender's hour; the address itself is not kept."""
        digest = hashlib.blake2b(
            self.sender.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
        )
        key = f"error-report-{digest.hexdigest()}"
        cache.add(key, 0, 3600)
        return cache.incr(key) <= MOST_AN_HOUR
