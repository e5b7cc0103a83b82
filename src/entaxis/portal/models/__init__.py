"""What editors write: a region's brand, its pages, the help lines, who checked a translation."""

from entaxis.portal.models.brand import PublicityOperation, RegionBrand
from entaxis.portal.models.help_lines import HelpLine, HelpLineText
from entaxis.portal.models.library import Study, StudyFile, StudyMention, StudyPage, StudyText
from entaxis.portal.models.news import NewsFile, NewsItem, NewsPassing, NewsPicture
from entaxis.portal.models.organisation import OrganisationStep, OrganisationUnit
from entaxis.portal.models.pages import ContentPage, HomePage, SectionPage
from entaxis.portal.models.searching import PageText
from entaxis.portal.models.translations import TranslationReview

__all__ = [
    "ContentPage",
    "HelpLine",
    "HelpLineText",
    "HomePage",
    "NewsFile",
    "NewsItem",
    "NewsPassing",
    "NewsPicture",
    "OrganisationStep",
    "OrganisationUnit",
    "PageText",
    "PublicityOperation",
    "RegionBrand",
    "SectionPage",
    "Study",
    "StudyFile",
    "StudyMention",
    "StudyPage",
    "StudyText",
    "TranslationReview",
]
