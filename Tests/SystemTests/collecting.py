"""A running collector, what is sent to it, and what it has shipped."""

import csv
import hashlib
import io
import itertools
import json
import threading
import time

import requests
import zstandard

from running_server import TOKEN, RunningServer

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
COLUMNS = ["id_high", "id_low", "content_hash", "source", "id", "type", "occurred_us", "received_us", "content_id",
           "content_type", "creator_id", "user_id", "action", "brand_id", "template_id", "country", "plan", "trace_id",
           "extra"]
NUMBERS = itertools.count(1)


def use(**changes):
    """A valid use; `data` replaces members, anything else attributes, and `None` takes one away."""
    data = {"content_id": "c-1", "content_type": "photo", "creator_id": "m-1", "user_id": "u-1", "action": "export"}
    data |= changes.pop("data", {})
    event = {"specversion": "1.0", "id": f"e-{next(NUMBERS)}", "source": "/apps/editor",
             "type": "com.vitrine.usage.v1", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
             "data": {name: value for name, value in data.items() if value is not None}}
    event |= changes
    return {name: value for name, value in event.items() if value is not None}


class Collector(RunningServer):
    """A node that does nothing but collect, unless `roles` says otherwise."""

    def __init__(self, data, *flags, roles="collector", unsafe=False, **keywords):
        super().__init__(data, "--roles", roles, *flags, unsafe=unsafe, **keywords)
        self._sessions = threading.local()

    @property
    def session(self):
        """A connection of the thread's own."""
        if not hasattr(self._sessions, "session"):
            self._sessions.session = requests.Session()
        return self._sessions.session

    def post(self, body, kind=STRUCTURED, path="/v1/events", token=TOKEN, **headers):
        """Sends a body as it is."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if kind is not None:
            headers["Content-Type"] = kind
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.session.post(self.url + path, data=body, headers=headers, timeout=60)

    def send(self, *events, **keywords):
        """Sends events as a batch."""
        return self.post(json.dumps(events).encode(), BATCH, **keywords)

    def objects(self, kind):
        """Names and bytes of what has been shipped, in order."""
        folder = self.data / "store" / "usage" / kind
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in sorted(folder.rglob("*")) if path.is_file()}

    def shipped(self):
        """Every line in the store, as dictionaries; segments without a manifest do not count."""
        lines = []
        for content in self.objects("manifests").values():
            manifest = json.loads(content)
            body = (self.data / "store" / manifest["object"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == manifest["sha256"], manifest
            assert len(body) == manifest["bytes"], manifest
            text = zstandard.ZstdDecompressor().decompressobj().decompress(body).decode()
            rows = list(csv.reader(io.StringIO(text, newline="")))
            assert len(rows) == manifest["lines"], manifest
            assert all(len(row) == len(COLUMNS) for row in rows)
            lines += [dict(zip(COLUMNS, row)) for row in rows]
        return lines

    def wait_until_shipped(self, count, seconds=60):
        """Until the store has at least so many lines; gives them."""
        self.wait_for(lambda: self.counter("vitrine_usage_disk_bytes") == 0 and len(self.shipped()) >= count,
                      f"{count} lines in the store, but {len(self.shipped())}", seconds)
        return self.shipped()

    def counter(self, name, **labels):
        """One sample of the metrics."""
        wanted = name + ("{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else "")
        text = requests.get(self.admin + "/metrics", timeout=30).text
        return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.rsplit(" ", 1)[0] == wanted)
