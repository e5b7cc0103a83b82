"""The pages that editors write."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The room ``portal``."""

    name = "entaxis.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Connect the signals; declare the kinds of message, the desk's tasks, news as publications."""
        from entaxis.accounts import personal
        from entaxis.portal import kinds, leaving, signals  # noqa: F401
        from entaxis.portal.models import NewsFile, NewsItem, NewsPicture
        from entaxis.portal.news import doings  # noqa: F401 – registers
        from entaxis.portal.office import desk  # noqa: F401
        from entaxis.strategy.publications import families

        personal.register_erasure(leaving.erase)
        families.register(
            families.Family(
                key="news",
                model=NewsItem,
                form=_news_form,
                one=_("news"),
                new=_("New announcement or event"),
                item_template="portal/news/_item.html",
                picture=NewsPicture,
                file=NewsFile,
            )
        )


def _news_form() -> type:
    from entaxis.portal.news.forms import NewsForm

    return NewsForm
