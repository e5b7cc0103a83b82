"""Forms of signing in that count their failures."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as _AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as _ReauthenticateForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from entaxis.accounts import locks


class _Counted:
    """Closes after too many wrong codes."""

    def clean_code(self) -> str:
        """The code, if it is right and the door is open."""
        request, user = context.request, self.user  # type: ignore[attr-defined]
        if locks.is_closed(request, user):
            raise ValidationError(_("Too many wrong codes. Signing in is closed for half an hour."))
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            locks.count_failure(request, user)
            raise
        locks.forget_failures(user)
        return code


class AuthenticateForm(_Counted, _AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""


class ReauthenticateForm(_Counted, _ReauthenticateForm):  # type: ignore[misc]
    """The code before something delicate is changed."""
