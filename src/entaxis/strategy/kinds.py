"""The kinds of message that publishing sends."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

SUBMITTED: Final = register(
    Kind(
        "strategy.submitted",
        label=_("A text waits for review"),
        reason=_("you review what bodies publish in this region"),
        template="strategy/mail/submitted",
    )
)
DECIDED: Final = register(
    Kind(
        "strategy.decided",
        label=_("What became of a text of yours"),
        reason=_("you wrote or sent in this text"),
        template="strategy/mail/decided",
    )
)
NEWS: Final = register(
    Kind(
        "strategy.news",
        label=_("News that you follow"),
        reason=_("you asked to be told of news by mail"),
        template="strategy/mail/news",
    )
)
