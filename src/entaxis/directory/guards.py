"""Forms that anybody may send, guarded against robots without a puzzle."""

from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from entaxis.core.rates import is_within

QUICKEST_SECONDS: Final = 3  # no person reads the page and fills in the form faster
OLDEST_SECONDS: Final = 24 * 3600


class Guarded(forms.Form):
    """A field that people do not see, the time taken, and so many an hour from one address."""

    SALT: str  # tells one form's pages from another's
    MOST_AN_HOUR: int  # from one address, which a whole office or village may share
    sender: str

    # Named as robots like it; people do not see it.
    surname = forms.CharField(required=False, label=_("Leave this empty"))
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sender: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sender = sender
        self.fields["stamp"].initial = signing.dumps("", salt=self.SALT)
        self.fields["surname"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    def clean_surname(self) -> str:
        """Only a robot fills it in."""
        if self.cleaned_data["surname"]:
            raise forms.ValidationError(_("This field must stay empty."))
        return ""

    def clean_stamp(self) -> str:
        """The page was fetched a while ago, not too long ago, and from us."""
        stamp = self.cleaned_data["stamp"]
        try:
            signing.loads(stamp, salt=self.SALT, max_age=OLDEST_SECONDS)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("The page is too old. Please send the form again.")) from error
        try:
            signing.loads(stamp, salt=self.SALT, max_age=QUICKEST_SECONDS)
        except signing.SignatureExpired:
            return ""
        raise forms.ValidationError(_("That was very quick. Please send the form again."))

    def counted(self) -> bool:
        """Count this sender's hour; the address itself is not kept. False: there were too many."""
        return is_within(self.SALT, self.sender, most=self.MOST_AN_HOUR)
