"""Durable jobs: building an edition. A job is deferred in the transaction that wants it and survives a killed worker."""

import asyncio
import sys
import time

import procrastinate
from procrastinate import JobContext
from sqlmodel import Session

from kit import jobs
from kit.errors import Unavailable

MOST_ATTEMPTS = 3
FINISH_WITHIN_S = 5.0
HEALTHY_AFTER_S = 30.0


class BuildFailed(Unavailable):
    """The build ended by itself and noted on the edition why."""


class BuildCutOff(Unavailable):
    """The build was ended from outside: by the stop of this server, or by a machine out of memory. Another attempt may succeed."""


async def build_edition(number: int) -> None:
    """In a process of its own, so that neither its memory nor its end touches the server. Running it again is harmless."""
    command = [sys.executable, "-m", "app.cli", "editions", "build", str(number)]
    build = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        code = await build.wait()
    except asyncio.CancelledError as stopped:
        build.terminate()
        await build.wait()
        raise BuildCutOff(f"building edition {number} gave way to the server's end") from stopped
    if code != 0:
        raise (BuildCutOff if code < 0 else BuildFailed)(f"building edition {number} ended with {code}")


async def preview_edition(number: int) -> None:
    """What an edition would change, in a process of its own as well: thousands of questions are asked of it."""
    command = [sys.executable, "-m", "app.cli", "editions", "preview", str(number)]
    preview = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await preview.wait()
    except asyncio.CancelledError:
        preview.terminate()
        await preview.wait()
        raise


async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the engine passes the time
    """Give the jobs of a killed worker to a living one; a job that kills every worker is left alone after some attempts."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)


def make_app(dsn: str) -> procrastinate.App:
    """One for `work`, opened in its loop, and another for `request_build`: an app that is open asynchronously cannot defer with
    a session's plain connection, and a task belongs to one app alone."""
    app = jobs.make_app(dsn)
    again = procrastinate.RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=2, retry_exceptions=[BuildCutOff])
    app.task(name="build_edition", queue="builds", lock="build", retry=again)(build_edition)
    app.task(name="preview_edition", queue="builds", lock="preview")(preview_edition)
    rescuing = app.task(name="rescue", queue="rescue", queueing_lock="rescue", pass_context=True)(rescue)
    app.periodic(cron="*/1 * * * *")(rescuing)
    return app


def request_build(session: Session, app: procrastinate.App, *, number: int) -> None:
    """Build edition `number` soon, with the commit of `session`."""
    jobs.defer(session, app.tasks["build_edition"], queueing_lock=f"build-{number}", number=number)


def request_preview(session: Session, app: procrastinate.App, *, number: int) -> None:
    """Compare edition `number` with the live one soon, with the commit of `session`."""
    jobs.defer(session, app.tasks["preview_edition"], queueing_lock=f"preview-{number}", number=number)


class EngineStopped(Unavailable):
    """The engine gave up, as it does when its database goes away."""


class JobWorker:
    """`step` is for `loops.repeat`: it works until it is cancelled or the engine gives up."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def step(self) -> bool:
        app, began = make_app(self._dsn), time.monotonic()
        async with app.open_async():
            await app.run_worker_async(
                concurrency=2, install_signal_handlers=False, shutdown_graceful_timeout=FINISH_WITHIN_S, delete_jobs="successful"
            )
        if time.monotonic() - began < HEALTHY_AFTER_S:
            raise EngineStopped
        return True  # it worked well until now, so an outage that begins is a new one
