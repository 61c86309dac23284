"""What an edge keeps on its disk: kills, damage, a wrong token, dictionaries; and damage in the origin's store."""

import concurrent.futures
import hashlib
import json

import pytest

from edge_under_test import eventually
from publishing import Publisher, SettingsEdge, freshness, project, running, serves
from running_server import TOKEN


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    with running(Publisher(tmp_path_factory.mktemp("origin"))) as server:
        yield server


def kept(edge):
    """The records on an edge's disk, and the file of each app."""
    folder = edge.data / "settings"
    return ([path for path in folder.glob("records/*/*") if path.is_file()], sorted(folder.glob("apps/*.json")))


def on_disk(edge, origin, app):
    """Waits until the edge has written down what is in force."""
    entry = origin.read("/" + app)["latest"]

    def written():
        file = edge.data / "settings" / "apps" / f"{app}.json"
        return file.exists() and json.loads(file.read_text().split("\n")[0])["app"]["number"] == entry["number"]

    eventually(written, f"{app} on disk")


def test_a_killed_edge_without_its_origin_has_what_it_served_last(tmp_path, origin):
    key = origin.publish("killed", project(n=0))["clientKey"]
    for value in range(1, 6):
        with running(SettingsEdge(tmp_path, origin.url)) as edge:
            origin.publish("killed", project(n=value))
            serves(edge, "killed", key, "n", value)
            on_disk(edge, origin, "killed")
        with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
            serves(edge, "killed", key, "n", value)
            assert freshness(edge.ask("killed", key))["number"] == str(value + 1)
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        serves(edge, "killed", key, "n", 5)
        records, _ = kept(edge)
        used = {name.rsplit("/", 1)[-1] for name in origin.stored("settings/records")}
        assert {path.name for path in records} <= used and len(records) < len(used), "old ones go"


def is_whole(path):
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def flipped(path):
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0x20
    path.write_bytes(bytes(whole))


DAMAGE = {
    "a flipped bit": flipped,
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_on_an_edges_disk_is_never_served(tmp_path, origin, damage, request):
    """With the origin it is fetched again; without it the other apps are served, and it is said."""
    name = f"damaged-{list(DAMAGE).index(request.node.callspec.id)}"
    key = origin.publish(name, {"features": {"color": {"defaultValue": "red", "rules": [
        {"condition": {"country": "FR"}, "force": "bleu"}]}}})["clientKey"]
    other = origin.publish(name + "-other", project(color="green"))["clientKey"]
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        for app in (name, name + "-other"):
            on_disk(edge, origin, app)
        (edge_folder, kept_app) = (edge.data / "settings", edge.data / "settings" / "apps" / f"{name}.json")
    named = json.loads(kept_app.read_text().split("\n")[0])["records"]
    theirs = json.loads((kept_app.parent / f"{name}-other.json").read_text().split("\n")[0])["records"]
    mine = [digest for digest in named if digest not in theirs]
    assert mine and named[0] in mine, "the manifest is the app's own"
    for digest in mine:
        damage(edge_folder / "records" / digest[:2] / digest)
    with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
        serves(edge, name + "-other", other, "color", "green")
        answer = edge.ask(name, key)
        assert answer.status_code >= 400 or answer.json() == {"color": "red"}, answer.text
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        serves(edge, name, key, "color", "red")
        assert edge.value(name, key, "color", country="FR") == "bleu"
        eventually(lambda: all(is_whole(edge_folder / "records" / digest[:2] / digest) for digest in mine),
                   "what was damaged is whole again")
    with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
        serves(edge, name, key, "color", "red")
        assert edge.value(name, key, "color", country="FR") == "bleu", "what was fetched again is on disk again"


def has_dictionary(edge, app, key):
    return "compression-dictionary" in edge.ask(app, key).headers.get("Link", "")


def test_every_app_of_a_new_edge_has_its_dictionary(tmp_path):
    """Requests come in while the releases do, and with each publish."""
    with running(Publisher(tmp_path / "origin")) as origin:
        keys = {f"app-{index}": origin.publish(f"app-{index}", project(text="value " * 100, n=0))["clientKey"]
                for index in range(8)}
        with running(SettingsEdge(tmp_path / "edge", origin.url)) as edge:
            for turn in range(4):
                with concurrent.futures.ThreadPoolExecutor(len(keys)) as pool:
                    list(pool.map(lambda pair: serves(edge, *pair, "n", turn), keys.items()))
                for app, key in keys.items():
                    eventually(lambda: has_dictionary(edge, app, key), f"the dictionary of {app}, number {turn + 1}", 5)
                for app in keys:
                    origin.publish(app, project(text="value " * 100, n=turn + 1))


def test_an_edge_that_starts_from_disk_offers_its_dictionary(tmp_path, origin):
    name = "dictionary"
    key = origin.publish(name, project(**{f"setting-{index}": "value " * 20 for index in range(100)}))["clientKey"]
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        on_disk(edge, origin, name)
        eventually(lambda: has_dictionary(edge, name, key), "a dictionary", 5)
    with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
        serves(edge, name, key, "setting-7", "value " * 20)
        eventually(lambda: has_dictionary(edge, name, key), "the dictionary from disk", 5)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_in_what_an_edge_noted_of_an_app(tmp_path, origin, damage, request):
    name = f"noted-{list(DAMAGE).index(request.node.callspec.id)}"
    key = origin.publish(name, project(color="red"))["clientKey"]
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        on_disk(edge, origin, name)
    damage(tmp_path / "settings" / "apps" / f"{name}.json")
    with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
        answer = edge.ask(name, key)
        assert answer.status_code >= 400 or answer.json() == {"color": "red"}, answer.text
    with running(SettingsEdge(tmp_path, origin.url)) as edge:
        serves(edge, name, key, "color", "red")


def test_an_edge_with_a_wrong_token_says_so_and_serves_what_it_has(tmp_path, origin):
    key = origin.publish("token", project(color="red"))["clientKey"]
    with running(SettingsEdge(tmp_path / "edge", origin.url)) as edge:
        on_disk(edge, origin, "token")
    origin.publish("token", project(color="blue"))
    wrong = {"VITRINE_TOKEN": "quite-another-token"}
    with running(SettingsEdge(tmp_path / "edge", origin.url, environment=wrong)) as edge:
        serves(edge, "token", key, "color", "red")
        eventually(lambda: "401" in (edge.read_failure() or ""), "the reason is said")
        assert edge.ready()["state"] == "last-good" and "last-good" in freshness(edge.ask("token", key))
        assert TOKEN not in json.dumps(edge.lines) and "quite-another" not in json.dumps(edge.lines)
    with running(SettingsEdge(tmp_path / "edge", origin.url)) as edge:
        serves(edge, "token", key, "color", "blue")


def test_an_edge_that_never_heard_of_any_settings_asks_clients_to_come_back(tmp_path, origin):
    """It cannot know that a key is wrong: a client that is told so gives up. It may ask its upstream."""
    key = origin.publish("unheard", project(color="red"))["clientKey"]
    with running(SettingsEdge(tmp_path, "http://127.0.0.1:9")) as edge:
        assert edge.ready()["state"] == "empty"
        answer = edge.ask("unheard", key)
        assert answer.status_code >= 500, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_one_damaged_app_in_the_store_harms_no_other(tmp_path):
    origin = Publisher(tmp_path / "origin")
    try:
        good = origin.publish("good", project(color="red"))["clientKey"]
        origin.publish("bad", project(color="black"))
        origin.kill()
        entry = next((tmp_path / "origin/store/settings/apps/bad/log").glob("*.json"))
        assert entry.name == "0" * 19 + "1.json"
        entry.write_bytes(b"rubbish")
        origin = Publisher(tmp_path / "origin")
        listed = {row["app"]: row for row in origin.read("")["apps"]}
        assert "damaged" in listed["bad"]["fault"] and listed["good"]["latest"]["number"] == 1
        assert origin.call("GET", "/bad").status_code == 500
        # An edge that knows nothing yet gets the good one, and what is published from now on.
        with running(SettingsEdge(tmp_path / "edge", origin.url)) as edge:
            serves(edge, "good", good, "color", "red")
            origin.publish("good", project(color="blue"))
            new = origin.publish("new", project(n=1))["clientKey"]
            for node in (edge, origin):
                serves(node, "good", good, "color", "blue")
                serves(node, "new", new, "n", 1)
    finally:
        origin.kill()
