"""What templates ask of the code lists."""

from django import template

from entaxis.vocabularies.icons import icon_of_need

register = template.Library()
register.filter("icon_of_need", icon_of_need)
