"""Notices with their files, and choosing a body or a network."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts import queries as accounts
from entaxis.accounts.models import Body, User
from entaxis.core.papers import Paper, taken
from entaxis.core.text import PlainText
from entaxis.core.uploads import UploadRefusedError, safe_name
from entaxis.directory.network.models import Network, Notice
from entaxis.directory.network.notices import ALLOWED, MOST_FILES, MOST_MEGABYTES
from entaxis.geography.models import Area

LONGEST: Final = timedelta(days=180)


class SeveralFiles(forms.FileField):
    """Files that were let through, as `Paper`."""

    def to_python(self, data: Any) -> Any:
        """Nothing yet: `clean` judges all of them."""
        return data

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at each of a few files."""
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(_("At most %(number)s files.") % {"number": MOST_FILES})
        return [_paper(upload) for upload in uploads]


def _paper(upload: Any) -> Paper:
    try:
        return taken(upload, allowed=ALLOWED, megabytes=MOST_MEGABYTES, name="file")
    except UploadRefusedError as refusal:
        raise forms.ValidationError(f"{safe_name(upload.name or '')}: {refusal}") from None


class SeveralFilesInput(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class NoticeForm(PlainText, forms.ModelForm[Notice]):
    """A notice of one of the bodies that the person acts for."""

    papers = SeveralFiles(label=gettext_lazy("files"), required=False, widget=SeveralFilesInput)

    class Meta:
        """Until a day."""

        model = Notice
        fields = ["body", "title", "text", "expires_on"]
        widgets = {
            "text": forms.Textarea({"rows": 6}),
            "expires_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, region: Area, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        self.fields["body"].queryset = accounts.bodies_of(user, region).order_by("name_el")  # type: ignore[attr-defined]
        said = {"number": MOST_FILES, "megabytes": MOST_MEGABYTES}
        self.fields["papers"].help_text = (
            _("At most %(number)s files of %(megabytes)s MB: PDF, text, table or picture.") % said
        )

    def clean_expires_on(self) -> Any:
        """A day to come, within half a year."""
        day = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within half a year."))
        return day


class BodyForm(forms.Form):
    """A body – and a network, where one asks to join."""

    network = forms.ModelChoiceField(label=gettext_lazy("network"), queryset=Network.objects.none())
    body = forms.ModelChoiceField(label=gettext_lazy("body"), queryset=Body.objects.none())

    def __init__(
        self, *args: Any, bodies: QuerySet[Body], networks: QuerySet[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies.order_by("name_el")  # type: ignore[attr-defined]
        if networks is None:
            del self.fields["network"]
        else:
            self.fields["network"].queryset = networks  # type: ignore[attr-defined]
