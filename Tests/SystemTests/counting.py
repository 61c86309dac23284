"""`vitrine usage …` on a data folder, and what it has to say: recomputed with dictionaries from the events."""

import json
import os
import subprocess
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from urllib.parse import quote

import requests

from running_server import BINARY, TOKEN, clean_environment, run

CENT = Decimal("0.01")


class Counting:
    """The commands on one data folder. `flags` are the node's `--store`, `--node` and so on."""

    def __init__(self, data, python, *flags, environment=None):
        self.data = data
        self.flags = ["--data", data, *flags]
        self.python = ["--python", python]
        self.environment = clean_environment(**(environment or {}))

    def call(self, name, *arguments, check=True):
        python = [] if name == "status" else self.python
        return run("usage", name, *arguments, *self.flags, *python, check=check, env=self.environment)

    def run(self, *arguments):
        """The last line of a run, which has its number, hash and counts."""
        return progress(self.call("run", "--json", *arguments))[-1]

    def refused(self, name="run", *arguments):
        """The error and the remedy of a command that must fail."""
        done = self.call(name, "--json", *arguments, check=False)
        assert done.returncode == 1, (done.returncode, done.stdout[-1000:], done.stderr)
        last = progress(done)[-1]
        assert {"error", "remedy"} <= set(last), last
        return last["error"], last["remedy"]

    def start(self, *arguments):
        """A run that goes on beside the test; its lines come from `stdout`."""
        command = [BINARY, "usage", "run", "--json", *arguments, *self.flags, *self.python]
        return subprocess.Popen(list(map(str, command)), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, env=self.environment)

    def table(self, name, *arguments):
        return json.loads(self.call(name, *arguments, "--format", "json").stdout)

    def daily(self, first="2000-01-01", last="2079-12-31"):
        rows = self.table("daily", "--from", first, "--to", last)
        return {(row["day"], row["creator_id"], row["content_type"]): row["uses"] for row in rows}

    def payouts(self, *arguments):
        """Uses and amount by period and creator."""
        return {(row["period"], row["creator_id"]): (row["uses"], Decimal(row["amount"]))
                for row in self.table("payouts", *arguments)}

    def configure(self, **files):
        """Writes files of the configuration: their name without `.csv`, and their lines."""
        folder = self.data / "usage/warehouse/config"
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in files.items():
            (folder / f"{name}.csv").write_text("".join(line + "\n" for line in lines))


def progress(done):
    return [json.loads(text) for text in done.stdout.splitlines()]


def expected(events, rate=Decimal("0.01"), every=()):
    """What a list of CloudEvents comes to, however often each was sent: uses and exact amounts by day, creator and
    content type. A content has one creator and type here, so that it does not matter who was first; `every` has the
    types of which each event counts. An identity with two contents counts for nothing."""
    contents = defaultdict(dict)
    for event in events:
        contents[event["source"], event["id"]][json.dumps(event, sort_keys=True)] = event
    uses = {}
    for identity, found in contents.items():
        if len(found) > 1:
            continue
        (event,) = found.values()
        data, day = event["data"], event["time"][:10]
        own = identity if data["content_type"] in every else None
        row = (day, data["creator_id"], data["content_type"])
        assert uses.setdefault((day, data["user_id"], data["content_id"], own), row) == row
    totals = defaultdict(int)
    for row in uses.values():
        totals[row] += 1
    return {row: (count, count * rate) for row, count in totals.items()}


def paid(rows):
    """Uses and payout by period and creator: each exact sum is rounded once, half to even."""
    sums = defaultdict(lambda: [0, Decimal(0)])
    for (day, creator, _), (uses, amount) in rows.items():
        sums[day[:7], creator][0] += uses
        sums[day[:7], creator][1] += amount
    return {key: (uses, amount.quantize(CENT, ROUND_HALF_EVEN)) for key, (uses, amount) in sums.items()}


def agrees(counting, events, **rules):
    """The tables say what the events come to, to the last use and cent."""
    rows = expected(events, **rules)
    assert counting.daily() == {row: uses for row, (uses, _) in rows.items()}
    assert counting.payouts() == paid(rows)


def ask(server, creator, first=None, last=None):
    """`GET /v1/usage/creators/{id}`."""
    days = {"from": first, "to": last} if first else None
    return requests.get(f"{server.url}/v1/usage/creators/{quote(creator, safe='')}", params=days, timeout=60,
                        headers={"Authorization": f"Bearer {TOKEN}"})


def unloaded(server, counting):
    """Waits until every export is in the service database."""
    exports = [int(name) for name in os.listdir(counting.data / "usage/warehouse/exports") if name.isdigit()]
    wanted = f'vitrine_unload_export{{state="applied"}} {max(exports)}'
    server.wait_for(lambda: wanted in requests.get(server.admin + "/metrics", timeout=30).text.splitlines(),
                    f"export {max(exports)} in the service database", 120)


def served(server, counting, first, last, rows=None):
    """The service database says what the tables say, of every creator, to the last use and cent; with `rows`, what is
    expected, also to the last digit of each day's amount."""
    unloaded(server, counting)
    daily, payouts = defaultdict(dict), defaultdict(dict)
    for (day, creator, kind), uses in counting.daily(first, last).items():
        daily[creator][day, kind] = uses
    for row in counting.table("payouts"):
        if first[:7] <= row["period"] <= last[:7]:
            payouts[row["creator_id"]][row["period"]] = (row["uses"], Decimal(row["amount"]), row["status"])
    assert payouts
    for creator, periods in payouts.items():
        answer = ask(server, creator, first, last)
        assert answer.status_code == 200, (creator, answer.text)
        told = answer.json()
        assert told["creator"] == creator
        assert {(day["day"], day["contentType"]): day["uses"] for day in told["days"]} == daily[creator]
        assert {row["period"]: (row["uses"], Decimal(row["amount"]), row["status"])
                for row in told["payouts"]} == periods, creator
        if rows is not None:
            assert {(day["day"], creator, day["contentType"]): (day["uses"], Decimal(day["amount"]))
                    for day in told["days"]} == {row: sums for row, sums in rows.items() if row[1] == creator}
