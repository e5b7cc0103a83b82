"""Ways to reach a structure."""

import uuid

import pghistory
import phonenumbers
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models import coherence
from entaxis.directory.models.structures import Structure
from entaxis.directory.models.text import in_language


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class Contact(models.Model):
    """A way to reach a structure: an office and its telephone, mail, site. Never a person's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="contacts")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    office_el = models.CharField(_("office"), max_length=120, blank=True)
    office_en = models.CharField(_("office, in English"), max_length=120, blank=True)
    telephone = models.CharField(
        _("telephone"),
        max_length=20,
        blank=True,
        help_text=_("Stored with the country's code: +302421012345; a short number as it is: 197."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        """A contact says at least one way; a confidential structure has no telephone of a place."""

        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "id"]
        triggers = [coherence.CONTACT]
        constraints = [
            models.CheckConstraint(
                condition=~Q(telephone="") | ~Q(email="") | ~Q(website=""), name="contact_says_a_way"
            ),
            models.CheckConstraint(
                condition=Q(telephone="") | Q(telephone__regex=r"^(\+[1-9][0-9]{6,14}|[0-9]{3,5})$"),
                name="contact_telephone",
                violation_error_message=_("This is not a telephone number."),
            ),
        ]

    def __str__(self) -> str:
        return self.telephone_written or self.email or self.website

    @property
    def office(self) -> str:
        """The office that answers, in the reader's language."""
        return in_language(self, "office")

    @property
    def telephone_written(self) -> str:
        """The number as one reads it: «2421 012345»."""
        if not self.telephone.startswith("+"):
            return self.telephone
        number = phonenumbers.parse(self.telephone)
        shape = phonenumbers.PhoneNumberFormat
        home = number.country_code == 30
        return str(phonenumbers.format_number(number, shape.NATIONAL if home else shape.INTERNATIONAL))
