"""The origin killed while it publishes: the old or the new number is in force, whole."""

import contextlib
import hashlib
import os
import random
import threading
import time

import requests

from publishing import BEARER, KEY, Publisher, project, running, serves

ROUNDS = 18


def large(step):
    """Takes the origin long enough to be killed within."""
    return {"features": {f"setting-{index}": {
        "defaultValue": {"step": step, "text": "x" * 300},
        "rules": [{"condition": {"country": "FR"}, "force": {"step": step, "text": "y" * 300}}]}
        for index in range(60)} | {"step": {"defaultValue": step}}}


def assert_whole(origin, app="shop"):
    """Every number of the log is there, and each record of the one in force is what its name says."""
    numbers = [row["number"] for row in origin.read(f"/{app}/log", limit=100)["entries"]]
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1)), "no gaps"
    for name, content in origin.stored("settings/records").items():
        assert hashlib.sha256(content).hexdigest() == name.rsplit("/", 1)[-1], name


def wait_for_moment(kind, store, seconds, publisher):
    """Until a moment for a kill: any (0), a record has been stored (1), a number has been stored (2)."""
    if kind == 0:
        return time.sleep(seconds)
    folder = store / ("records" if kind == 1 else "apps/shop/log")

    def look():
        return sum(len(files) for _, _, files in os.walk(folder))

    before = look()
    while look() == before and publisher.is_alive():
        pass


def test_a_kill_during_a_publish_leaves_the_old_number_or_the_new_one(tmp_path, capsys):
    chance = random.Random(4)
    origin = Publisher(tmp_path)
    outcomes = []
    try:
        key = origin.publish("shop", large(0))["clientKey"]
        step, acknowledged = 0, {1: 0}
        started = time.monotonic()
        acknowledged[origin.publish("shop", large(1), expect=201)["number"]] = 1
        usual, step = time.monotonic() - started, 1
        for turn in range(ROUNDS):
            last = max(acknowledged)
            attempts = {}
            over = threading.Event()

            def publish_on():
                number, value = last, step
                with contextlib.suppress(requests.RequestException):
                    while not over.is_set():
                        value += 1
                        attempts[number + 1] = value
                        answer = requests.post(origin.admin + "/admin/settings/shop", json=large(value),
                                               params={"expect": number}, headers=BEARER, timeout=60)
                        if answer.status_code != 201:
                            break
                        number += 1
                        acknowledged[number] = value

            publisher = threading.Thread(target=publish_on, daemon=True)
            publisher.start()
            wait_for_moment(turn % 3, tmp_path / "store/settings", chance.uniform(0, 2.5) * usual, publisher)
            origin.kill()
            over.set()
            publisher.join(30)
            assert not publisher.is_alive()
            origin = Publisher(tmp_path)
            found = origin.number("shop")
            answered = max(acknowledged)
            assert found in (answered, answered + 1), "what was answered is in force; one more may be"
            value = attempts.get(found, acknowledged.get(found))
            assert origin.read("/shop/source") == large(value)
            outcomes.append(found - answered)
            assert_whole(origin)
            serves(origin, "shop", key, "step", value)
            answer = origin.ask("shop", key, country="FR").json()
            assert len(answer) == 61
            assert all(answer[f"setting-{index}"] == {"step": value, "text": "y" * 300} for index in range(60))
            acknowledged[found] = value
            step = max(list(attempts.values()) + [value])
        with capsys.disabled():
            print(f"\n{ROUNDS} kills: {outcomes.count(0)} left the old number, {outcomes.count(1)} the new one")
        step += 1
        made = origin.publish("shop", large(step), expect=201)
        assert made["number"] == max(acknowledged) + 1
        serves(origin, "shop", key, "step", step)
    finally:
        origin.kill()


def publish_unheard(origin, app, step):
    with contextlib.suppress(requests.RequestException):
        origin.call("POST", "/" + app, json=large(step))


def test_a_kill_during_the_first_publish_leaves_nothing_or_an_app_that_can_get_keys(tmp_path):
    chance = random.Random(9)
    origin = Publisher(tmp_path)
    try:
        for turn in range(5):
            app = f"app-{turn}"
            publisher = threading.Thread(target=publish_unheard, args=(origin, app, turn), daemon=True)
            publisher.start()
            time.sleep(chance.uniform(0, 0.25))
            origin.kill()
            publisher.join(30)
            origin = Publisher(tmp_path)
            before = origin.number(app)
            assert before in (0, 1)
            made = origin.publish(app, project(n=turn))
            assert made["number"] == before + 1
            key = made.get("clientKey")
            if key is None:
                # They were made, and their answer was lost.
                key = origin.call("POST", f"/{app}/keys/rotate", params={"kind": "client"}).json()["key"]
            serves(origin, app, key, "n", turn)
    finally:
        origin.kill()


def test_an_app_whose_keys_were_never_written_gets_them_with_the_next_publish(tmp_path):
    with running(Publisher(tmp_path)) as origin:
        lost = origin.publish("shop", project(n=1))["clientKey"]
    for file in (tmp_path / "store/settings/apps/shop/keys").glob("*"):
        file.unlink()
    with running(Publisher(tmp_path)) as origin:
        assert origin.ask("shop", lost).status_code >= 400
        made = origin.publish("shop", project(n=2))
        assert KEY.fullmatch(made["clientKey"]) and KEY.fullmatch(made["serverKey"]) and made["clientKey"] != lost
        serves(origin, "shop", made["clientKey"], "n", 2)
