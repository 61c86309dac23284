"""Segments of usage events as collectors leave them in a store of files, and a project that only talks."""

import hashlib
import json
import pathlib
import struct

import zstandard

COLUMNS = 19


def identity(source, event):
    """The two halves of the identity (docs/formats/usage-segment.md)."""
    digest = hashlib.sha256(struct.pack(">I", len(source.encode())) + source.encode() + event.encode()).digest()
    return struct.unpack(">qq", digest[:16])


def line(event, *, source="test", creator="ada", user="u1", content="c1", kind="picture", action="export",
         occurred_us=1_767_225_600_000_000, received_us=None, country="CH", plan="pro"):
    """One line of a segment, with its line feed."""
    high, low = identity(source, event)
    content_hash = struct.unpack(">q", hashlib.sha256(f"{source}|{event}|{creator}|{user}|{content}".encode())
                                 .digest()[:8])[0]
    received = received_us if received_us is not None else occurred_us + 1_000_000
    fields = [high, low, content_hash, source, event, "com.vitrine.usage.v1", occurred_us, received, content, kind,
              creator, user, action, "", "", country, plan, "", ""]
    assert len(fields) == COLUMNS
    return ",".join(map(str, fields)) + "\n"


class Shelf:
    """A store of files below a data folder."""

    def __init__(self, data):
        self.data = pathlib.Path(data)
        self.store = self.data / "store"

    def manifest(self, node, number):
        return self.store / f"usage/manifests/{node}/{number:020}.json"

    def object(self, node, number):
        return self.store / json.loads(self.manifest(node, number).read_text())["object"]

    def ship(self, node, number, lines):
        raw = "".join(lines).encode()
        packed = zstandard.ZstdCompressor(level=3).compress(raw)
        digest = hashlib.sha256(packed).hexdigest()
        key = f"usage/segments/{node}/{number:020}-{digest}.csv.zst"
        place = self.store / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(packed)
        manifest = {"version": 1, "node": node, "number": number, "object": key, "sha256": digest,
                    "bytes": len(packed), "lines": len(lines), "rawBytes": len(raw), "firstReceived": 1,
                    "lastReceived": 2, "firstOccurredDay": "2026-01-01", "lastOccurredDay": "2026-01-01"}
        self.manifest(node, number).parent.mkdir(parents=True, exist_ok=True)
        self.manifest(node, number).write_text(json.dumps(manifest, separators=(",", ":")))

    def fetched(self):
        """The names of the segments on this machine."""
        folder = self.data / "usage/warehouse/segments"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.csv.zst"))


TALK = '''
import json, os, pathlib, signal, sys, time

def say(**line):
    print(json.dumps(line), flush=True)

verb, arguments = sys.argv[1], sys.argv[2:]
root = pathlib.Path(arguments[arguments.index("--root") + 1])
mood = os.environ.get("MOOD", "")
(root / "called").write_text(json.dumps(sys.argv[1:]))
if verb in ("run", "close"):
    say(stage="land", done=0, of=2, rows=0, seconds=0.1)
    if mood == "fault":
        say(error="rates.csv has no rate for picture", remedy="add one to config/rates.csv")
        sys.exit(1)
    if mood == "crash":
        raise RuntimeError("a bug")
    if mood == "slow":
        def leave(*_):
            (root / "left").write_text("in good order")
            sys.exit(0)
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        say(stage="model", detail="waiting")
        while True:
            time.sleep(0.05)
    say(stage="land", done=2, of=2, rows=12345, seconds=0.2)
    (root / "runs").mkdir(exist_ok=True)
    (root / "runs/1.json").write_text(json.dumps({"run": 1, "status": "succeeded", "marts": "abc", "rows": 12345}))
    say(stage="done", done=1, of=1, rows=12345, seconds=0.3, run=1)
elif verb == "daily":
    print("day,creator_id,content_type,uses")
    for number in range(int(os.environ.get("ROWS", "3"))):
        print(f"2026-01-01,creator {number},picture,{number}")
    if mood == "fault":
        say(error="the day is not counted", remedy="vitrine usage run")
        sys.exit(1)
else:
    print(json.dumps([verb, *arguments]))
'''


def stand_in(folder):
    """A project that speaks the protocol and counts nothing; its folder."""
    package = pathlib.Path(folder) / "vitrine_warehouse"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(TALK)
    (pathlib.Path(folder) / "requirements.txt").write_text("")
    return folder
