"""What operators see of the edge, and what they do to it: figures, the panel, metrics, purges."""

import http.server
import json
import re
import threading

import pytest
import requests
from selenium.webdriver.common.by import By

from running_server import ROOT, TOKEN, RunningServer, clean_environment, run
from test_page import Page

AUTH = {"Authorization": f"Bearer {TOKEN}"}


class CountingOrigin:
    """An origin that says how long its answers are fresh, and counts what it is asked."""

    def __init__(self):
        self.asked = {}
        lock = threading.Lock()
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                with lock:
                    asked[self.path] = asked.get(self.path, 0) + 1
                body = b"p" * 1000
                self.send_response(200)
                self.send_header("Cache-Control", "private" if "private" in self.path else "max-age=600")
                self.send_header("Surrogate-Key", "all " + self.path.strip("/").split("/")[0])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def origin():
    started = CountingOrigin()
    yield started
    started.stop()


@pytest.fixture
def edge(origin, tmp_path):
    """An edge before a foreign origin, with the page and with tokens."""
    running = RunningServer(
        tmp_path, "--roles", "edge,console", "--upstream", origin.url, "--node", "edge-1", unsafe=False
    )
    yield running
    assert running.stop() == 0


def get(edge, path):
    answer = requests.get(edge.url + path, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer


def state(edge):
    return requests.get(edge.url + "/page/edge", headers=AUTH, timeout=30).json()


def is_hit(answer):
    return "; hit" in answer.headers["Cache-Status"]


def test_figures_and_purges_need_a_token(edge):
    for answer in [
        requests.get(edge.url + "/page/edge", timeout=30),
        requests.post(edge.url + "/page/purge", json={"everything": True}, timeout=30),
        requests.get(edge.url + "/page/edge", headers={"Authorization": "Bearer wrong"}, timeout=30),
    ]:
        assert answer.status_code == 401 and answer.json()["type"].endswith("/token-required")
    wrong = requests.put(edge.url + "/page/purge", headers=AUTH, timeout=30)
    assert wrong.status_code == 405 and wrong.headers["Allow"] == "POST"


def test_the_figures_tell_hits_from_misses_and_leave_the_page_out(edge):
    for _ in range(9):
        get(edge, "/a/1.jpg")
    get(edge, "/private/1")
    for path in ["/page/", "/page/page.js", "/page/state"]:
        get(edge, path)
    seen = state(edge)
    seen = state(edge)
    for figures in (seen["minute"], seen["total"]):
        assert figures["requests"] == 10, figures
        assert figures["hitShare"] == pytest.approx(8 / 9)
        assert figures["savedBytes"] == 8000 and figures["sentBytes"] == 10_000
    by_outcome = {row["outcome"]: row for row in seen["total"]["outcomes"]}
    assert by_outcome["miss"]["requests"] == 1 and by_outcome["passed"]["requests"] == 1
    assert by_outcome["miss"]["meanMilliseconds"] > 0
    assert seen["unstored"] == {"private": 1}
    assert seen["memory"]["entries"] == 1 and seen["memory"]["usedBytes"] >= 1000
    assert seen["node"] == "edge-1" and seen["peers"] == []


def test_what_is_asked_for_most_is_listed(edge):
    for _ in range(60):
        get(edge, "/a/popular.jpg")
    get(edge, "/a/rare.jpg")
    top = state(edge)["top"]
    assert top[0]["url"] == edge.url + "/a/popular.jpg"
    assert top[0]["count"] >= 30


@pytest.mark.parametrize("flags", [
    ["--url", "URL/b/1.jpg"], ["--prefix", "URL/b/"], ["--tag", "b"], ["--everything"],
], ids=lambda flags: flags[0])
def test_the_purge_command_makes_the_edge_forget(edge, origin, flags):
    get(edge, "/b/1.jpg")
    get(edge, "/c/1.jpg")
    assert is_hit(get(edge, "/b/1.jpg")) and is_hit(get(edge, "/c/1.jpg"))
    asked = origin.asked["/b/1.jpg"]
    flags = [flag.replace("URL", edge.url) for flag in flags]
    done = run("purge", "--admin", edge.admin, *flags, "--token", TOKEN)
    assert re.fullmatch(r"purged\s+edge-1\s*", done.stdout), done.stdout
    assert not is_hit(get(edge, "/b/1.jpg"))
    assert origin.asked["/b/1.jpg"] == asked + 1
    assert is_hit(get(edge, "/c/1.jpg")) == ("--everything" not in flags)


def test_a_purge_in_json_names_every_node(edge):
    done = run("purge", "--admin", edge.admin, "--tag", "x", "--soft", "--json", "--token", TOKEN)
    answer = json.loads(done.stdout)
    assert answer["complete"] is True and answer["nodes"] == [{"node": "edge-1", "done": True}]
    assert answer["sequence"] == state(edge)["purges"][0]["milliseconds"] * 1000 + answer["sequence"] % 1000
    assert state(edge)["purges"][0]["mode"] == "soft" and state(edge)["purges"][0]["value"] == "x"


def test_a_purge_that_does_not_reach_a_node_says_so(origin, tmp_path):
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        # Bound, not listening: nobody answers there, and nobody else takes it.
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
        running = RunningServer(
            tmp_path, "--roles", "edge", "--upstream", origin.url, "--node", "a",
            "--peers", f"a=http://127.0.0.1:1,b={gone}", unsafe=False,
        )
        try:
            done = run("purge", "--admin", running.admin, "--everything", "--token", TOKEN, check=False)
            assert done.returncode == 1 and "repeat the purge" in done.stderr
            lines = done.stdout.splitlines()
            assert lines[0].split() == ["purged", "a"]
            assert lines[1].split()[:2] == ["FAILED", "b"] and "connection refused" in lines[1]
            text = requests.get(running.admin + "/metrics", timeout=30).text
            assert "vitrine_edge_purges_untold_total 1" in text
            assert 'vitrine_edge_purges_total{mode="hard",scope="everything"} 1' in text
            assert 'vitrine_edge_peer_up{node="a"} 1' in text
        finally:
            assert running.stop() == 0


def test_a_purge_without_the_right_token_is_refused(edge, tmp_path):
    for flags in (["--data", tmp_path], ["--token", "wrong"]):
        refused = run("purge", "--admin", edge.admin, "--everything", *flags, check=False)
        assert refused.returncode == 1 and "token" in refused.stderr, refused.stderr


def test_wrong_purges_are_refused_before_anything_is_sent():
    for flags in (
        [], ["--url", "http://h/", "--tag", "t"], ["--url", "/path"], ["--tag", "two\nlines"],
        ["--everything", "extra"], ["--tag", "t", "--admin", "ftp://h"],
    ):
        wrong = run("purge", *flags, check=False)
        assert wrong.returncode == 64 and wrong.stderr, flags
    unknown = run("purge", "--tags", "t", check=False)
    assert unknown.returncode == 64 and "did you mean --tag?" in unknown.stderr


def test_a_dry_run_says_what_would_be_sent():
    shown = run("purge", "--prefix", "http://h/p", "--soft", "--admin", "http://127.0.0.1:1", "--dry-run").stdout
    first, second = shown.splitlines()
    assert first == "POST http://127.0.0.1:1/admin/purge"
    order = json.loads(second)
    assert order["prefix"] == "http://h/p" and order["mode"] == "soft"


def test_a_server_that_is_not_there_or_has_no_edge_is_named(tmp_path):
    nobody = run("purge", "--everything", "--admin", "http://127.0.0.1:1", "--data", tmp_path, check=False)
    assert nobody.returncode == 1 and "connection_refused" in nobody.stderr
    assert not (tmp_path / "secrets.json").exists(), "asking makes no secrets"
    running = RunningServer(tmp_path, "--roles", "origin")
    try:
        other = run("purge", "--everything", "--admin", running.admin, "--data", tmp_path, check=False)
        assert other.returncode == 1 and "has no edge" in other.stderr
    finally:
        assert running.stop() == 0


def test_the_metrics_page_names_every_metric_of_an_edge(origin, tmp_path):
    page = (ROOT / "docs/operations/counters.md").read_text()
    running = RunningServer(
        tmp_path, "--upstream", origin.url, "--node", "a", "--peers", "a=http://127.0.0.1:1,b=http://127.0.0.1:2"
    )
    try:
        requests.get(running.url + "/health", timeout=30)
        requests.get(running.url + "/foreign", timeout=30)
        text = requests.get(running.admin + "/metrics", timeout=30).text
    finally:
        assert running.stop() == 0
    names = {line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    assert {"vitrine_edge_request_seconds", "vitrine_upstream_connections", "vitrine_server_connections"} <= names
    assert not [name for name in names if f"`{name}`" not in page]
    labels = set(re.findall(r'(?:outcome|reason|kind)="([a-z-]+)"', text))
    assert not [label for label in labels if f"`{label}`" not in page], "every enumerated label has a meaning"


def test_every_outcome_has_its_time_in_the_metrics(edge):
    get(edge, "/d/1")
    get(edge, "/d/1")
    text = requests.get(edge.admin + "/metrics", timeout=30).text
    assert 'vitrine_edge_request_seconds_count{outcome="miss"} 1' in text
    assert 'vitrine_edge_request_seconds_bucket{outcome="miss",le="+Inf"} 1' in text
    assert 'vitrine_edge_unstored_total{reason="private"} 0' in text
    assert 'vitrine_server_accepted_total{listener="public"} 2' in text


def test_the_panel_shows_the_figures_and_purges(browser, edge, origin):
    page = Page(browser, edge.url)
    for _ in range(3):
        get(edge, "/e/1.jpg")
    page.open("page/#token=" + TOKEN)
    try:
        page.until(lambda: page.find("#edge").is_displayed())
        assert not page.find("#workbench").is_displayed() and not page.find("#originals").is_displayed()
        assert page.text("edge-hits") == "66.7 %"
        page.until(lambda: "hit" in page.text("outcomes"))
        get(edge, "/e/1.jpg")
        page.until(lambda: page.text("edge-hits") == "75 %")
        page.find("#purge-value").send_keys("/e/1.jpg")
        page.find("#purge button").click()
        page.until(lambda: page.text("purge-result") == "Purged on this node.")
        assert edge.url + "/e/1.jpg" in page.text("purges")
        assert not is_hit(get(edge, "/e/1.jpg"))
        page.browser.execute_script("document.getElementById('purge-scope').value = 'tag'")
        field = page.find("#purge-value")
        field.clear()
        field.send_keys("t" * 2000)
        page.find("#purge button").click()
        page.until(lambda: "at most 1024 bytes" in page.text("purge-problem"))
        page.refusals = 1
        assert page.complaints() == []
    finally:
        browser.execute_script("sessionStorage.clear()")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_panel_fits_the_screen(browser, edge, width):
    for number in range(20):
        get(edge, f"/a-rather-long-path-for-a-narrow-screen/with/folders/and/a/name-{number % 3}.jpg")
    page = Page(browser, edge.url)
    page.open("page/#token=" + TOKEN, width=width, height=900)
    try:
        page.until(lambda: page.find("#edge").is_displayed())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        for card in browser.find_elements(By.CSS_SELECTOR, "#edge .card"):
            assert card.size["width"] <= width
    finally:
        browser.execute_script("sessionStorage.clear()")


def test_doctor_looks_at_what_the_edge_needs(origin, tmp_path):
    done = run(
        "doctor", "--json", "--data", tmp_path, "--upstream", origin.url, "--node", "a", "--max-connections", "100",
        "--peers", "a=http://127.0.0.1:2,b=http://127.0.0.1:1", check=False,
    )
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert found["disk cache"]["ok"] and str(tmp_path) in found["disk cache"]["detail"]
    assert found["descriptors"]["ok"], found["descriptors"]
    assert found["upstream"]["ok"] and "answers" in found["upstream"]["detail"]
    assert not found["peer b"]["ok"] and found["peer b"]["remedy"] and "peer a" not in found
    many = run("doctor", "--json", "--data", tmp_path, "--max-connections", "1000000",
               env=clean_environment(), check=False)
    few = {finding["name"]: finding for finding in json.loads(many.stdout)}["descriptors"]
    assert many.returncode == 1 and not few["ok"] and "LimitNOFILE=" in few["remedy"]
