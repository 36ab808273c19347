"""The chat page with a worker behind it, by test client and by a real server for the browser."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.slow_requests import Hurried
from app.web.application import create_app
from app.workers.jobs import make_app
from care.services import Services
from tests.chat.people import Instructor, Worker


@pytest.fixture
def worker(services: Services) -> Iterator[Worker]:
    one = Worker(services)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def instructor(services: Services) -> Instructor:
    return Instructor(services)


@pytest.fixture
def application(services: Services, worker: Worker) -> FastAPI:
    return create_app(services, jobs=make_app(services.database.url))


@pytest.fixture
def visitor(application: FastAPI) -> TestClient:
    """A browser without script: it keeps cookies and follows redirects."""
    return TestClient(application, headers={"accept-language": "zh-CN"})


@pytest.fixture
def other_visitor(application: FastAPI) -> TestClient:
    return TestClient(application, headers={"accept-language": "zh-CN"})


@pytest.fixture
def address(application: FastAPI) -> Iterator[str]:
    """Of a running server."""
    server = uvicorn.Server(uvicorn.Config(application, http=Hurried, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    path = os.environ.get("PEIBAN_CHROMIUM") or "/usr/bin/chromium"
    microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox", *microphone]}
