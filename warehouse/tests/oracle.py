"""Recomputes everything with dictionaries and exact decimals: no SQL, nothing of the package under test."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from world import USAGE, Line, Segment

Rates = list[tuple[str, str, str, str, str, str]]


@dataclass
class Settings:
    rates: Rates = field(default_factory=lambda: [("", "", "", "", "", "0.01")])
    counting: dict[str, str] = field(default_factory=dict)
    caps: list[tuple[str, str, str, int]] = field(default_factory=list)

    def rate(self, day: str, content_type: str, plan: str, country: str) -> Decimal | None:
        best, found = None, None
        for number, (first, last, of_type, of_plan, of_country, rate) in enumerate(self.rates):
            if first and day < first or last and day >= last:
                continue
            if of_type not in ("", content_type) or of_plan not in ("", plan) or of_country not in ("", country):
                continue
            rank = (4 * (of_type != "") + 2 * (of_plan != "") + (of_country != ""), first, number)
            if best is None or rank > best:
                best, found = rank, Decimal(rate)
        return found

    def cap(self, scope: str, day: str) -> int | None:
        fitting = [uses for of, first, last, uses in self.caps
                   if of == scope and (not first or day >= first) and (not last or day < last)]
        return min(fitting, default=None)


@dataclass(frozen=True, order=True)
class Place:
    received_us: int
    node: str
    number: int
    line: int


@dataclass
class Answer:
    daily: dict[tuple, tuple[int, int, int]]
    creator_daily: dict[tuple[str, str, str], tuple[int, Decimal]]
    quarantine: dict[tuple[str, int, int], int]
    deliveries: Counter
    duplicates: int


def count(segments: list[Segment], settings: Settings) -> Answer:
    copies: dict[tuple[int, int], list[tuple[Place, Line]]] = defaultdict(list)
    for segment in segments:
        for number, line in enumerate(segment.lines, 1):
            place = Place(line.received_us, segment.node, segment.number, number)
            copies[line.event.identity].append((place, line))

    quarantine: Counter = Counter()
    first_events: list[tuple[Place, Line]] = []
    duplicates = 0
    for identity, found in copies.items():
        if len({line.event.content_hash for _, line in found}) > 1:
            for _, line in found:
                quarantine[line.event.day, *identity] += 1
        else:
            first_events.append(min(found, key=lambda item: item[0]))
            duplicates += (len(found) - 1) * (found[0][1].event.type == USAGE)
    first_events.sort(key=lambda item: item[0])

    deliveries: Counter = Counter()
    used: set[tuple[str, str, str]] = set()
    per_user: Counter = Counter()
    per_creator: Counter = Counter()
    uses: list[tuple] = []
    daily: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])
    creator_daily: dict[tuple[str, str, str], list] = defaultdict(lambda: [0, Decimal(0)])
    for _, line in first_events:
        e = line.event
        if e.type != USAGE:
            deliveries[e.day, e.type] += 1
            continue
        key = (e.day, e.content_id, e.content_type, e.template_id or "", e.brand_id or "", e.creator_id,
               e.country or "", e.plan or "")
        daily[key][1] += 1
        if settings.counting.get(e.content_type, "per_day") == "per_day":
            if (e.day, e.user_id, e.content_id) in used:
                continue
            used.add((e.day, e.user_id, e.content_id))
        uses.append((key, e))
    for key, e in uses:
        cap = settings.cap("user", e.day)
        per_user[e.day, e.user_id] += 1
        if cap is not None and per_user[e.day, e.user_id] > cap:
            daily[key][2] += 1
            continue
        cap = settings.cap("creator", e.day)
        per_creator[e.day, e.creator_id] += 1
        if cap is not None and per_creator[e.day, e.creator_id] > cap:
            daily[key][2] += 1
            continue
        daily[key][0] += 1
        total = creator_daily[e.day, e.creator_id, e.content_type]
        total[0] += 1
        total[1] += settings.rate(e.day, e.content_type, e.plan or "", e.country or "") or Decimal(0)
    return Answer({key: tuple(value) for key, value in daily.items()},
                  {key: tuple(value) for key, value in creator_daily.items()}, dict(quarantine), deliveries, duplicates)


def cents(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def following(period: str) -> str:
    day = datetime.date.fromisoformat(period + "-28") + datetime.timedelta(days=7)
    return day.isoformat()[:7]


class Books:
    """Periods over time: what was settled stays, differences go to the next open period."""

    def __init__(self) -> None:
        self.last = ""
        self.settled: dict[tuple[str, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
        self.closed: dict[tuple[str, str], tuple] = {}
        self.closed_adjustments: dict[tuple[str, str, str], tuple] = {}

    def rows(self, answer: Answer) -> tuple[dict, dict]:
        """Payouts `(period, creator) → (uses, amount, remainder, status)` and adjustments
        `(period, for period, creator) → (uses, amount, status)`."""
        live: dict[tuple[str, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
        for (day, creator, _), (uses, amount) in answer.creator_daily.items():
            before = live[day[:7], creator]
            live[day[:7], creator] = (before[0] + uses, before[1] + amount)
        sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
        adjustments = dict(self.closed_adjustments)
        for (period, creator), (uses, amount) in live.items():
            if period > self.last:
                sums[period, creator] = (uses, amount)
        for key in {key for key in [*live, *self.settled] if key[0] <= self.last}:
            now, before = live.get(key, (0, Decimal(0))), self.settled[key]
            difference = (now[0] - before[0], now[1] - before[1])
            if difference != (0, 0):
                period = following(self.last)
                adjustments[period, *key] = (*difference, "open")
                old = sums.get((period, key[1]), (0, Decimal(0)))
                sums[period, key[1]] = (old[0] + difference[0], old[1] + difference[1])
        payouts = dict(self.closed)
        for key, (uses, exact) in sums.items():
            payouts[key] = (uses, cents(exact), exact - cents(exact), "open")
        return payouts, adjustments

    def close(self, period: str, answer: Answer) -> None:
        payouts, adjustments = self.rows(answer)
        for (day, creator, _), (uses, amount) in answer.creator_daily.items():
            if day[:7] == period:
                before = self.settled[period, creator]
                self.settled[period, creator] = (before[0] + uses, before[1] + amount)
        for (of, corrected, creator), (uses, amount, status) in adjustments.items():
            if of == period and status == "open":
                before = self.settled[corrected, creator]
                self.settled[corrected, creator] = (before[0] + uses, before[1] + amount)
                self.closed_adjustments[of, corrected, creator] = (uses, amount, "closed")
        for key, (uses, amount, remainder, _) in payouts.items():
            if key[0] == period:
                self.closed[key] = (uses, amount, remainder, "closed")
        self.last = period
