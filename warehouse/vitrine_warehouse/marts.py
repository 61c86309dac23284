"""Reads the marts: fingerprints, and the answers to users' questions."""

from __future__ import annotations

import hashlib

import duckdb

from .catalog import Catalog
from .engine import text

COLUMNS = {
    "daily": ["day", "content_id", "content_type", "template_id", "brand_id", "creator_id", "country", "plan", "uses",
              "events", "capped"],
    "creator_daily": ["day", "creator_id", "content_type", "uses", "amount"],
    "quarantine": ["day", "id_high", "id_low", "source", "id", "reason", "copies", "usage_copies", "contents",
                   "first_received_us", "last_received_us"],
    "payouts": ["period", "creator_id", "uses", "amount", "remainder", "adjusted_uses", "adjusted_amount", "status"],
    "adjustments": ["period", "for_period", "creator_id", "uses", "amount", "status"],
}
# Days named in one question.
DAYS_AT_ONCE = 400
BY_DAY = ("daily", "creator_daily", "quarantine")


def fingerprint(connection: duckdb.DuckDBPyConnection, catalog: Catalog, days: list[str] | None) -> str:
    """The hash of the marts: the same rows give the same hash, in whatever order and by whichever runs they came.

    Each row's hash, taken once more so that all of its bits depend on all columns, is added up by day as an integer;
    so only `days` are read again (`None`: all). It is the engine's own hash, 64 bits: equal for this version of DuckDB.
    """
    for mart, columns in COLUMNS.items():
        row = f"hash(hash({', '.join(columns)}))"
        day = "day::varchar" if mart in BY_DAY else "''"
        only = ""
        if mart in BY_DAY and days is not None:
            only = f"where day in (select unnest([{', '.join(text(one) for one in days)}]::date[]))"
        sums = connection.execute(f"""
            select day, count(*), sum(number::hugeint)::varchar
            from (select {day} as day, {row} as number from marts.{mart} {only})
            group by day""").fetchall()
        with catalog.transaction() as change:
            if mart in BY_DAY and days is not None:
                change.executemany("delete from fingerprints where mart = ? and day = ?", [(mart, one) for one in days])
            else:
                change.execute("delete from fingerprints where mart = ?", (mart,))
            change.executemany("insert into fingerprints values (?, ?, ?, ?)",
                               [(mart, *row) for row in sums])
    return total(catalog)


def total(catalog: Catalog) -> str:
    digest = hashlib.sha256()
    for row in catalog.all("select mart, day, rows, sum from fingerprints order by mart, day"):
        digest.update("|".join(str(value) for value in row).encode() + b"\n")
    return digest.hexdigest()


def counts(connection: duckdb.DuckDBPyConnection, catalog: Catalog, days: list[str] | None) -> dict[str, int]:
    """What became of every line so far. Kept by day in the catalog, so only `days` are counted again (`None`: all)."""
    names = ["lines", "usage_lines", "late", "quarantined", "duplicates", "events", "uses", "capped", "merged"]
    rows: list[tuple] = []
    for start in range(0, 1 if days is None else len(days), DAYS_AT_ONCE):
        some = None if days is None else days[start:start + DAYS_AT_ONCE]
        # Written out, so that the engine leaves out other days before it adds up.
        only = "true" if some is None else f"day in ({', '.join(f'date {text(day)}' for day in some)})"
        for day, *values in connection.execute(
                f"select day::varchar, {', '.join(names)} from marts.intake_daily where {only}").fetchall():
            rows += [(day, name, value) for name, value in zip(names, values)]
        rows += connection.execute(f"select day::varchar, 'unrated', sum(uses)::bigint from marts.unrated_uses "
                                   f"where {only} group by day").fetchall()
    with catalog.transaction() as change:
        if days is None:
            change.execute("delete from counts")
        else:
            change.executemany("delete from counts where day = ?", [(day,) for day in days])
        change.executemany("insert into counts values (?, ?, ?)", rows)
    found = dict(catalog.all("select name, sum(value) from counts group by name"))
    return {name: found.get(name, 0) for name in [*names, "unrated"]}


def daily(connection: duckdb.DuckDBPyConnection, first: str, last: str) -> tuple[list[str], list[tuple]]:
    """Ordered by the UTF-8 bytes of each text."""
    return ["day", "creator_id", "content_type", "uses"], connection.execute("""
        select day::varchar, creator_id, content_type, uses from marts.creator_daily
        where day between ?::date and ?::date
        order by day, creator_id.encode(), content_type.encode()""", [first, last]).fetchall()


def deliveries(connection: duckdb.DuckDBPyConnection, first: str, last: str,
               contents: bool) -> tuple[list[str], list[tuple]]:
    """Deliveries of pictures by day, who reported them, what was done and the answer; with `contents` of each."""
    columns = ["day", "source", *(["content_id"] if contents else []), "action", "status"]
    order = ", ".join(f"coalesce({name}::varchar, '').encode()" for name in columns)
    return [*columns, "events", "requests", "bytes"], connection.execute(f"""
        select day::varchar as day, {', '.join(columns[1:])}, sum(events)::bigint as events,
            sum(requests)::bigint as requests, sum(bytes)::bigint as bytes
        from marts.deliveries_daily
        where type = 'com.vitrine.delivery.v1' and day between ?::date and ?::date
        group by {', '.join(columns)} order by {order}""", [first, last]).fetchall()


def exposures(connection: duckdb.DuckDBPyConnection, first: str, last: str) -> tuple[list[str], list[tuple]]:
    columns = ["day", "source", "experiment", "variation"]
    order = ", ".join(f"coalesce({name}::varchar, '').encode()" for name in columns)
    return [*columns, "exposures"], connection.execute(f"""
        select day::varchar as day, {', '.join(columns[1:])}, exposures from marts.exposures_daily
        where day between ?::date and ?::date order by {order}""", [first, last]).fetchall()


def payouts(connection: duckdb.DuckDBPyConnection, period: str | None) -> tuple[list[str], list[tuple]]:
    columns = COLUMNS["payouts"]
    return columns, connection.execute(f"""
        select {', '.join(columns)} from marts.payouts where ?::varchar is null or period = ?
        order by period, creator_id.encode()""", [period, period]).fetchall()


def adjustments(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple]]:
    columns = COLUMNS["adjustments"]
    return columns, connection.execute(f"""
        select {', '.join(columns)} from marts.adjustments
        order by period, for_period, creator_id.encode()""").fetchall()


def quarantine(connection: duckdb.DuckDBPyConnection, limit: int) -> tuple[list[str], list[tuple]]:
    columns = COLUMNS["quarantine"]
    return columns, connection.execute(
        f"select {', '.join('day::varchar as day' if name == 'day' else name for name in columns)} "
        f"from marts.quarantine order by day desc, last_received_us desc, id_high, id_low limit {limit}").fetchall()


def explain(connection: duckdb.DuckDBPyConnection, creator: str, day: str,
            limit: int) -> tuple[list[str], list[tuple]]:
    """Every line of the creator's day and what became of it: `use` counts; `merged` is a further event of a user,
    content and day; `capped-user` and `capped-creator` were beyond a cap; `duplicate` is a later copy; `quarantined`
    disagrees with another copy."""
    columns = ["became", "source", "id", "user_id", "content_id", "content_type", "plan", "country", "occurred_us",
               "received_us", "node", "segment", "line", "rate"]
    return columns, connection.execute(f"""
        select
            case
                when u.counts then 'use'
                when u.capped <> '' then 'capped-' || u.capped
                when u.id_high is not null then 'merged'
                when q.day is not null then 'quarantined'
                else 'duplicate'
            end as became,
            e.source, e.id, e.user_id, e.content_id, e.content_type, e.plan, e.country, e.occurred_us, e.received_us,
            e.node, e.segment, e.line,
            case when u.counts then coalesce(r.rate, 0) end as rate
        from models.stg_events as e
        left join models.counted_usages as u
            on u.occurred_day = e.occurred_day and u.id_high = e.id_high and u.id_low = e.id_low
            and u.node = e.node and u.segment = e.segment and u.line = e.line
        left join marts.quarantine as q
            on q.day = e.occurred_day and q.id_high = e.id_high and q.id_low = e.id_low
        left join models.rated_uses as r
            on r.day = e.occurred_day and r.creator_id = e.creator_id and r.content_type = e.content_type
            and r.plan = e.plan and r.country = e.country
        where e.occurred_day = ?::date and e.creator_id = ? and e.type = 'com.vitrine.usage.v1'
        order by e.received_us, e.node, e.segment, e.line limit {limit}""", [day, creator]).fetchall()


