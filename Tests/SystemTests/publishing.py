"""An origin that settings are published at, edges behind it, and what they answer."""

import contextlib
import copy
import re

import requests

from edge_under_test import eventually
from running_server import TOKEN, RunningServer, run

BEARER = {"Authorization": f"Bearer {TOKEN}"}
#: A client or server key.
KEY = re.compile(r"v[cs]_[0-9a-f]{32}")


def project(**defaults):
    """A features file: settings without rules."""
    return {"features": {name: {"defaultValue": value} for name, value in defaults.items()}}


def with_rules(name, *rules, **more):
    """A features file with a good setting before the one of that name."""
    features = {"good": {"defaultValue": 1}, name: {"defaultValue": "a", "rules": list(rules)}}
    features.update(copy.deepcopy(more))
    return {"features": features}


class Publisher(RunningServer):
    """A whole server, or an origin; `unsafe=False` unless a test wants the other."""

    def __init__(self, data, *flags, unsafe=False, **keywords):
        self.environment = keywords.get("environment") or {}
        super().__init__(data, *flags, unsafe=unsafe, **keywords)

    def call(self, method, path, token=TOKEN, **keywords):
        """Asks for a path below `/admin/settings`."""
        keywords.setdefault("timeout", 120)
        fields = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, self.admin + "/admin/settings" + path, headers=fields, **keywords)

    def publish(self, app, features, expect=201, **query):
        """Publishes; the parsed answer."""
        body = {"data": features} if isinstance(features, (bytes, str)) else {"json": features}
        answer = self.call("POST", "/" + app, params=query, **body)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def read(self, path, expect=200, **query):
        answer = self.call("GET", path, params=query)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def number(self, app):
        """The number in force by the log; 0 for none."""
        answer = self.call("GET", "/" + app)
        return answer.json()["latest"]["number"] if answer.status_code == 200 else 0

    def command(self, name, *arguments, token=TOKEN, **keywords):
        """`vitrine settings NAME` against this server."""
        return run("settings", name, "--admin", self.admin, "--token", token, *arguments, check=False, **keywords)

    def stored(self, part="settings"):
        """Names and bytes of what is in the store."""
        folder = self.data / "store"
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in folder.rglob("*") if path.is_file() and part in str(path.relative_to(folder))}

    def node(self):
        """What it serves, from where, how fresh."""
        return self.read("/node")

    def read_failure(self):
        """Why it does not hear of changes; `None` if it does. Asked with the token that it has itself."""
        token = self.environment.get("VITRINE_TOKEN", TOKEN)
        return self.call("GET", "/node", token=token).json()["sourceFailure"]

    def ready(self):
        """The part about settings of `/ready`."""
        return requests.get(self.url + "/ready", timeout=20).json().get("settings")

    def ask(self, app, key=None, session=None, **attributes):
        """A client's request."""
        fields = {"X-API-Key": key} if key else {}
        return (session or requests).post(f"{self.url}/v1/settings/{app}", json={"attributes": attributes},
                                          headers=fields, timeout=60)

    def value(self, app, key, name, **attributes):
        """A setting's value as a client gets it; `None` before there is any."""
        answer = self.ask(app, key, **attributes)
        return answer.json().get(name) if answer.status_code == 200 else None


class SettingsEdge(Publisher):
    """`vitrine serve --roles edge` behind an origin."""

    def __init__(self, data, origin_url, *flags, **keywords):
        super().__init__(data, "--roles", "edge", "--upstream", origin_url, *flags, **keywords)


@contextlib.contextmanager
def running(made):
    """Ends a server that was started."""
    try:
        yield made
        assert made.process.poll() is None, made.lines[-10:]
    finally:
        made.kill()


def serves(server, app, key, name, value, seconds=20):
    """Waits until clients get the value."""
    eventually(lambda: server.value(app, key, name) == value, f"{name} = {value}", seconds)


def freshness(answer):
    """The parameters of `Vitrine-Settings`, such as {"number": "3", "last-good": "12"}."""
    parts = answer.headers["Vitrine-Settings"].split(";")
    return dict(part.split("=", 1) for part in parts[1:]) | {"app": parts[0].strip('"')}
