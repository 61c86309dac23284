"""`vitrine serve` with settings: publishing, asking its four surfaces, and reading its event streams."""

import contextlib
import itertools
import json
import time

from raw_client import RawClient, request
from running_server import TOKEN, RunningServer
from strict_http import Cut

JSON = "Content-Type: application/json"
APP_NUMBERS = itertools.count(1)


class Published:
    """The answer to a publish."""

    def __init__(self, document):
        self.document = document
        self.number = document["number"]
        self.client_key = document.get("clientKey")
        self.server_key = document.get("serverKey")


class SettingsApp:
    """One app of a node, with its keys; asks with its client key unless told otherwise."""

    def __init__(self, node, name, features, **top):
        self.node = node
        self.name = name
        first = self.publish(features, **top)
        self.client_key = first.client_key
        self.server_key = first.server_key

    def publish(self, features, **top):
        return self.publish_text(json.dumps({"features": features, **top}))

    def publish_text(self, text):
        """Publishes and waits until this node serves it."""
        status, document = self.node.admin_call(f"/admin/settings/{self.name}", text)
        assert status == 201, document
        published = Published(document)
        self.node.wait_until_served(self, published)
        return published

    def rotate(self, kind, grace=0):
        path = f"/admin/settings/{self.name}/keys/rotate?kind={kind}&grace={grace}"
        status, document = self.node.admin_call(path, b"")
        assert status == 201, document
        return document["key"]

    def document(self, attributes=None, *fields, key=None, raw=None):
        """Asks `/v1/settings` for the document; the response."""
        body = raw if raw is not None else json.dumps(attributes or {})
        return self.node.ask(f"/v1/settings/{self.name}", f"X-API-Key: {key or self.client_key}", *fields, body=body)

    def values(self, attributes=None):
        return parsed(self.document(attributes))

    def flags(self, context=None, *fields, flag="", key=None, query="", raw=None):
        """Asks OFREP: all flags, or one."""
        path = "/ofrep/v1/evaluate/flags" + (f"/{flag}" if flag else "") + query
        body = raw if raw is not None else json.dumps({"context": context or {}})
        return self.node.ask(path, f"X-API-Key: {key or self.client_key}", *fields, body=body)

    def remote(self, payload=None, *fields, key=None, raw=None):
        """Asks GrowthBook's remote evaluation."""
        body = raw if raw is not None else json.dumps(payload or {})
        return self.node.ask(f"/api/eval/{key or self.client_key}", *fields, body=body)

    def features(self, *fields, key=None, method="GET"):
        return self.node.ask(f"/api/features/{key or self.server_key}", *fields, method=method)


class SettingsNode(RunningServer):
    """A node that publishes and serves settings; each request has a connection of its own."""

    def __init__(self, data, *flags, **keywords):
        super().__init__(data, *flags, **keywords)
        self.address = self.addresses["public"]

    def app(self, features, name=None, **top):
        return SettingsApp(self, name or f"app-{next(APP_NUMBERS)}", features, **top)

    def ask(self, path, *fields, method=None, body=None, media=JSON):
        body = body.encode() if isinstance(body, str) else body
        method = method or ("GET" if body is None else "POST")
        fields = [*fields, media] if body is not None and media else fields
        with RawClient(self.address) as client:
            client.send(request(path, *fields, method=method, body=body, host=self.address))
            return client.response(method)

    def admin_call(self, path, body=None):
        body = body.encode() if isinstance(body, str) else body
        method = "GET" if body is None else "POST"
        with RawClient(self.addresses["admin"], seconds=60) as client:
            client.send(request(path, f"Authorization: Bearer {TOKEN}", JSON, method=method, body=body,
                                host=self.addresses["admin"]))
            response = client.response(method)
        return response.status, json.loads(response.body)

    def wait_until_served(self, app, published, seconds=20):
        key = published.client_key or app.client_key
        end = time.monotonic() + seconds
        while True:
            response = self.ask(f"/v1/settings/{app.name}", f"X-API-Key: {key}", body="{}")
            served = response["vitrine-settings"] or ""
            if response.status == 200 and f";number={published.number};" in served + ";":
                return
            assert time.monotonic() < end, f"{published.number} is not served: {response} {served}"
            time.sleep(0.005)

    def events(self, path, *fields, **keywords):
        return EventReader(self.address, path, *fields, **keywords)

    def assert_well(self):
        assert self.process.poll() is None, f"the node ended with {self.process.poll()}: {self.lines[-10:]}"
        assert self.ask("/health").status == 200


class Event:
    def __init__(self):
        self.id = None
        self.name = "message"
        self.data = None
        self.retry = None
        self.comment = None

    def __repr__(self):
        return f"<{self.name} {self.id} {(self.data or '')[:60]!r}>"


class EventReader:
    """One event stream, read line by line as WHATWG HTML §9.2.6 says."""

    def __init__(self, address, path, *fields, seconds=20, **keywords):
        self.client = RawClient(address, seconds=seconds, **keywords)
        self.client.send(request(path, "Accept: text/event-stream", *fields, host=address))
        self.head = self.client.head()
        self._text = b""
        self.ended = False

    def _chunk(self):
        size = int(self.client.reader.line().partition(b";")[0], 16)
        if size == 0:
            self.client.reader.fields()
            self.ended = True
            return
        self._text += self.client.reader.exactly(size)
        assert self.client.reader.exactly(2) == b"\r\n"

    def next(self):
        """The next block of lines as an event; None when the stream has ended."""
        while b"\n\n" not in self._text:
            if self.ended:
                return None
            try:
                self._chunk()
            except Cut:
                self.ended = True
        block, _, self._text = self._text.partition(b"\n\n")
        event = Event()
        for line in block.decode().split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "":
                event.comment = value
            elif name == "data":
                event.data = value if event.data is None else event.data + "\n" + value
            elif name == "event":
                event.name = value
            else:
                assert name in ("id", "retry"), line
                setattr(event, name, value)
        return event

    def next_with_data(self):
        while (event := self.next()) is not None:
            if event.data is not None:
                return event
        return None

    def close(self):
        self.client.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def parsed(response, status=200):
    assert response.status == status, response
    return json.loads(response.body)


def flag_values(response):
    """Setting → value of a bulk evaluation; settings without a value are None."""
    return {flag["key"]: flag.get("value") for flag in parsed(response)["flags"]}


@contextlib.contextmanager
def running_node(data, *flags, **keywords):
    node = SettingsNode(data, *flags, **keywords)
    try:
        yield node
        node.assert_well()
    finally:
        node.kill()
