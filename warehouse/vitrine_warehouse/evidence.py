"""`quarantine.json`: the newest identities whose copies disagree, and about what, for people to look at."""

from __future__ import annotations

import json
import time

import duckdb

from .catalog import Catalog
from .engine import text
from .layout import Layout, replace

IDENTITIES_MAX = 1_000
# Of an identity, so many different contents are told.
CONTENTS_MAX = 4
TEXT_MAX = 300
BYTES_MAX = 2_000_000

VALUES = ["type", "occurred_us", "content_id", "content_type", "creator_id", "user_id", "action", "brand_id",
          "template_id", "country", "plan", "extra"]


def write(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog, run: int) -> None:
    """Writes the file if the quarantine changed since it was written. Costs a look at the days it speaks of."""
    mark = " ".join(f"{day}:{count}:{total}" for day, count, total in catalog.all(
        "select day, rows, sum from fingerprints where mart = 'quarantine' order by day"))
    path = layout.root / "quarantine.json"
    if path.exists() and catalog.fact("evidence") == mark:
        return
    try:
        total, rows = newest(connection)
    except duckdb.Error:
        # Nothing that is counted or paid depends on it: the file stays as it is, and the next run tries again.
        return
    answer = {"version": 1, "run": run, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "total": total}
    data = fitting(answer, rows)
    replace(path, data)
    with catalog.transaction():
        catalog.remember("evidence", mark)


def fitting(answer: dict, rows: list[dict]) -> bytes:
    """As many rows as the file takes, the newest first."""
    texts, size = [], 0
    for row in rows:
        texts.append(json.dumps(row, separators=(",", ":"), ensure_ascii=False))
        size += len(texts[-1].encode()) + 1
        if size > BYTES_MAX:
            texts.pop()
            break
    head = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    return f'{head[:-1]},"rows":[{",".join(texts)}]}}'.encode()


def newest(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[dict]]:
    """How many identities are in quarantine, and the newest of them."""
    connection.execute("""
        create or replace temp table suspects as
            select id_high, id_low, min(source) as source, min(id) as id, max(reason) as reason,
                sum(copies)::bigint as copies, min(first_received_us) as first_received_us,
                max(last_received_us) as last_received_us, list(day::varchar order by day) as days
            from marts.quarantine group by id_high, id_low""")
    total = connection.execute("select count(*) from suspects").fetchone()[0]
    if total == 0:
        return 0, []
    connection.execute(f"""
        create or replace temp table suspects as
            select * from suspects order by last_received_us desc, id_high, id_low limit {IDENTITIES_MAX}""")
    days = [row[0] for row in connection.execute("select distinct unnest(days) from suspects").fetchall()]
    known = {row[0] for row in connection.execute("describe landing.events").fetchall()}
    names = [name for name in VALUES if name in known]
    listed = ", ".join(f"{text(day)}::date" for day in days)
    # The first received line of each content.
    found = connection.execute(f"""
        select id_high, id_low, received_us, node, segment, line, lines, {', '.join(names)} from (
            select e.*, count(*) over (partition by e.id_high, e.id_low, e.content_hash) as lines,
                row_number() over (partition by e.id_high, e.id_low, e.content_hash
                    order by received_us, node, segment, line) as place
            from landing.events as e join suspects as s on s.id_high = e.id_high and s.id_low = e.id_low
            where e.occurred_day in ({listed}))
        where place = 1 order by received_us, node, segment, line""").fetchall()
    contents: dict[tuple[int, int], list[tuple]] = {}
    for row in found:
        contents.setdefault((row[0], row[1]), []).append(row[2:])
    rows = []
    for high, low, source, identity, reason, copies, first, last, days_of in connection.execute(
            "select * from suspects order by last_received_us desc, id_high, id_low").fetchall():
        told = contents.get((high, low), [])
        differs = [name for place, name in enumerate(names) if len({row[5 + place] for row in told}) > 1]
        rows.append({"source": source, "id": identity, "reason": reason, "days": days_of, "copies": copies,
                     "firstReceived": first, "lastReceived": last, "different": len(told), "differs": differs,
                     "contents": [content(row, names) for row in told[:CONTENTS_MAX]]})
    return total, rows


def content(row: tuple, names: list[str]) -> dict:
    received, node, segment, line, lines, *values = row
    told = {name: short(value) for name, value in zip(names, values) if value is not None}
    return {"received": received, "node": node, "segment": segment, "line": line, "copies": lines, "values": told}


def short(value: object) -> object:
    return value[:TEXT_MAX] + "…" if isinstance(value, str) and len(value) > TEXT_MAX else value
