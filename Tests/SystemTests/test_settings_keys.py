"""Keys of apps and their rotation, sweeps of old records, and that secrets stay where they are."""

import concurrent.futures
import itertools
import json
import shutil
import subprocess

import pytest
import requests

from edge_under_test import eventually
from publishing import KEY, Publisher, project, running, serves
from running_server import BINARY, TOKEN, clean_environment

APPS = itertools.count(1)


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    with running(Publisher(tmp_path_factory.mktemp("origin"))) as server:
        yield server


@pytest.fixture
def app():
    return f"app-{next(APPS)}"


def test_a_rotated_key_works_at_once_and_the_old_one_until_its_grace_ends(origin, app):
    first = origin.publish(app, project(color="red"))
    old = first["clientKey"]
    serves(origin, app, old, "color", "red")
    rotated = origin.command("keys", "--app", app, "--rotate", "client", "--grace", "1h")
    assert rotated.returncode == 0, rotated.stderr
    (new,) = KEY.findall(rotated.stdout)
    serves(origin, app, new, "color", "red")
    assert origin.value(app, old, "color") == "red"
    keys = origin.read(f"/{app}/keys")["keys"]
    ends = next(key for key in keys if key["hint"] == old[:7])
    assert 3_500_000 < ends["expires"] - next(key for key in keys if key["hint"] == new[:7])["created"] <= 3_600_000
    assert all("expires" not in key for key in keys if key["hint"] != old[:7]), "the server key has no end"
    at_once = origin.call("POST", f"/{app}/keys/rotate", params={"kind": "client"}).json()["key"]
    serves(origin, app, at_once, "color", "red")
    for gone in (old, new):
        eventually(lambda: origin.ask(app, gone).status_code == 401, "the old keys are refused")
    serves(origin, app, first["serverKey"], "color", "red")
    short = origin.call("POST", f"/{app}/keys/rotate", params={"kind": "client", "grace": 1}).json()["key"]
    serves(origin, app, short, "color", "red")
    eventually(lambda: origin.ask(app, at_once).status_code == 401, "the key whose second is over is refused")
    assert origin.number(app) == 1, "keys are no publish"


@pytest.mark.parametrize("query", [
    {}, {"kind": "both"}, {"kind": "client", "grace": -1}, {"kind": "client", "grace": "1d"},
    {"kind": "client", "grace": 99999999999}, {"kind": "client", "author": ""}])
def test_a_wrong_rotation_leaves_the_keys(origin, app, query):
    origin.publish(app, project(a=1))
    before = origin.stored()
    assert origin.call("POST", f"/{app}/keys/rotate", params=query).status_code == 400
    assert origin.stored() == before
    assert origin.call("POST", f"/{app}-none/keys/rotate", params={"kind": "client"}).status_code == 404


def test_keys_in_their_grace_time_have_a_limit(origin, app):
    origin.publish(app, project(a=1))
    statuses = [origin.call("POST", f"/{app}/keys/rotate", params={"kind": "client", "grace": 3600}).status_code
                for _ in range(33)]
    assert statuses[0] == 201 and statuses[-1] == 400 and sorted(statuses) == statuses


def test_keys_of_one_app_open_no_other(origin, app):
    mine = origin.publish(app, project(color="mine"))["clientKey"]
    other = origin.publish(app + "-other", project(color="secret"))["clientKey"]
    serves(origin, app, mine, "color", "mine")
    serves(origin, app + "-other", other, "color", "secret")
    for name, key in ((app, other), (app + "-other", mine), (app, app), (app, "vc_" + "0" * 32), (app, None)):
        answer = origin.ask(name, key)
        assert answer.status_code in (401, 403, 404) and "color" not in answer.text


# Sweeping

def records(server):
    return {name for name in server.stored("settings/records")}


def test_a_sweep_removes_what_nobody_points_to(tmp_path):
    with running(Publisher(tmp_path)) as origin:
        key = origin.publish("shop", project(n=0))["clientKey"]
        for value in range(1, 6):
            origin.publish("shop", project(n=value))
        other = origin.publish("other", project(m=1))["clientKey"]
        before = records(origin)
        young = origin.command("sweep", "--json")
        assert young.returncode == 0 and records(origin) == before, "30 days of grace"
        dry = json.loads(origin.command("sweep", "--grace", "0s", "--keep", "2", "--dry-run", "--json").stdout)
        assert records(origin) == before
        done = origin.command("sweep", "--grace", "0s", "--keep", "2")
        assert done.returncode == 0, done.stderr
        left = records(origin)
        assert left < before and len(before) - len(left) == dry["swept"] > 0, dry
        # The numbers stay; what they named is gone, and says so.
        assert [row["number"] for row in origin.read("/shop/log")["entries"]] == [6, 5, 4, 3, 2, 1]
        refused = origin.call("POST", "/shop/rollback", params={"to": 1})
        assert refused.status_code == 410 and "swept" in refused.json()["detail"], refused.text
        assert origin.call("GET", "/shop/source/1").status_code == 410
        assert origin.read("/shop/log/1")["fault"]
        assert origin.number("shop") == 6
        serves(origin, "shop", key, "n", 5)
        assert origin.call("POST", "/shop/rollback", params={"to": 5}).status_code == 201
        serves(origin, "shop", key, "n", 4)
        # What was swept can be published again.
        origin.publish("shop", project(n=0))
        serves(origin, "shop", key, "n", 0)
        serves(origin, "other", other, "m", 1)
        again = json.loads(origin.command("sweep", "--grace", "0s", "--keep", "1", "--json").stdout)
        assert again["swept"] > 0
        serves(origin, "shop", key, "n", 0)
    with running(Publisher(tmp_path)) as origin:
        serves(origin, "shop", key, "n", 0)
        serves(origin, "other", other, "m", 1)


def test_sweeps_beside_publishes_remove_nothing_in_force(tmp_path):
    with running(Publisher(tmp_path)) as origin:
        key = origin.publish("shop", project(n=-1))["clientKey"]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            def publishing():
                # Values come back again and again: records that a sweep would like to have are named anew.
                return [origin.publish("shop", project(n=index % 3)) for index in range(25)]

            def sweeping():
                return [origin.call("POST", "/sweep", params={"grace": 0, "keep": 1}) for _ in range(25)]

            published, swept = pool.submit(publishing), pool.submit(sweeping)
            assert len(published.result()) == 25
            assert all(answer.status_code == 200 for answer in swept.result())
        assert origin.read("/shop/source") == project(n=24 % 3)
        serves(origin, "shop", key, "n", 24 % 3)
    # Nothing of it came from memory only.
    shutil.rmtree(tmp_path / "settings")
    with running(Publisher(tmp_path)) as origin:
        serves(origin, "shop", key, "n", 24 % 3)


# Secrets

def test_keys_and_tokens_are_in_no_log_and_in_no_file(tmp_path):
    with running(Publisher(tmp_path, "--log-level", "trace")) as origin:
        first = origin.publish("shop", project(color="red"))
        secrets = [first["clientKey"], first["serverKey"], TOKEN]
        for kind in ("client", "server"):
            secrets.append(origin.call("POST", "/shop/keys/rotate", params={"kind": kind, "grace": 60}).json()["key"])
        for key in secrets:
            origin.ask("shop", key)
            origin.call("GET", "/shop", token=key)
            if key == TOKEN:
                continue
            requests.get(f"{origin.url}/api/features/{key}", timeout=20)
            requests.get(f"{origin.url}/v1/settings/shop", params={"key": key}, timeout=20)
            requests.post(f"{origin.url}/api/eval/{key}", json={"attributes": {}}, timeout=20)
        assert requests.get(f"{origin.url}/health", timeout=20).status_code == 200
        origin.wait_for(lambda: any("/health" in json.dumps(line) for line in origin.lines), "the last line of the log")
        logged = json.dumps(origin.lines)
        metrics = requests.get(origin.admin + "/metrics", timeout=20).text
        for secret in secrets:
            assert secret not in logged, [line for line in origin.lines if secret in json.dumps(line)]
            assert secret not in metrics
        for path in tmp_path.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert not [secret for secret in secrets if secret.encode() in content], path


def test_in_unsafe_mode_the_name_is_a_key_and_no_token_is_asked_for(tmp_path):
    file = tmp_path / "features.json"
    file.write_text(json.dumps(project(color="red")))
    with running(Publisher(tmp_path / "data", unsafe=True)) as origin:
        environment = clean_environment(VITRINE_UNSAFE="1")
        done = subprocess.run([BINARY, "settings", "publish", "--app", "shop", "--admin", origin.admin, "--data",
                               str(tmp_path / "none"), str(file)],
                              capture_output=True, text=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        assert len(KEY.findall(done.stdout)) == 2
        serves(origin, "shop", "shop", "color", "red")
        assert origin.ask("shop", "other").status_code == 401
