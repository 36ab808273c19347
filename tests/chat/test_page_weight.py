"""What a first visit costs over the wire. The owner's limit is 100 KB; we hold a third of it."""

import re

from fastapi.testclient import TestClient

OUR_LIMIT = 30_000


def wire_bytes(visitor: TestClient, path: str) -> int:
    with visitor.stream("GET", path, headers={"accept-encoding": "gzip"}) as response:
        assert response.status_code == 200
        return sum(len(part) for part in response.iter_raw()) + sum(len(k) + len(v) + 4 for k, v in response.headers.items())


def test_first_load(visitor: TestClient) -> None:
    html = visitor.get("/").text
    wanted = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
    assert {path.rsplit("/", 1)[1] for path in wanted} == {"base.css", "chat.css", "chat.js", "mark.svg"}
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    sizes = {path: wire_bytes(visitor, path) for path in ("/", *wanted)}
    assert sum(sizes.values()) < OUR_LIMIT, sizes


def test_files_are_kept_for_a_year(visitor: TestClient) -> None:
    (path,) = re.findall(r'src="(/static/[^"]+\.js)"', visitor.get("/").text)
    assert "immutable" in visitor.get(path).headers["cache-control"]


def test_the_script_runs_on_old_web_views(visitor: TestClient) -> None:
    """No syntax after ES5: one such word and an old phone runs nothing of the file."""
    (path,) = re.findall(r'src="(/static/[^"]+\.js)"', visitor.get("/").text)
    code = re.sub(r"/\*.*?\*/", "", visitor.get(path).text, flags=re.S)
    assert not re.search(r"=>|`|\b(let|const|class|async|await|import|export)\b|\?\.|\?\?|\.\.\.", code)


def test_the_style_needs_no_new_browser(visitor: TestClient) -> None:
    (path,) = re.findall(r'href="(/static/[^"]+chat\.css)"', visitor.get("/").text)
    style = visitor.get(path).text
    assert not re.search(r":has\(|:is\(|:where\(|\ddvh|@layer|@container|color-mix", style)
