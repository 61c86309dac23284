"""`vitrine serve --roles edge` in front of a scripted origin, and a page of that origin for each test."""

import contextlib
import json
import re
import time
import urllib.request

from raw_client import HOST, RawClient, request
from running_server import TOKEN, RunningServer

AN_HOUR = "Cache-Control: max-age=3600"
#: Stale as soon as it arrives: older than it may get.
STALE = ("Cache-Control: max-age=60", "Age: 3600")


class EdgeUnderTest(RunningServer):
    """An edge; `ask` opens a connection for each request."""

    def __init__(self, data, upstream, *flags, **keywords):
        super().__init__(data, "--roles", "edge", "--upstream", upstream, *flags, **keywords)
        self.address = self.addresses["public"]

    def client(self, **keywords):
        return RawClient(self.address, **keywords)

    def ask(self, path, *fields, method="GET", body=None, host=HOST, version="1.1", may_be_cut=False):
        with self.client() as client:
            client.send(request(path, *fields, method=method, body=body, host=host, version=version))
            return client.response(method, may_be_cut=may_be_cut)

    def purge(self, document, token=TOKEN, expect=200):
        """Asks the admin listener to purge; the parsed answer."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        fields = [f"Authorization: Bearer {token}"] if token else []
        with RawClient(self.addresses["admin"]) as client:
            client.send(request("/admin/purge", "Content-Type: application/json", *fields, method="POST", body=body,
                                host=self.addresses["admin"]))
            answer = client.response("POST")
        assert answer.status == expect, answer
        return json.loads(answer.body)

    def figures(self, pattern):
        """Sum of the metrics whose name matches."""
        text = urllib.request.urlopen(self.admin + "/metrics", timeout=10).read().decode()
        lines = [line for line in text.splitlines() if re.match(pattern, line)]
        assert lines, f"no metric matches {pattern}"
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def assert_well(self):
        assert self.process.poll() is None, f"the edge ended with {self.process.poll()}: {self.lines[-10:]}"


class Page:
    """A path of the origin that no other test uses."""

    def __init__(self, edge, origin, path):
        self.edge = edge
        self.origin = origin
        self.path = path

    def answers(self, *answers):
        """Sets the origin's answers; the last one is repeated."""
        self.origin.script(self.path, *answers)
        return self

    def beside(self, name):
        """Another page, below this one."""
        return Page(self.edge, self.origin, f"{self.path}/{name}")

    def get(self, *fields, query="", **keywords):
        return self.edge.ask(self.path + query, *fields, **keywords)

    @property
    def url(self):
        return f"http://{HOST}{self.path}"

    @property
    def requests(self):
        return self.origin.requests(self.path)

    @property
    def fetches(self):
        return len(self.requests)

    def last(self):
        return self.requests[-1]

    def at(self, edge):
        """The same page through another edge."""
        return Page(edge, self.origin, self.path)


def eventually(condition, what, seconds=15):
    """Asks again and again, for effects that a server shows only later."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return value


@contextlib.contextmanager
def running_edge(data, upstream, *flags, **keywords):
    edge = EdgeUnderTest(data, upstream, *flags, **keywords)
    try:
        yield edge
        edge.assert_well()
    finally:
        edge.kill()


@contextlib.contextmanager
def clients(edge, count):
    """Many connections to one edge."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(edge.client()) for _ in range(count)]


def all_have_arrived(edge, crowd):
    """Requests sent before are read by now: one sent later, to a path of the node itself, has its answer."""
    for _ in range(3):
        assert edge.ask("/health").status == 200
    assert all(client.socket.fileno() > 0 for client in crowd)
