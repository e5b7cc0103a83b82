"""Forms of people and bodies: inviting, roles, requests, decisions, leaving."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import AccessRequest, Body, Membership, User
from entaxis.core.papers import PaperField
from entaxis.geography.models import Area, Level

LANGUAGES: Final = [("el", "Ελληνικά"), ("en", "English")]


class RoleForm(forms.Form):
    """One of the roles of a place."""

    role = forms.ChoiceField(label=gettext_lazy("role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: tuple[Membership.Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in roles]


class InviteForm(RoleForm):
    """Whom to invite, as what, in which language the mail is written."""

    email = forms.EmailField(
        label=gettext_lazy("e-mail"),
        help_text=gettext_lazy("A link goes there; it holds two weeks, for this person alone."),
    )
    language = forms.ChoiceField(label=gettext_lazy("language of the mail"), choices=LANGUAGES)
    field_order = ("email", "role", "language")


class NewPersonForm(forms.Form):
    """The name and the password of somebody new."""

    display_name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=120,
        help_text=gettext_lazy("As the people you work with will see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("password"),
        help_text=gettext_lazy(
            "At least 12 characters; a few words that belong together only for you are best."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("password, once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """A password that others do not guess."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, display_name=self.data.get("display_name", "")))
        return password

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class EmailForm(forms.Form):
    """The address of somebody who wants an account."""

    email = forms.EmailField(
        label=gettext_lazy("e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which body, who one is, and a paper that shows it."""

    paper = PaperField(
        label=gettext_lazy("evidence"),
        required=False,
        help_text=gettext_lazy(
            "A decision, an appointment or a letter of the body: PDF, PNG or JPEG, up to 5 MB. "
            "Only those who decide see it; it is deleted 90 days after the decision."
        ),
    )

    class Meta:
        """All but who asks and where."""

        model = AccessRequest
        fields = ("body", "name_el", "kind", "municipality", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        rows: dict[str, tuple[Any, str]] = {
            "body": (Body.objects.standing().filter(region=region), _("It is not in the list")),
            "municipality": (
                Area.objects.current().of(region).filter(level=Level.MUNICIPALITY).order_by("name_el"),
                _("No municipality"),
            ),
        }
        for name, (queryset, empty) in rows.items():
            field: Any = self.fields[name]
            field.queryset, field.empty_label = queryset, empty
        self.fields["name_el"].help_text = _("Only where the body is not in the list.")

    def clean(self) -> dict[str, Any]:
        """A body of the list, or name and kind of a new one."""
        data = super().clean() or {}
        if data.get("body"):
            data |= {"name_el": "", "kind": "", "municipality": None}
        elif not self.errors:
            for name in ("name_el", "kind"):
                if not data.get(name):
                    self.add_error(
                        name, _("Choose a body of the list, or give the name and kind of the new one.")
                    )
        return data


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("decision"),
        choices=[("approve", gettext_lazy("Let in")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The person reads it. Needed where you refuse."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal has a reason."""
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", _("Say why, so that the person knows what to do."))
        return data


class RecoveryForm(ReasonForm):
    """How one knows that it is the person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("how you know that it is this person")


class SureForm(forms.Form):
    """Somebody who is sure."""

    sure = forms.BooleanField()

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = label


class LeaveForm(forms.Form):
    """Who decides after the last administrator has left."""

    successor = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        label=gettext_lazy("who administers next"),
        empty_label=gettext_lazy("Choose a person"),
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = others
        field.label_from_instance = lambda row: str(row.user)
