"""The kinds of message that this room itself speaks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

DIGEST: Final = register(
    Kind(
        "notifications.digest",
        label=_("Summary of messages"),
        reason=_("you asked for your messages in a summary"),
        template="notifications/mail/digest",
        may_wait=False,
        is_for_accounts=False,
    )
)
CONFIRM: Final = register(
    Kind(
        "notifications.confirm_subscription",
        label=_("Confirming a subscription"),
        reason=_("somebody asked, with this address, to be told of news by mail"),
        template="notifications/mail/confirm",
        may_wait=False,
        is_for_accounts=False,
    )
)
