"""Durable jobs: building an edition. A job is deferred in the transaction that wants it and survives a killed worker."""

import subprocess
import sys

import procrastinate
from procrastinate import JobContext
from sqlmodel import Session

from kit import jobs
from kit.errors import Unavailable

MOST_ATTEMPTS = 3

blueprint = procrastinate.Blueprint()


@blueprint.task(name="build_edition", queue="builds", lock="build")
def build_edition(number: int) -> None:
    """In a process of its own, so that neither its memory nor its end touches the server. Running it again is harmless."""
    command = [sys.executable, "-m", "app.cli", "editions", "build", str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program, a number
    if done.returncode != 0:
        raise Unavailable(f"building edition {number} ended with {done.returncode}")


@blueprint.periodic(cron="*/1 * * * *")
@blueprint.task(name="rescue", queue="rescue", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the engine passes the time
    """Give the jobs of a killed worker to a living one; a job that kills every worker is left alone after some attempts."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)


def make_app(dsn: str) -> procrastinate.App:
    app = jobs.make_app(dsn)
    app.add_tasks_from(blueprint, namespace="")
    return app


def request_build(session: Session, app: procrastinate.App, *, number: int) -> None:
    """Build edition `number` soon, with the commit of `session`."""
    jobs.defer(session, app.tasks["build_edition"], queueing_lock=f"build-{number}", number=number)
