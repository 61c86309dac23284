"""Closing months, what comes late, rate cards, caps and what is wrong in them: through the commands and the API."""

import csv
import hashlib
import io
import os
import shutil

import pytest

from collecting import Collector
from counting import Counting, served
from usage_shelf import Shelf, line

HOUR = 3_600_000_000
JANUARY, FEBRUARY = 1_736_121_600_000_000, 1_739_318_400_000_000  # 2025-01-06 and 2025-02-12
RATES = ["from,to,content_type,plan,country,rate", ",,,,,0.01", ",,photo,,,0.005", ",,photo,pro,,0.0125"]


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "data")


@pytest.fixture
def counting(shelf, usage_python):
    return Counting(shelf.data, usage_python)


def use(number, creator, start=JANUARY, **more):
    """One of a user of its own, without plan and country."""
    values = {"kind": "photo", "user": f"u{number}", "plan": "", "country": "", "occurred_us": start + number * 1_000}
    return line(f"{number}", creator=creator, **{**values, **more})


def rows(counting, name, *arguments):
    return list(csv.DictReader(io.StringIO(counting.call(name, *arguments).stdout)))


def money(counting, period):
    """Uses, amount, remainder, adjusted uses, adjusted amount and status of each creator's payout."""
    return {row.pop("creator_id"): tuple(row.values())[1:] for row in rows(counting, "payouts", "--period", period)}


def corrections(counting):
    return [tuple(row.values()) for row in rows(counting, "adjustments")]


def statement(counting, period):
    folder = counting.data / "usage/warehouse/closed" / period
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_closed_month_stands_and_what_comes_late_is_a_correction(shelf, counting):
    counting.configure(rates=RATES)
    shelf.ship("a", 1, [use(n, "ada") for n in range(1, 4)] + [use(n, "bob") for n in range(11, 16)])
    counting.call("close", "2025-01")
    settled = {"ada": ("3", "0.02", "-0.005000000", "0", "0.000000000", "closed"),
               "bob": ("5", "0.02", "0.005000000", "0", "0.000000000", "closed")}
    assert money(counting, "2025-01") == settled
    frozen = statement(counting, "2025-01")

    # Late events of January, one that disagrees with a counted one, and a use in February.
    shelf.ship("a", 2, [use(4, "ada"), use(5, "ada"), use(11, "mallory"), use(21, "eve"),
                        use(31, "ada", FEBRUARY, plan="pro")])
    counting.run()
    assert statement(counting, "2025-01") == frozen and money(counting, "2025-01") == settled
    assert corrections(counting) == [
        ("2025-02", "2025-01", "ada", "2", "0.010000000", "open"),
        ("2025-02", "2025-01", "bob", "-1", "-0.005000000", "open"),
        ("2025-02", "2025-01", "eve", "1", "0.005000000", "open")]
    assert money(counting, "2025-02") == {
        "ada": ("3", "0.02", "0.002500000", "2", "0.010000000", "open"),
        "bob": ("-1", "0.00", "-0.005000000", "-1", "-0.005000000", "open"),
        "eve": ("1", "0.00", "0.005000000", "1", "0.005000000", "open")}
    became = [row["became"] for row in rows(counting, "explain", "bob", "2025-01-06")]
    assert sorted(became) == ["quarantined"] + ["use"] * 4
    (conflict,) = rows(counting, "quarantine")
    assert (conflict["id"], conflict["copies"], conflict["reason"]) == ("11", "2", "content")

    # A rate that changes afterwards is a correction too.
    counting.configure(rates=[*RATES[:2], ",,photo,,,0.006", RATES[3]])
    counting.run()
    assert statement(counting, "2025-01") == frozen and money(counting, "2025-01") == settled
    assert [row[2:5] for row in corrections(counting)] == [
        ("ada", "2", "0.015000000"), ("bob", "-1", "-0.001000000"), ("eve", "1", "0.006000000")]

    error, remedy = counting.refused("close", "2025-01")
    assert "closed already" in error and "adjustments" in remedy
    counting.call("close", "2025-02")
    last = counting.run()
    assert {row[5] for row in corrections(counting)} == {"closed"}
    assert money(counting, "2025-02")["ada"] == ("3", "0.03", "-0.002500000", "2", "0.015000000", "closed")
    assert money(counting, "2025-03") == {}
    assert counting.run("--full")["marts"] == last["marts"]
    server = Collector(counting.data)
    try:
        served(server, counting, "2025-01-01", "2025-02-28")
    finally:
        server.kill()


def test_months_are_closed_in_their_turn(shelf, counting):
    shelf.ship("a", 1, [use(1, "ada"), use(2, "ada", FEBRUARY)])
    error, remedy = counting.refused("close", "2025-02")
    assert "2025-01 is still open" in error and "close 2025-01" in remedy
    error, _ = counting.refused("close", "2075-01")
    assert "stays open until" in error
    assert {row["status"] for row in rows(counting, "payouts")} == {"open"}
    assert not any((counting.data / "usage/warehouse/closed").iterdir())


def test_statements_cannot_be_changed_or_removed_unseen(shelf, counting, tmp_path):
    shelf.ship("a", 1, [use(1, "ada"), use(2, "ada", FEBRUARY)])
    counting.call("close", "2025-01")
    counting.call("close", "2025-02")
    closed = counting.data / "usage/warehouse/closed"
    for period in ("2025-01", "2025-02"):
        shutil.copytree(closed, tmp_path / "kept")
        path = closed / period / "payouts.csv"
        os.chmod(path, 0o644)
        path.write_text(path.read_text().replace("ada,1,0.0", "ada,1,9.0"))
        error, remedy = counting.refused()
        assert period in error and "was changed" in error and "backup" in remedy
        shutil.rmtree(closed / period)
        error, remedy = counting.refused()
        assert "closed" in error and "backup" in remedy
        shutil.rmtree(closed)
        shutil.copytree(tmp_path / "kept", closed)
        shutil.rmtree(tmp_path / "kept")
    assert {row["status"] for row in rows(counting, "payouts")} == {"closed"}
    counting.run()


def test_caps_and_counting_rules_leave_a_trace_of_every_event(shelf, counting):
    counting.configure(rates=["from,to,content_type,plan,country,rate", ",,,,,1", "2025-01-07,,photo,,,2"],
                       counting=["content_type,rule", "stream,every_event"],
                       caps=["scope,from,to,uses", "user,,,2", "creator,2025-01-07,2025-01-08,3"])
    day = 24 * HOUR
    shelf.ship("a", 1, [
        use(1, "ada", user="u", content="c1"), use(2, "ada", user="u", content="c1"),
        use(3, "ada", user="u", content="c2"), use(4, "ada", user="u", content="c3"), use(1, "ada", user="u",
                                                                                          content="c1"),
        *(use(n, "ada", user=f"v{n // 2}", content="s", kind="stream") for n in range(10, 14)),
        *(use(n, "bob", JANUARY + day, content=f"c{n}") for n in range(20, 25))])
    counts = counting.run()["counts"]
    assert (counts["lines"], counts["duplicates"], counts["merged"], counts["capped"], counts["uses"]) == (
        14, 1, 1, 3, 9)
    assert counting.daily() == {("2025-01-06", "ada", "photo"): 2, ("2025-01-06", "ada", "stream"): 4,
                                ("2025-01-07", "bob", "photo"): 3}
    assert money(counting, "2025-01") == {"ada": ("6", "6.00", "0.000000000", "0", "0.000000000", "open"),
                                          "bob": ("3", "6.00", "0.000000000", "0", "0.000000000", "open")}
    explained = {(row["id"], row["line"]): (row["became"], row["rate"]) for row in
                 rows(counting, "explain", "ada", "2025-01-06")}
    assert explained[("1", "1")] == ("use", "1.000000000") and explained[("1", "5")] == ("duplicate", "")
    assert (explained[("2", "2")][0], explained[("4", "4")][0]) == ("merged", "capped-user")
    assert [row["became"] for row in rows(counting, "explain", "bob", "2025-01-07")] == [
        "use", "use", "use", "capped-creator", "capped-creator"]
    # Without the caps everything is paid, and nothing else changes.
    counting.configure(caps=["scope,from,to,uses"])
    assert counting.run()["counts"]["uses"] == 12


def test_a_wrong_configuration_changes_nothing(shelf, counting):
    shelf.ship("a", 1, [use(1, "ada"), use(2, "bob")])
    counting.run()
    before = counting.call("payouts").stdout
    shelf.ship("a", 2, [use(3, "ada")])
    wrong = {
        "rates": ["from,to,content_type,plan,country,rate", ",,,,,0.01", ",,photo,,,1/3"],
        "counting": ["content_type,rule", "photo,sometimes"],
        "caps": ["scope,from,to,uses", "user,2025-02-30,,5"],
        "periods": ["period,grace_days", ",-1"],
    }
    folder = counting.data / "usage/warehouse/config"
    for name, lines in wrong.items():
        kept = (folder / f"{name}.csv").read_bytes()
        counting.configure(**{name: lines})
        error, remedy = counting.refused()
        assert f"{name}.csv line {len(lines)}" in error and "correct the line" in remedy
        (folder / f"{name}.csv").write_bytes(b"\xff\xfe")
        error, remedy = counting.refused()
        assert f"{name}.csv" in error and "UTF-8" in remedy
        (folder / f"{name}.csv").write_bytes(kept)
    assert counting.call("payouts").stdout == before
    counting.run()
    assert sum(counting.daily().values()) == 3
