"""The notice board: hung up with files that were looked at, taken down."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from entaxis.accounts.models import User
from entaxis.accounts.rules import may_act_for
from entaxis.core.papers import Paper
from entaxis.directory.network import rules
from entaxis.directory.network.models import Notice, NoticeFile

ALLOWED: Final = ("pdf", "docx", "odt", "xlsx", "ods", "png", "jpeg")
MOST_FILES: Final = 3
MOST_MEGABYTES: Final = 5


def may_change(user: User, notice: Notice) -> bool:
    """Whose body wrote it, and the Observatory's editors."""
    return may_act_for(user, notice.body) or rules.may_review(user, notice.region)


@transaction.atomic
def hang_up(*, notice: Notice, papers: Sequence[Paper], by: User) -> Notice:
    """Store a notice with its files."""
    notice.created_by = by
    notice.save()
    NoticeFile.objects.bulk_create(
        NoticeFile(
            notice=notice,
            name=paper.name,
            kind=paper.kind,
            size_bytes=len(paper.content),
            content=paper.content,
        )
        for paper in papers
    )
    return notice
