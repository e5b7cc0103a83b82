"""Gives somebody an account, and a role if wanted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from entaxis.accounts import actions
from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area

ROLES = [Membership.Role.EDITOR.value, Membership.Role.REGION_ADMINISTRATOR.value]


class Command(BaseCommand):
    """``bin/entaxis add-person maria@example.gr --name "…" --role editor --region EL61``."""

    help = (
        "Give a person an account and a role in a region. They choose their password through "
        "«I forgot my password» and set up their second step at the first sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, as what, where."""
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the name shown to others")
        parser.add_argument("--role", choices=ROLES)
        parser.add_argument("--region", help="NUTS 2 code, for example EL61")
        parser.add_argument("--administrator", action="store_true", help="keeps the platform itself")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Store the person where they are new, add the role."""
        if bool(options["role"]) != bool(options["region"]):
            raise CommandError("--role and --region belong together.")
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            user = actions.add_person(email=email, display_name=options["name"])
        if options["role"]:
            region = Area.objects.regions().filter(code=options["region"]).first()
            if region is None:
                raise CommandError(f"There is no region {options['region']} in the database.")
            actions.give_role(user=user, role=Membership.Role(options["role"]), region=region)
        if options["administrator"]:
            user.is_superuser = user.is_staff = True
            user.save(update_fields=["is_superuser", "is_staff"])
        self.stdout.write("Done.")
