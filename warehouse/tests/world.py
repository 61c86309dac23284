"""Makes events, segments and adversarial days, from a seed."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import random
import struct
from dataclasses import dataclass
from pathlib import Path

import zstandard

USAGE = "com.vitrine.usage.v1"
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Event:
    """What a sender sent. Optional texts are `None` when absent."""

    source: str
    id: str
    occurred_us: int
    content_id: str | None
    content_type: str | None
    creator_id: str | None
    user_id: str | None
    action: str | None = "view"
    brand_id: str | None = None
    template_id: str | None = None
    country: str | None = None
    plan: str | None = None
    extra: str | None = None
    type: str = USAGE

    @property
    def identity(self) -> tuple[int, int]:
        source = self.source.encode()
        digest = hashlib.sha256(struct.pack(">I", len(source)) + source + self.id.encode()).digest()
        return struct.unpack(">qq", digest[:16])

    @property
    def content_hash(self) -> int:
        content = json.dumps(dataclasses.asdict(self), sort_keys=True).encode()
        return struct.unpack(">q", hashlib.sha256(content).digest()[:8])[0]

    @property
    def day(self) -> str:
        return day_of(self.occurred_us)


@dataclass(frozen=True)
class Line:
    """An event as a collector took it."""

    event: Event
    received_us: int
    trace_id: str | None = None

    def csv(self) -> str:
        e = self.event
        values = [*e.identity, e.content_hash, e.source, e.id, e.type, e.occurred_us, self.received_us, e.content_id,
                  e.content_type, e.creator_id, e.user_id, e.action, e.brand_id, e.template_id, e.country, e.plan,
                  self.trace_id, e.extra]
        return ",".join(quoted(value) for value in values)


@dataclass
class Segment:
    node: str
    number: int
    lines: list[Line]


def quoted(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    if text == "" or any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def day_of(occurred_us: int) -> str:
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=occurred_us // DAY_US)).isoformat()


def start_of(day: str) -> int:
    return (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days * DAY_US


def write(segment: Segment, root: Path) -> Path:
    body = zstandard.compress("".join(line.csv() + "\n" for line in segment.lines).encode(), 3)
    folder = root / "segments" / segment.node
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{segment.number:020}-{hashlib.sha256(body).hexdigest()}.csv.zst"
    path.write_bytes(body)
    return path


# Two spellings of one name, quotes, commas, separators of other systems: texts are bytes here.
CREATORS = ["ann", "bob", "caf\u00e9", "cafe\u0301", 'the "best"', "a,b", "\u8b66\u5bdf", "tab\\t", "null", " space ",
            "x" * 200]
TYPES = ["photo", "font", "template", "video", 'odd, "type"']
PLANS = [None, "free", "pro", "team"]
COUNTRIES = [None, "AU", "DE", "JP"]


class World:
    """Adversarial days: copies across segments, days and nodes, skewed clocks, equal times, replays of whole segments
    (their events, or byte for byte), late arrivals, contents that disagree within a day and across days."""

    def __init__(self, seed: int, first_day: str, days: int, events: int, segments: int, nodes: int = 3):
        self.random = random.Random(seed)
        self.first = start_of(first_day)
        self.days = days
        self.counter = 0
        self.nodes = [f"{'nmkz'[index % 4]}-{index}" for index in range(nodes)]
        self.skew = {node: self.random.choice([0, 0, -3_600_000_000, 90_000_000_000]) for node in self.nodes}
        self.numbers = dict.fromkeys(self.nodes, 0)
        self.sent: list[Event] = []
        self.segments: list[Segment] = []
        window = max(1, days * 2 // max(segments, 1))
        for index in range(segments):
            start = min(days - 1, index * days // segments)
            self.segments.append(self.segment(start, min(days, start + window), events // segments))

    def segment(self, start: int, end: int, count: int) -> Segment:
        chance = self.random
        node = chance.choice(self.nodes)
        self.numbers[node] += 1
        clock = self.first + end * DAY_US + self.skew[node]
        events: list[Event] = []
        kind = chance.random()
        if self.segments and kind < 0.1:
            # The same bytes under another number, perhaps by another node.
            return Segment(node, self.numbers[node], list(chance.choice(self.segments).lines))
        if self.segments and kind < 0.25:
            events = [line.event for line in chance.choice(self.segments).lines]
        while len(events) < count:
            events.append(self.event(start, end))
        if chance.random() < 0.5:
            chance.shuffle(events)
        lines = []
        for event in events:
            # Often not at all, so that the node, the number and the line decide.
            clock += chance.choice([0, 0, 0, 1, 1_000, 60_000_000])
            lines.append(Line(event, clock, f"{chance.getrandbits(128):032x}" if chance.random() < 0.2 else None))
        return Segment(node, self.numbers[node], lines)

    def event(self, start: int, end: int) -> Event:
        chance = self.random
        kind = chance.random()
        if self.sent and kind < 0.12:
            return self.recent()
        if self.sent and kind < 0.135:
            return dataclasses.replace(self.recent(), plan=chance.choice(PLANS), creator_id=chance.choice(CREATORS))
        if self.sent and kind < 0.15:
            moved = self.recent()
            shift = chance.choice([1, -1, 1_000_000, DAY_US, -DAY_US, 400 * DAY_US])
            return dataclasses.replace(moved, occurred_us=max(start_of("2000-01-01"), moved.occurred_us + shift))
        if kind < 0.2:
            start, end = 0, max(1, start + 1)
        self.counter += 1
        day = chance.randrange(start, max(end, start + 1))
        content = chance.randrange(6)
        event = Event(
            source=chance.choice(["web", "app", "edge,1"]), id=f"{self.counter}", content_id=f"c{content}",
            occurred_us=self.first + day * DAY_US + chance.choice([0, DAY_US - 1, chance.randrange(DAY_US)]),
            content_type=TYPES[content % len(TYPES)] if chance.random() < 0.9 else chance.choice(TYPES),
            creator_id=chance.choice(CREATORS) if chance.random() < 0.3 else CREATORS[content],
            user_id=f"u{chance.randrange(4)}", country=chance.choice(COUNTRIES), plan=chance.choice(PLANS),
            brand_id=chance.choice([None, "brand"]), template_id=chance.choice([None, "t1", "t2"]),
            extra=chance.choice([None, '{"data":{"n":"a\\nb, \\"c\\""}}']))
        if chance.random() < 0.04:
            kind_of = chance.choice(["com.vitrine.delivery.v1", "com.vitrine.exposure.v1"])
            event = dataclasses.replace(event, type=kind_of)
            if chance.random() < 0.5:
                event = dataclasses.replace(event, content_id=None, creator_id=None, user_id=None, action=None)
        self.sent.append(event)
        return event

    def recent(self) -> Event:
        """Mostly one of the last events, sometimes any."""
        last = len(self.sent) - 1
        return self.sent[self.random.randint(max(0, last - 60), last) if self.random.random() < 0.8
                         else self.random.randint(0, last)]
