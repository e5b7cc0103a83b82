"""The sentences of the emergency and rights pages: interface text, so that it exists in every language."""

from django.utils.translation import gettext as _


def danger_steps() -> list[str]:
    """What to do in danger, first things first."""
    return [
        _("If your life is in danger, call 112 now."),
        _("If you cannot speak, call and leave the line open."),
        _("If you can, go where other people are."),
        _("You do not have to decide anything else today. The help lines listen and explain."),
        _("The help lines can tell you about a safe place. Its address stays secret."),
    ]


def rights_list() -> list[dict[str, str]]:
    """What a person may expect, each with its title and an icon."""
    return [
        {
            "icon": "search",
            "title": _("You can read everything here without signing in"),
            "text": _("Nobody asks who you are when you search for help."),
        },
        {
            "icon": "documents",
            "title": _("You can ask for help even without papers"),
            "text": _("Ask at a Community Centre what you can get and which documents you need."),
        },
        {
            "icon": "safety",
            "title": _("You decide what you say about yourself"),
            "text": _(
                "You answer questions about health, origin, religion or private life only if you wish."
            ),
        },
        {
            "icon": "language",
            "title": _("You can say which language you speak"),
            "text": _("Ask whether somebody speaks your language, or come with a person you trust."),
        },
        {
            "icon": "edit",
            "title": _("You can see and correct what is kept about you"),
            "text": _(
                "European Regulation 2016/679 gives you this right, "
                "and the right to complain to the Data Protection Authority."
            ),
        },
        {
            "icon": "disability",
            "title": _("The site must be usable by everybody"),
            "text": _("Law 4727/2020 asks for it. If something does not work for you, tell us."),
        },
        {
            "icon": "question",
            "title": _("You can ask why"),
            "text": _("If a structure says no, ask for the reason and who else can help."),
        },
    ]
