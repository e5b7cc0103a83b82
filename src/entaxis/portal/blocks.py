"""The blocks that a page's body is made of."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

FEATURES = ["h3", "bold", "italic", "ul", "ol", "link", "document-link"]


class NoticeBlock(blocks.StructBlock):  # type: ignore[misc]
    """A remark that stands out."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("info", _("Good to know")),
            ("success", _("Good news")),
            ("warning", _("Careful")),
            ("demonstration", _("Demonstration text")),
        ],
        default="info",
        label=_("kind"),
    )
    title = blocks.CharBlock(required=False, max_length=120, label=_("title"))
    text = blocks.TextBlock(label=_("text"))

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "info-circle"
        label = _("Notice")
        template = "portal/blocks/notice.html"


class UnitBlock(blocks.StructBlock):  # type: ignore[misc]
    """A unit of the organisation chart."""

    depth = blocks.ChoiceBlock(
        choices=[("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
        default="1",
        label=_("level"),
        help_text=_("A unit belongs to the last unit above it of a smaller level."),
    )
    name = blocks.CharBlock(max_length=120, label=_("name"))
    text = blocks.CharBlock(max_length=240, required=False, label=_("what it does"))


class OrganisationBlock(blocks.StructBlock):  # type: ignore[misc]
    """An organisation chart, drawn as a tree and as a picture.

    The units that the region keeps in the back office hold; where it keeps none, those of the block.
    """

    units = blocks.ListBlock(UnitBlock(), min_num=1, label=_("units"))

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        """Add the tree and its drawing."""
        from entaxis.portal.charts import draw, tree
        from entaxis.portal.organisation.actions import units_of
        from entaxis.portal.organisation.drawing import forest

        context = super().get_context(value, parent_context=parent_context)
        request = (parent_context or {}).get("request")
        roots = forest(units_of(request.region)) if request else []
        if not roots:
            roots = tree([(int(unit["depth"]), unit["name"], unit["text"]) for unit in value["units"]])
        context["roots"] = roots
        context["drawing"] = draw(roots)
        return context

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "group"
        label = _("Organisation chart")
        template = "portal/blocks/organisation.html"


class StepBlock(blocks.StructBlock):  # type: ignore[misc]
    """A step of a diagram."""

    title = blocks.CharBlock(max_length=60, label=_("title"))
    text = blocks.CharBlock(max_length=240, label=_("text"))


class StepsBlock(blocks.StructBlock):  # type: ignore[misc]
    """How something works: steps that follow one another and come round again."""

    title = blocks.CharBlock(max_length=120, label=_("title"))
    steps = blocks.ListBlock(StepBlock(), min_num=2, max_num=9, label=_("steps"))

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        """Add the drawing."""
        from entaxis.portal.charts import draw_cycle

        context = super().get_context(value, parent_context=parent_context)
        context["drawing"] = draw_cycle([step["title"] for step in value["steps"]])
        return context

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "resubmit"
        label = _("Diagram of steps")
        template = "portal/blocks/steps.html"


class ReferenceBlock(blocks.StructBlock):  # type: ignore[misc]
    """A law or decision."""

    title = blocks.CharBlock(max_length=120, label=_("law"))
    text = blocks.TextBlock(label=_("what it says"))
    url = blocks.URLBlock(required=False, label=_("address"))

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "openquote"
        label = _("Reference to a law")
        template = "portal/blocks/reference.html"


class MediaBlock(blocks.StructBlock):  # type: ignore[misc]
    """A recording, uploaded as a document, with its text: nothing is heard or signed only."""

    title = blocks.CharBlock(max_length=120, label=_("title"))
    recording = DocumentChooserBlock(label=_("file"))
    language = blocks.CharBlock(max_length=35, default="rmy", label=_("language code"))
    transcript = blocks.RichTextBlock(features=FEATURES, label=_("the same as text"))


class AudioBlock(MediaBlock):
    """Audio, for instance in Romani."""

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "media"
        label = _("Audio")
        template = "portal/blocks/audio.html"


class SignVideoBlock(MediaBlock):
    """Video in Greek Sign Language."""

    language = blocks.CharBlock(max_length=35, default="gss", label=_("language code"))

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "view"
        label = _("Sign-language video")
        template = "portal/blocks/sign_video.html"


class PictureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture with the words that stand for it."""

    picture = ImageChooserBlock(label=_("picture"))
    alternative = blocks.CharBlock(
        max_length=250, required=False, label=_("what it shows"), help_text=_("Empty: decoration only.")
    )
    caption = blocks.CharBlock(max_length=250, required=False, label=_("caption and source"))

    class Meta:
        """How editors see it, and how it is drawn."""

        icon = "image"
        label = _("Picture")
        template = "portal/blocks/picture.html"


class BodyBlock(blocks.StreamBlock):  # type: ignore[misc]
    """Everything a page's body may hold."""

    heading = blocks.CharBlock(
        max_length=120, icon="title", label=_("Heading"), template="portal/blocks/heading.html"
    )
    text = blocks.RichTextBlock(features=FEATURES, label=_("Text"))
    notice = NoticeBlock()
    picture = PictureBlock()
    document = DocumentChooserBlock(label=_("File"), template="portal/blocks/document.html")
    organisation = OrganisationBlock()
    steps = StepsBlock()
    reference = ReferenceBlock()
    audio = AudioBlock()
    sign_video = SignVideoBlock()
