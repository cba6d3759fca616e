"""Static files: kept for good under names that change with their content, and nothing else by any path."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from vhkg.server.service import Service


def test_each_file(client: TestClient, service: Service) -> None:
    for name, asset in service.site.assets.items():
        reply = client.get(f"/static/{asset.digest}/{name}")
        assert reply.status_code == 200
        assert reply.content == asset.content
        assert "immutable" in reply.headers["cache-control"]
        assert reply.headers["content-type"].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/style.css",
        "/static/{digest}/app.py",
        "/static/{digest}/../app.py",
        "/static/{digest}/..%2f..%2f..%2fserver%2fapp.py",
        "/static/{digest}/%2e%2e/%2e%2e/app.py",
        "/static/{digest}/..%5capp.py",
        "/static/{digest}//etc/passwd",
        "/static/../../app.py",
        "/static/{digest}/style.css%00.js",
        "/static/{digest}/",
    ],
)
def test_nothing_else(client: TestClient, service: Service, path: str) -> None:
    reply = client.get(path.format(digest=service.site.assets["style.css"].digest))
    assert reply.status_code == 404


def test_no_file_names_another_host(service: Service) -> None:
    for name, asset in service.site.assets.items():
        text = asset.content.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, name
        assert "https://" not in text, name
        assert "//" not in text.replace("// ", "") or name.endswith(".js"), name
