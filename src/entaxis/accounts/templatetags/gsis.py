"""The state's doors, for pages that others' code renders."""

from django import template

from entaxis.accounts.gsis import realms
from entaxis.accounts.gsis.realms import Realm

register = template.Library()


@register.simple_tag
def gsis_doors() -> list[Realm]:
    """The doors that the environment has a client for."""
    return realms.offered()
