"""The six digits that a demonstration person's authenticator app would show now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entaxis.accounts import demonstration
from entaxis.accounts.models import User


class Command(BaseCommand):
    """``bin/entaxis sign-in-code editor.thessaly@example.org``."""

    help = "Print the present code of the second step for a demonstration person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("email", help="the address of the demonstration person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or say why there is none."""
        user = User.objects.filter(email=options["email"].strip().lower(), is_synthetic=True).first()
        if user is None:
            raise CommandError("There is no demonstration person with this address.")
        code = demonstration.current_code(user)
        if code is None:
            raise CommandError("This person has set up no authenticator app of the demonstration.")
        self.stdout.write(code)
