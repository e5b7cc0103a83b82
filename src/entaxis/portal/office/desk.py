"""The portal's tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.rules import is_editor, is_region_administrator

register(
    Task(Group.DOCUMENTATION, _("Pages of the portal"), "wagtailadmin_home", is_editor),
    Task(Group.DOCUMENTATION, _("Studies and strategies"), "library:office-studies", is_editor),
    Task(Group.DOCUMENTATION, _("Organisation chart"), "organisation:chart", is_editor),
    Task(Group.DOCUMENTATION, _("Without English"), "office-untranslated", is_editor),
    Task(Group.REGION, _("Name, colours, contact"), "office-brand", is_region_administrator),
    Task(Group.REGION, _("Help lines"), "office-help-lines", is_region_administrator),
    Task(Group.REGION, _("Checked translations"), "office-translations", is_region_administrator),
)
