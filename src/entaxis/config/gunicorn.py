"""How gunicorn serves Entaxis: ``gunicorn --config python:entaxis.config.gunicorn entaxis.config.wsgi``.

Command-line options and the variable GUNICORN_CMD_ARGS go before what stands here.
"""

import gc
import os
from typing import Any

wsgi_app = "entaxis.config.wsgi"
bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4)))
threads = 4  # a thread waits for the database; more of them only queue there
timeout = 30  # seconds
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # a leak never grows old
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 – the heartbeat must not wait for a disk
control_socket_disable = True

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# No address, no query, no referrer, no browser: what was asked, the answer, how long it took.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)sB %(M)sms"
errorlog = "-"
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"impersonal": {"()": "entaxis.core.logs.Impersonal"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "line",
            "filters": ["impersonal"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def on_starting(server: Any) -> None:
    """Refuse to serve what must not be served: see the checks marked for deployment and the database."""
    import django

    django.setup()
    from django.core.checks import ERROR, run_checks
    from django.db import DatabaseError, connections

    try:
        faults = [message for message in run_checks(databases=["default"]) if message.level >= ERROR]
    except DatabaseError:
        server.log.error("The database does not answer; /health/ready will tell when it does.")
        return
    finally:
        connections.close_all()  # the workers open their own
    for fault in faults:
        server.log.error("%s %s", fault.msg, fault.hint or "")
    if faults:
        raise SystemExit("Entaxis does not start: " + " ".join(str(fault.msg) for fault in faults))


def post_worker_init(worker: Any) -> None:
    """Read the words of the search before anybody waits for them; this takes seconds.

    What is there then stays: the collector of garbage no longer looks through it, which stopped every
    thirtieth page of figures for a quarter of a second.
    """
    from django.db import DatabaseError, connection

    from entaxis.directory.search import words

    try:
        words()
    except DatabaseError:
        worker.log.error("The words of the search are read on the first search.")
    finally:
        connection.close()
    gc.collect()
    gc.freeze()
