"""The command line: `python -m vitrine_warehouse VERB --root ROOT --project WAREHOUSE`."""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import sqlite3
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import duckdb

from . import configuration, history, landing, marts, statements
from .catalog import Catalog
from .engine import Limits, connect
from .faults import Fault
from .guard import guard
from .layout import Layout
from .lock import locked
from .progress import Progress
from .run import Order, close, run

WAIT_SECONDS = 60


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code; a failure is one JSON line `{"error":…,"remedy":…}` on standard output."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.verb(chosen)
        return 0
    except Fault as fault:
        answer = {"error": fault.message, "remedy": fault.remedy}
    except (duckdb.Error, sqlite3.Error) as error:
        answer = {"error": " ".join(str(error).split())[:1000],
                  "remedy": "make room on the disk, or give more --memory, then run again: nothing was exported"}
    except BrokenPipeError:
        return 141
    except OSError as error:
        answer = {"error": f"{error.filename or 'the disk'}: {error.strerror or error}",
                  "remedy": "make room, then run again"}
    print(json.dumps(answer, separators=(",", ":"), ensure_ascii=False), flush=True)
    return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="vitrine_warehouse", description="Counts uses exactly, and what they earn.")
    verbs = top.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, action, help_text: str, *, writes: bool = False, form: bool = False):
        one = verbs.add_parser(name, help=help_text)
        one.set_defaults(verb=action)
        one.add_argument("--root", required=True, type=Path)
        one.add_argument("--project", type=Path, default=Path(__file__).resolve().parent.parent)
        one.add_argument("--memory", default="2GB")
        one.add_argument("--threads", type=int, default=2)
        if writes:
            one.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
        if form:
            one.add_argument("--format", choices=["csv", "json"], default="csv")
        return one

    verb("land", do_land, "segments into Parquet, no more")
    one = verb("run", do_run, "land, guard, build, test, export", writes=True)
    one.add_argument("--from", dest="first", type=day, help="build these days, stale or not")
    one.add_argument("--to", dest="last", type=day)
    one.add_argument("--full", action="store_true", help="everything again, from the segments where they are all there")
    one.add_argument("--deep", action="store_true", help="also the tests that read every event again")
    verb("status", do_status, "what is landed, stale, built and closed")
    one = verb("daily", do_daily, "uses per day, creator and content type", form=True)
    one.add_argument("--from", dest="first", type=day, required=True)
    one.add_argument("--to", dest="last", type=day, required=True)
    one = verb("deliveries", do_deliveries, "deliveries of pictures per day, node and answer", form=True)
    one.add_argument("--from", dest="first", type=day, required=True)
    one.add_argument("--to", dest="last", type=day, required=True)
    one.add_argument("--contents", action="store_true", help="of each picture")
    one = verb("exposures", do_exposures, "exposures per day, experiment and variation", form=True)
    one.add_argument("--from", dest="first", type=day, required=True)
    one.add_argument("--to", dest="last", type=day, required=True)
    one = verb("explain", do_explain, "the events behind a number", form=True)
    one.add_argument("creator")
    one.add_argument("day", type=day)
    one.add_argument("--limit", type=int, default=100_000)
    one = verb("payouts", do_payouts, "what creators are paid", form=True)
    one.add_argument("--period")
    verb("adjustments", do_adjustments, "corrections of closed periods", form=True)
    one = verb("close", do_close, "freeze a period's statement", writes=True)
    one.add_argument("period")
    one.add_argument("--today", type=day, help="the day to take for today (UTC)")
    one = verb("quarantine", do_quarantine, "identities whose copies disagree", form=True)
    one.add_argument("--limit", type=int, default=1_000)
    return top


def day(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no day like 2026-01-31") from None


def limits(chosen: argparse.Namespace) -> Limits:
    return Limits(chosen.memory, max(1, chosen.threads))


def layout(chosen: argparse.Namespace) -> Layout:
    return Layout(chosen.root.resolve())


def do_land(chosen: argparse.Namespace) -> None:
    place = layout(chosen)
    with locked(place):
        place.prepare()
        configuration.read(place, chosen.project)
        catalog = Catalog(place.catalog)
        try:
            progress = Progress()
            rows = landing.land(place, catalog, limits(chosen), progress)
            guard(place, catalog, limits(chosen), progress)
            progress.say("done", 1, 1, rows)
        finally:
            catalog.close()


def order(chosen: argparse.Namespace, **more) -> Order:
    return Order(chosen.project.resolve(), limits(chosen), chosen.engine, **more)


def do_run(chosen: argparse.Namespace) -> None:
    run(layout(chosen), order(chosen, full=chosen.full, first=chosen.first, last=chosen.last, deep=chosen.deep),
        Progress())


def do_close(chosen: argparse.Namespace) -> None:
    today = datetime.date.fromisoformat(chosen.today) if chosen.today else datetime.datetime.now(datetime.UTC).date()
    close(layout(chosen), order(chosen), chosen.period, today, Progress())


def do_status(chosen: argparse.Namespace) -> None:
    """Readable beside a run: only the catalog and the history are looked at."""
    place = layout(chosen)
    answer: dict = {"runs": 0, "segments": 0, "lines": 0, "days": 0, "stale": 0, "closed": [], "last": None}
    if place.catalog.exists():
        catalog = Catalog(place.catalog)
        try:
            answer["segments"], answer["lines"], answer["bytes"] = catalog.one(
                "select count(*), coalesce(sum(lines), 0), coalesce(sum(bytes), 0) from segments")
            answer["days"] = catalog.one("select count(*) from days")[0]
            answer["stale"] = len(catalog.stale_days())
            answer["conflicts"] = catalog.one("select count(*) from conflicts")[0]
            answer["late"] = catalog.one("select coalesce(sum(late), 0) from landed_lines")[0]
            answer["marts"] = marts.total(catalog)
        finally:
            catalog.close()
        numbers = history.numbers(place)
        answer["runs"] = len(numbers)
        answer["last"] = history.load(place, numbers[-1]) if numbers else None
        answer["closed"] = statements.read(place).periods
    print(json.dumps(answer, separators=(",", ":"), ensure_ascii=False))


@contextmanager
def reading(chosen: argparse.Namespace):
    """The database for a question; waits for a run that is under way."""
    place = layout(chosen)
    if not place.database.exists():
        raise Fault("nothing was counted yet", "vitrine usage run")
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection = connect(place, limits(chosen), place.database, read_only=True)
            break
        except Fault:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
    with connection:
        built = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'marts' and table_name = 'payouts'"
        ).fetchone()[0]
        if not built:
            raise Fault("nothing was counted yet", "vitrine usage run")
        yield connection


def answer(chosen: argparse.Namespace, table: tuple[list[str], list[tuple]]) -> None:
    columns, rows = table
    if chosen.format == "json":
        plain = [{name: statements.plain(value) for name, value in zip(columns, row)} for row in rows]
        json.dump(plain, sys.stdout, default=str, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.write("\n")
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([statements.plain(value) for value in row] for row in rows)
    sys.stdout.flush()


def do_daily(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.daily(connection, chosen.first, chosen.last))


def do_deliveries(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.deliveries(connection, chosen.first, chosen.last, chosen.contents))


def do_exposures(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.exposures(connection, chosen.first, chosen.last))


def do_explain(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.explain(connection, chosen.creator, chosen.day, chosen.limit))


def do_payouts(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.payouts(connection, chosen.period))


def do_adjustments(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.adjustments(connection))


def do_quarantine(chosen: argparse.Namespace) -> None:
    with reading(chosen) as connection:
        answer(chosen, marts.quarantine(connection, chosen.limit))


if __name__ == "__main__":
    sys.exit(main())
