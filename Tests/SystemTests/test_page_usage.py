"""The page's panel about usage, used by a browser as a person would: from the first event to the payout."""

import os
import signal
import subprocess
import sys

import pytest
import requests

from running_server import BINARY, TOKEN, RunningServer, clean_environment, run
from usage_page import UsagePage, ask, event, send
from usage_shelf import Shelf, line, stand_in

HOSTILE = "<img src=x onerror=alert(1)>"

SHIFT_BY_ITSELF = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) sum += entry.value;
}).observe({ type: "layout-shift" });
setTimeout(() => done(sum), 5500);
"""


@pytest.fixture(scope="module")
def counted(tmp_path_factory, usage_python):
    """A node whose events were counted: 4 uses of ada's, 2 of bob's, one of a creator with a hostile name."""
    server = RunningServer(tmp_path_factory.mktemp("counted"))
    try:
        fill(server)
        count(server, usage_python)
        yield server
        assert server.stop() == 0
    finally:
        server.kill()


def fill(server):
    events = [event(number, user_id=f"u{number}") for number in range(3)]
    events += [event(10, content_id="t1", content_type="template")]
    events += [event(20 + number, creator_id="bob", content_id="c2", user_id=f"u{number}") for number in range(2)]
    events += [event(30, creator_id=HOSTILE, content_id="c3")]
    events += [event(40, creator_id="late-lee", content_id="c4", seconds_ago=3 * 86_400)]
    send(server, events)
    send(server, events[:3])
    held = event(50, content_id="c5", source=HOSTILE)
    send(server, [held, held | {"data": held["data"] | {"creator_id": "bob", "plan": "pro"}}])


def count(server, python):
    done = run("usage", "run", "--json", "--data", server.data, "--python", python, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def page(browser, counted):
    opened = UsagePage(browser, counted.url)
    yield opened
    assert opened.complaints() == []


def test_payouts_are_shown_with_their_days(page, counted):
    page.look()
    page.until(lambda: len(page.creators()) >= 3)
    rows = {creator: (uses, amount) for creator, uses, amount in page.creators()}
    assert rows["ada"][0] == "4" and rows["bob"][0] == "2"
    told = {row["creator"]: row for row in ask(counted, "creators").json()["creators"]}
    assert rows["ada"][1].rstrip("0") == told["ada"]["amount"].rstrip("0")
    bars = "return document.querySelectorAll('#creators tr[data-creator=ada] .spark .some').length"
    assert page.browser.execute_script(bars) == 1
    assert page.content("#creator-month option").split(" ")[1].isdigit()
    assert page.content("#runs tr[data-run='1'] th").strip() == "1"


def test_every_stage_is_up_to_date_after_a_run(page):
    page.look()
    page.until(lambda: [page.stage(name) for name in ("ship", "export", "unload")] == ["up to date"] * 3)
    assert page.stage("intake").startswith("13 events") or page.stage("intake").endswith("events")
    assert page.content("#usage-fact-duplicates dd") == "3"
    assert page.content("#usage-fact-late dd") == "1"
    assert page.content("#usage-fact-held dd") == "2"


def test_creators_are_found_by_a_part_of_the_id(page):
    page.look()
    page.until(lambda: len(page.creators()) >= 3)
    page.search("#creator-search", "BO")
    page.until(lambda: [row[0] for row in page.creators()] == ["bob"])
    assert page.text("creator-count").startswith("1 of ")
    page.search("#creator-search", "nobody of this name")
    page.until(lambda: page.text("creators-none") == "No creator’s id has this in it.")
    page.search("#creator-search", "")
    page.until(lambda: len(page.creators()) >= 3)


def test_a_creators_days_are_told_by_content_type(page):
    page.look()
    page.until(lambda: page.shown("#creators tr[data-creator=ada]"))
    page.click("#creators tr[data-creator=ada] button")
    page.until(lambda: "template" in page.content("#creators .behind .each"))
    assert page.content("#creators .behind .types") == "picture3template1"
    page.click("#creators tr[data-creator=ada] button")
    page.until(lambda: not page.shown("#creators .behind"))


def test_the_quarantine_shows_what_differs(page):
    page.look()
    page.until(lambda: page.text("quarantine-count") == "1 identity")
    page.click("#quarantine summary")
    row = page.content("#quarantine li")
    assert "2 copies with 2 contents; they differ in creator, plan" in row
    assert "adabob" in page.content("#quarantine .sides tbody tr").replace("creator", "")
    page.search("#quarantine-search", "no such thing")
    page.until(lambda: page.text("quarantine-count") == "0 of 1 identity")
    page.search("#quarantine-search", "BOB")
    page.until(lambda: page.text("quarantine-count") == "1 of 1 identity")


def test_hostile_names_are_text(page):
    page.look()
    page.until(lambda: HOSTILE in [row[0] for row in page.creators()])
    page.until(lambda: page.text("quarantine-count") == "1 identity")
    assert page.browser.execute_script("return document.querySelector('#usage img')") is None


def test_a_new_payout_appears_without_a_reload(page, counted, usage_python):
    page.look()
    page.until(lambda: "ada" in [row[0] for row in page.creators()])
    name = f"fresh-{os.urandom(4).hex()}"
    send(counted, [event(name, creator_id=name, content_id=name)])
    count(counted, usage_python)
    page.search("#creator-search", name)
    page.until(lambda: [row[:2] for row in page.creators()] == [(name, "1")])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1000, 1440])
def test_the_panel_fits_its_width(page, tmp_path, width, scheme):
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    page.look(width=width)
    page.until(lambda: len(page.creators()) >= 3)
    page.click("#creators tr[data-creator=ada] button")
    page.until(lambda: page.shown("#creators .behind .each"))
    page.until(lambda: page.text("quarantine-count") == "1 identity")
    page.click("#quarantine summary")
    assert page.browser.execute_script("return document.documentElement.scrollWidth") == width
    page.into_view("#usage")
    shot = tmp_path / f"usage-{scheme}-{width}.png"
    assert page.browser.save_screenshot(str(shot))
    print(f"screenshot: {shot}")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_renewed_figures_move_nothing_and_keep_the_focus(page):
    page.look()
    page.until(lambda: page.shown("#creators tr[data-creator=ada]"))
    page.until(lambda: page.text("quarantine-count") == "1 identity")
    page.browser.execute_script("document.querySelector('#creators tr[data-creator=ada] button').focus()")
    assert page.browser.execute_async_script(SHIFT_BY_ITSELF) == 0
    assert page.browser.switch_to.active_element.text == "ada"


def test_the_counting_is_measured(counted):
    ask(counted, "state")
    text = requests.get(counted.admin + "/metrics", timeout=30).text
    for name in ('lag_seconds{stage="ship"} 0', 'lag_seconds{stage="export"} 0', 'lag_seconds{stage="unload"} 0',
                 "run_failed 0", 'counted{kind="duplicates"} 3', "quarantined_identities 1"):
        assert f"vitrine_usage_{name}" in text, name


# Where nothing was counted yet, and where a run is at work or failed: the counting is a stand-in.


@pytest.fixture
def fresh(tmp_path):
    server = RunningServer(tmp_path / "data")
    yield server
    server.kill()


@pytest.fixture
def empty(browser, fresh):
    opened = UsagePage(browser, fresh.url)
    yield opened
    assert opened.complaints() == []


@pytest.fixture
def start(tmp_path, fresh):
    """Starts a run of the stand-in beside the node."""
    project = stand_in(tmp_path / "project")
    Shelf(fresh.data).ship("a", 1, [line("1")])
    begun = []

    def begin(mood):
        begun.append(subprocess.Popen(
            [BINARY, "usage", "run", "--data", fresh.data, "--warehouse", project, "--python", sys.executable],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment(MOOD=mood)))
        return begun[-1]
    yield begin
    for process in begun:
        process.kill()
        process.wait(10)


def test_without_events_the_page_says_how_to_send_one(empty, fresh):
    empty.look()
    empty.until(lambda: empty.shown("#usage-curl"))
    assert not empty.shown("#usage-parts") and not empty.shown("#usage-facts")
    done = subprocess.run(empty.text("snippet-usage") + " -sw '%{http_code}' -o /dev/null", shell=True, text=True,
                          capture_output=True, timeout=60)
    assert done.stdout == "202", done.stderr
    empty.until(lambda: empty.shown("#usage-count"))
    assert empty.stage("intake") == "1 event" and empty.text("snippet-usage-run") == "vitrine usage run"


def test_the_run_at_work_is_shown_and_its_kill_told(empty, fresh, start):
    process = start("slow")
    empty.look()
    empty.until(lambda: "Building the tables waiting" in empty.content("#usage-progress p"))
    assert empty.shown("#usage-progress progress")
    progress = ask(fresh, "runs").json()["progress"]
    assert (progress["verb"], progress["step"]["stage"], progress.get("ending")) == ("run", "model", None)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    empty.until(lambda: "was interrupted" in empty.text("usage-failed"))
    assert not empty.shown("#usage-progress")
    assert ask(fresh, "runs").json()["progress"]["ending"] == "interrupted"


def test_a_failed_run_is_told_with_its_remedy(empty, fresh, start):
    assert start("fault").wait(60) == 1
    empty.look()
    empty.until(lambda: "rates.csv has no rate for picture" in empty.text("usage-failed"))
    assert "→ add one to config/rates.csv" in empty.text("usage-failed")


def test_a_run_that_ends_well_takes_the_failure_away(empty, fresh, start):
    assert start("fault").wait(60) == 1
    empty.look()
    empty.until(lambda: empty.shown("#usage-failed"))
    assert start("").wait(60) == 0
    empty.until(lambda: not empty.shown("#usage-failed"))
    assert ask(fresh, "runs").json()["progress"]["ending"] == "succeeded"


@pytest.mark.parametrize("path", ["state", "runs", "quarantine", "creators", "creators?period=2026-01"])
def test_usage_is_for_those_with_the_token(tmp_path, path):
    server = RunningServer(tmp_path / "data", "--roles", "collector", unsafe=False)
    try:
        assert ask(server, path, token=None).status_code == 401
        assert ask(server, path, token="other").status_code in (401, 403)
        assert ask(server, path).status_code == 200
        url = f"{server.url}/v1/usage/{path}"
        refused = requests.post(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
        assert refused.status_code == 405 and "GET" in refused.headers["Allow"]
    finally:
        server.kill()


@pytest.mark.parametrize("query", [
    "runs?limit=0", "runs?limit=101", "runs?limit=x", "runs?other=1", "creators?limit=0",
])
def test_bad_questions_are_refused_in_words(counted, query):
    answer = ask(counted, query)
    assert answer.status_code == 400 and answer.json()["detail"]
