"""A run: land, guard, build, test, export. Each step can be interrupted; the next run goes on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from . import configuration, evidence, exports, history, landing, marts, models, repeats, sources, spark, statements
from .catalog import Catalog
from .compaction import compact
from .engine import Limits, connect
from .faults import Fault
from .guard import guard
from .layout import Layout
from .lock import locked
from .progress import Progress
from .segments import present

# How many lines are built at once: what a line costs where every one is a use of its own.
BYTES_PER_LINE = 100


@dataclass(frozen=True)
class Order:
    """What a run was asked for. `first` and `last` are days that are built whether or not they are stale."""

    project: Path
    limits: Limits
    engine: str = "duckdb"
    full: bool = False
    first: str | None = None
    last: str | None = None
    deep: bool = False


def run(layout: Layout, order: Order, progress: Progress) -> dict:
    """Brings the marts up to date with every segment on the disk. Returns the entry of the history."""
    with locked(layout):
        layout.prepare()
        return recorded(layout, order, progress, "full run" if order.full else "run")


def close(layout: Layout, order: Order, period: str, today: datetime.date, progress: Progress) -> dict:
    """Brings the marts up to date, freezes the period's statement, and exports it."""
    with locked(layout):
        layout.prepare()
        settled = statements.read(layout)
        statements.check(period, today, settled, configuration.read(layout, order.project), [])
        entry = recorded(layout, order, progress, "run")
        with connect(layout, order.limits, layout.database, read_only=True) as connection:
            rows, payouts, open_periods = statement_of(connection, period)
        statements.check(period, today, settled, configuration.read(layout, order.project), open_periods)
        statements.freeze(layout, period, rows, payouts, settled, entry["run"])
        return recorded(layout, order, progress, f"close {period}")


def statement_of(connection, period: str) -> tuple[list, list, list]:
    """What is to be frozen: the period's rows with the corrections that belong to it, and its payouts."""
    rows = connection.execute("""
        select ? as period, ? as for_period, creator_id, sum(uses)::bigint, sum(amount)::decimal(38, 9)
        from marts.creator_daily where substr(day::varchar, 1, 7) = ? group by creator_id
        union all
        select period, for_period, creator_id, uses, amount from marts.adjustments where status = 'open' and period = ?
        order by 1, 2, 3""", [period] * 4).fetchall()
    payouts = connection.execute("""
        select period, creator_id, uses, amount, remainder, adjusted_uses, adjusted_amount
        from marts.payouts where period = ? and status = 'open' order by creator_id""", [period]).fetchall()
    periods = connection.execute("select distinct period from marts.payouts where status = 'open'").fetchall()
    return rows, payouts, [row[0] for row in periods]


def recorded(layout: Layout, order: Order, progress: Progress, what: str) -> dict:
    """One entry of the history, whatever happens. The lock is held."""
    entry = history.begin(layout, what, order.engine)
    catalog = Catalog(layout.catalog)
    try:
        entry.update(steps(layout, order, catalog, progress, entry["run"]), status="succeeded")
    except Fault as fault:
        entry.update(status="failed", error=fault.message, remedy=fault.remedy)
        raise
    finally:
        catalog.close()
        if entry["status"] == "running":
            entry["status"] = "failed"
        history.save(layout, {**entry, "seconds": progress.seconds})
    progress.say("done", 1, 1, entry["rows"], run=entry["run"], export=entry["export"], marts=entry["marts"],
                 counts=entry["counts"])
    return entry


def steps(layout: Layout, order: Order, catalog: Catalog, progress: Progress, number: int) -> dict:
    settings = configuration.read(layout, order.project)
    settled = statements.read(layout)
    statements.compare(layout, settled, catalog)
    origin = begin_again(layout, catalog) if order.full else "new"
    landed = landing.land(layout, catalog, order.limits, progress)
    found = guard(layout, catalog, order.limits, progress)
    compact(layout, catalog)
    anew = what_is_stale(layout, order, catalog, settings)
    versions = dict(catalog.all("select day, version from days"))
    lines = catalog.lines_by_day()
    work = sources.plan(catalog.stale_days(), lines, max(order.limits.memory_bytes // BYTES_PER_LINE, 1))
    rows = sum(lines.get(day, 0) for day in work.days)
    inputs = f"{settings.digest} {settled.digest} {order.engine}"
    tests = 0
    if work.days or anew or order.deep or catalog.fact("built from") != inputs:
        with connect(layout, order.limits, layout.database) as connection:
            sources.write(connection, layout, catalog, settings, settled, work)
            if order.engine == "duckdb":
                repeats.find(connection, work.batches, lines, order.limits)
        try:
            if order.engine == "spark":
                spark.prepare(layout, work, anew)
            tests = models.build(order.project, layout, order.limits, progress, order.engine, anew, order.deep)
        finally:
            if order.engine == "spark":
                spark.release()
    with connect(layout, order.limits, layout.database) as connection:
        days = None if anew else work.days
        # Before the days count as built: after a kill in between, they are still stale.
        marts_hash = marts.fingerprint(connection, catalog, days)
        counts = marts.counts(connection, catalog, days)
        with catalog.transaction() as change:
            change.executemany("update days set built = ? where day = ?",
                               [(versions[day], day) for day in work.days])
            catalog.remember("built from", inputs)
            if settled.digest:
                catalog.remember("statement", settled.digest)
            catalog.remember("project", models.project_digest(order.project))
            catalog.remember("configuration", settings.digest)
            catalog.remember("engine", order.engine)
        progress.say("export", 0, 1)
        exported = exports.export(connection, layout, catalog, number)
        progress.say("export", 1, 1)
        evidence.write(connection, layout, catalog, number)
    return {"landed": landed, "days": len(work.days), "rows": rows, "tests": tests, "conflicts": found,
            "export": exported, "marts": marts_hash, "counts": counts, "origin": origin}


def begin_again(layout: Layout, catalog: Catalog) -> str:
    """Forgets what was derived. Everything is landed again when all segments are on the disk, else the landed files
    stay and only what follows is done again. Returns which it was."""
    there = {(segment.node, segment.number, segment.sha) for segment in present(layout)}
    known = set(catalog.all("select node, number, sha from segments"))
    again = known <= there
    with catalog.transaction() as change:
        change.execute("delete from conflicts")
        change.execute("delete from fingerprints")
        if again:
            for table in ("segments", "files", "landed_lines"):
                change.execute(f"delete from {table}")
        else:
            change.execute("update files set guarded = 0")
        catalog.touch_all()
        catalog.forget("project")
    return "segments" if again else "landed files"


def what_is_stale(layout: Layout, order: Order, catalog: Catalog, settings: configuration.Configuration) -> bool:
    """Marks days whose marts are no longer what their inputs say. Returns whether the tables are made anew."""
    anew = (not layout.database.exists() or catalog.fact("project") != models.project_digest(order.project)
            or catalog.fact("engine") != order.engine)
    with catalog.transaction() as change:
        if anew or catalog.fact("configuration") != settings.digest:
            catalog.touch_all()
        elif order.first or order.last:
            change.execute("update days set version = version + 1 where day between ? and ?",
                           (order.first or "0000", order.last or "9999"))
    return anew
