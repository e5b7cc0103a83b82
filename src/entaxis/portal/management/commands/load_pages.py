"""The first pages of every region served: ``bin/entaxis load-pages``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entaxis.geography.models import Area
from entaxis.portal import actions


class Command(BaseCommand):
    """Makes what is missing and changes nothing that exists; safe to repeat."""

    help = "Create the site, brand, first pages and help lines of every region that this server serves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the regions by host."""
        lines = actions.load_help_lines()
        self.stdout.write(f"help lines: {lines} new")
        served = {code: host for host, code in reversed(settings.REGION_HOSTS.items())}
        regions = {area.code: area for area in Area.objects.regions().filter(code__in=served)}
        if missing := sorted(set(served) - set(regions)):
            raise CommandError(f"these regions are not in the register of areas: {', '.join(missing)}")
        for code, host in sorted(served.items()):
            made = actions.load_region(region=regions[code], host=host, by=None)
            self.stdout.write(f"{code} ({host}): {made} pages new")
