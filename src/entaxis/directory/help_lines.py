"""The help lines of the whole country, for whoever found nothing or cannot wait (R7b)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Line:
    """One line as ``components/help_lines.html`` takes it."""

    number: str
    name: str
    text: str = ""
    hours: str = ""
    is_urgent: bool = False


def lines() -> list[Line]:
    """The lines in the reader's language, the most urgent first."""
    return [
        Line("112", _("Emergency"), _("Danger to life: police, ambulance, fire brigade."), is_urgent=True),
        Line("197", _("Social emergency"), _("Immediate social help: shelter, food, protection.")),
        Line("15900", _("Violence against women"), _("Support for women who live with violence.")),
        Line("1107", _("Child protection"), _("For every child in danger.")),
        Line("10306", _("Psychosocial support"), _("Somebody to talk to.")),
    ]
