"""Two questions of a load balancer: does the process live, can it serve?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers, every migration has run, nothing that READINESS names objects.

    503 otherwise, without a reason to outsiders.
    """
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        waiting = waiting or not all(import_string(question)() for question in settings.READINESS)
    except DatabaseError:
        waiting = True
    status = 503 if waiting else 200
    return JsonResponse({"status": "unavailable" if waiting else "ok"}, status=status)
