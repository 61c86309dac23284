"""The paths that the page's panel about settings asks, who may ask them, and how the panel words conditions."""

import pytest
import requests

from running_server import TOKEN, RunningServer
from settings_page import SettingsPage, features_text, publish


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = RunningServer(tmp_path_factory.mktemp("settings-paths"), unsafe=True)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory):
    running = RunningServer(tmp_path_factory.mktemp("strict-settings"), unsafe=False)
    yield running
    assert running.stop() == 0


def test_with_a_token_only(browser, strict_server):
    publish(strict_server, "secret-app", features_text())
    opened = SettingsPage(browser, strict_server.url)
    try:
        opened.open()
        opened.until(lambda: opened.find("#access").is_displayed())
        assert "secret-app" not in browser.page_source
        opened.open(f"#token={TOKEN}")
        opened.look("secret-app")
    finally:
        browser.execute_script("sessionStorage.clear()")


@pytest.mark.parametrize("method, path", [
    ("GET", "settings"), ("GET", "settings/node"), ("GET", "settings/shop"), ("GET", "settings/shop/source"),
    ("GET", "settings/shop/keys"), ("POST", "settings/shop/rollback?to=1"), ("POST", "settings/shop/evaluate"),
    ("PUT", "settings/shop"), ("GET", "pictures/arms"), ("GET", "shadow"),
])
def test_the_panels_paths_want_a_token(strict_server, method, path):
    answer = requests.request(method, f"{strict_server.url}/page/{path}", data=b"{}", timeout=30)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method, path, status", [
    ("POST", "/shop", 405), ("PUT", "/shop", 405), ("POST", "/shop/keys/rotate?kind=client", 405),
    ("POST", "/sweep", 405), ("POST", "/rollback", 405), ("POST", "/evaluate", 405), ("DELETE", "/shop/users", 405),
    ("GET", "/shop/rollback", 405), ("GET", "/nobody", 404), ("POST", "/nobody/evaluate", 404),
    ("POST", "/nobody/rollback?to=1", 404), ("GET", "/UPPER", 400),
])
def test_the_panels_paths_change_nothing_else(server, method, path, status):
    answer = requests.request(method, f"{server.url}/page/settings{path}", data=b'{"features":{}}', timeout=30)
    assert answer.status_code == status, answer.text
    if status == 405:
        assert answer.headers["Allow"] in ("GET, HEAD", "POST")


def test_a_body_that_is_too_long_is_refused(server):
    publish(server, "long-bodies", features_text())
    answer = requests.post(f"{server.url}/page/settings/long-bodies/evaluate", data=b" " * ((1 << 20) + 1), timeout=30)
    assert answer.status_code == 413


def test_an_edge_without_its_origin_shows_what_it_serves_and_that_it_is_old(browser, tmp_path):
    origin = RunningServer(tmp_path / "origin", "--roles", "origin")
    publish(origin, "shop", features_text())
    edge = RunningServer(tmp_path / "edge", "--roles", "edge,console", "--upstream", origin.url)
    try:
        page = SettingsPage(browser, edge.url).look("shop", "page/")
        page.evaluate({"id": "ada", "country": "BE", "age": 40})
        page.choose("checkout-button")
        assert "from rule 2" in page.text("setting")
        assert not page.find("#publishes").is_displayed() and not page.find("#keys").is_displayed()
        origin.kill()
        page.until(lambda: page.find("#settings-stale").is_displayed())
        assert "last good settings" in page.text("settings-stale")
        page.evaluate({"id": "grace"})
        page.choose("price")
        assert page.content("#setting .verdict-box .value") == "1e0"
        assert page.complaints() == []
    finally:
        origin.kill()
        assert edge.stop() == 0


@pytest.mark.parametrize("condition, lines", [
    ({"a": 1}, ["a is 1"]),
    ({"a": None}, ["a is missing or null"]),
    ({"a": {"$gt": 1, "$lte": 9}}, ["a > 1", "a ≤ 9"]),
    ({"$or": [{"a": 1}, {"b": 2, "c": 3}]}, ["(a is 1) or (b is 2 and c is 3)"]),
    ({"$not": {"a": True}}, ["not (a is true)"]),
    ({"tags": {"$elemMatch": {"$eq": "x"}}}, ['tags has an element that is "x"']),
    ({"v": {"$vgte": "1.2.3"}}, ['v is at least version "1.2.3"']),
    ({"v": {"$not": {"$regexi": "^A"}}}, ["v is not so that it matches /^A/i"]),
    ({"a": {"$in": list(range(9))}}, ["a is one of 0, 1, 2, 3, 4, 5 and 3 more"]),
    ({"a": {"$made": "up"}}, ['a $made "up"']),
    ([], []),
])
def test_a_condition_is_told_in_words(browser, server, condition, lines):
    page = SettingsPage(browser, server.url).open()
    got = page.browser.execute_async_script("""
        const [condition, done] = arguments;
        import("/page/conditions.js").then(({ conditionLines }) => done(conditionLines(condition)));
    """, condition)
    assert got == lines
