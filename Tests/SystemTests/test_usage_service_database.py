"""The service database goes away, crashes in the middle of an unload, and comes back: each row has its effect once."""

import pathlib
import shlex
import subprocess
import tempfile
from decimal import Decimal

import pytest
import requests

from collecting import Collector, use
from counting import Counting, agrees, ask, expected, served
from running_server import ROOT, TOKEN
from usage_shelf import Shelf, line

# What readers of tables, paths and numbers like to take for something else.
NAMES = ["..a", "café", "cafe\u0301", " a\"b,c' ", "%2e", "x" * 256, "null", "NA", "#N/A", "nan", "-", "007", "1e5",
         "true", "2025-01-01", "\ufeffada", "a\u2028b", "\u0085"]
CREATORS = [f"créateur/{number}?" for number in range(28)] + NAMES
KINDS = ["photo", "font", "video"]
DAYS = [f"2025-01-{day:02}" for day in range(1, 29)]
RATE = Decimal("0.003333333")
RATES = ["from,to,content_type,plan,country,rate", f",,,,,{RATE}"]


class Postgres:
    """A real server in a folder of its own (scripts/postgres)."""

    def __init__(self, folder):
        self.folder = folder
        self.address = None
        self.start()

    def call(self, verb):
        done = subprocess.run([ROOT / "scripts/postgres", verb, self.folder], capture_output=True, text=True,
                              timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self):
        words = [shlex.split(text)[1] for text in self.call("start").splitlines() if text.startswith("export ")]
        self.address = dict(word.split("=", 1) for word in words)["VITRINE_TEST_POSTGRES"]

    def stop(self):
        self.call("stop")

    def kill(self):
        self.call("kill")


@pytest.fixture
def postgres():
    if not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        pytest.skip("needs a server: apt-get install postgresql")
    # Not below pytest's folder, which the server's user may not enter.
    with tempfile.TemporaryDirectory(prefix="vitrine-postgres-") as folder:
        server = Postgres(folder)
        yield server
        server.stop()


def uses(day, round_of, plan="pro"):
    """A few uses of a day for each creator; other ones each round."""
    return [use(id=f"{round_of}-{day}-{place}-{kind}-{number}", time=f"{day}T08:00:00Z",
                data={"content_id": f"c{place}-{kind}", "creator_id": creator, "content_type": kind, "plan": plan,
                      "user_id": f"u{round_of}-{number}"})
            for place, creator in enumerate(CREATORS) for kind in KINDS for number in range(1 + place % 2)]


def node(data, address, *flags):
    return Collector(data, "--unload-share", "100", *flags, roles="all",
                     environment={"VITRINE_SERVICE_DATABASE": address})


def metric(server, name):
    text = requests.get(server.admin + "/metrics", timeout=30).text
    return next(float(entry.rsplit(" ", 1)[1]) for entry in text.splitlines() if entry.rsplit(" ", 1)[0] == name)


def is_healthy(server):
    """The other roles answer: deliveries' errors are their own, and events are taken."""
    assert requests.get(server.url + "/health", timeout=30).status_code == 200
    # After a start, workers take a moment.
    server.wait_for(lambda: requests.get(server.url + "/ready", timeout=30).status_code == 200, "readiness")
    assert requests.get(server.url + "/no/such/picture.jpg", timeout=30).status_code in (400, 403, 404)


def test_crashes_in_the_middle_of_an_unload_neither_lose_nor_repeat(tmp_path, usage_python, postgres):
    """The server, PostgreSQL, and both; then a second export, partly over the rows of the first."""
    counting = Counting(tmp_path / "data", usage_python)
    counting.configure(rates=RATES)
    events = [event for day in DAYS for event in uses(day, 1)]
    slow = ["--unload-rate", "100"]
    server = node(tmp_path / "data", postgres.address, *slow)

    def in_the_middle():
        """A batch was applied, and others wait: at this rate for some ten seconds."""
        server.wait_for(lambda: metric(server, 'vitrine_unload_rows_total{kind="applied"}') > 0
                        and metric(server, "vitrine_unload_backlog_rows") > 0, "a backlog")

    try:
        for start in range(0, len(events), 1_000):
            assert server.send(*events[start:start + 1_000]).status_code == 202
        counting.run()
        in_the_middle()
        server.kill()
        server = node(tmp_path / "data", postgres.address, *slow)
        in_the_middle()
        postgres.kill()
        is_healthy(server)
        answer = ask(server, CREATORS[0], DAYS[0], DAYS[-1])
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1, answer.text
        server.kill()
        postgres.start()
        server = node(tmp_path / "data", postgres.address)
        served(server, counting, DAYS[0], DAYS[-1], expected(events, rate=RATE))

        more = [event for day in DAYS[20:] for event in uses(day, 2, "free")]
        assert server.send(*more).status_code == 202
        events += more
        counting.run()
        postgres.kill()
        postgres.start()
        served(server, counting, DAYS[0], DAYS[-1], expected(events, rate=RATE))
    finally:
        server.kill()


def test_while_the_database_is_away_everything_else_goes_on(tmp_path, usage_python, postgres):
    counting = Counting(tmp_path / "data", usage_python)
    counting.configure(rates=RATES)
    address = postgres.address
    postgres.stop()
    # It starts without its database, takes events, and runs count.
    server = node(tmp_path / "data", address)
    try:
        is_healthy(server)
        events = []
        for number, day in enumerate(DAYS[:3]):
            events += uses(day, number)
            assert server.send(*uses(day, number)).status_code == 202
            counting.run()
            agrees(counting, events, rate=RATE)
            assert ask(server, CREATORS[0]).status_code == 503
            is_healthy(server)
        assert metric(server, "vitrine_unload_failing") == 1
        assert address.split(":")[2].split("@")[0] not in str(server.lines), "no password in the log"
        postgres.start()
        served(server, counting, DAYS[0], DAYS[2], expected(events, rate=RATE))
        assert metric(server, "vitrine_unload_failing") == 0
        assert metric(server, 'vitrine_unload_export{state="applied"}') == 3
    finally:
        server.kill()


def test_every_creators_name_is_a_path(tmp_path, usage_python):
    """Names are bytes: with slashes, points, percent signs, two spellings of one letter. With SQLite."""
    shelf = Shelf(tmp_path / "data")
    shelf.ship("a", 1, [line(f"{number}-{place}", creator='"' + creator.replace('"', '""') + '"', content=f"c{place}",
                             user=f"u{number}")
                        for place, creator in enumerate(CREATORS) for number in range(place + 1)])
    counting = Counting(shelf.data, usage_python)
    counting.run()
    server = Collector(shelf.data)
    try:
        served(server, counting, "2026-01-01", "2026-01-31")
        totals = {creator: ask(server, creator, "2026-01-01", "2026-01-31").json()["payouts"][0]["uses"]
                  for creator in CREATORS}
        assert totals == {creator: place + 1 for place, creator in enumerate(CREATORS)}
        assert ask(server, "nobody").status_code == 404
        answer = requests.get(server.url + "/v1/usage/creators/ada", timeout=30)
        assert answer.status_code == 401
        for query in ("from=2026-01-02&to=2026-01-01", "from=2020-01-01&to=2026-01-01", "from=x", "day=2026-01-01",
                      "from=2026-01-01&from=2026-01-02", "to=2026-02-30"):
            answer = requests.get(f"{server.url}/v1/usage/creators/ada?{query}", timeout=30,
                                  headers={"Authorization": f"Bearer {TOKEN}"})
            assert answer.status_code == 400, query
    finally:
        server.kill()
