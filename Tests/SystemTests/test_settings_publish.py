"""Publishing settings: the command line and the admin interface, two publishers, roll-back, keys, sweeps, secrets."""

import concurrent.futures
import itertools
import json

import pytest
import requests

from publishing import KEY, Publisher, project, running, serves
from raw_client import RawClient, request
from running_server import TOKEN, run

APPS = itertools.count(1)


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    with running(Publisher(tmp_path_factory.mktemp("origin"))) as server:
        yield server


@pytest.fixture
def app():
    return f"app-{next(APPS)}"


@pytest.fixture
def features(tmp_path):
    def write(document, name="features.json"):
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        return path
    return write


# The command line

def test_a_publish_prints_the_keys_the_first_time_only(origin, app, features):
    first = origin.command("publish", "--app", app, features(project(color="red")))
    assert first.returncode == 0, first.stderr
    assert f"published {app} number 1" in first.stdout and "not shown again" in first.stdout
    client, server = KEY.findall(first.stdout)
    assert client.startswith("vc_") and server.startswith("vs_")
    serves(origin, app, client, "color", "red")
    second = origin.command("publish", "--app", app, features(project(color="blue")))
    assert second.returncode == 0 and "number 2" in second.stdout and not KEY.findall(second.stdout)
    serves(origin, app, client, "color", "blue")
    shown = [origin.command(name, "--app", app, *more).stdout
             for name in ("keys", "log", "diff") for more in ([], ["--json"])]
    shown += [origin.call("GET", path).text for path in ("", f"/{app}", f"/{app}/keys", f"/{app}/log/1", "/node")]
    for text in shown:
        assert text and client not in text and server not in text
    assert client[:7] in shown[0] and server[:7] in shown[0]


def test_a_dry_run_shows_the_difference_and_stores_nothing(origin, app, features):
    origin.publish(app, project(color="red", size=3))
    before = origin.stored()
    dry = origin.command("publish", "--app", app, "--dry-run", "--json", features(project(color="blue", extra=True)))
    assert dry.returncode == 0, dry.stderr
    answer = json.loads(dry.stdout)
    assert answer["dryRun"] is True and answer["number"] == 2
    summary = answer["diff"]["summary"]
    assert (summary["addedNames"], summary["changedNames"], summary["removedNames"]) == (["extra"], ["color"], ["size"])
    assert origin.number(app) == 1 and origin.stored() == before
    unknown = origin.command("publish", "--app", app + "-new", "--dry-run", features(project(a=1)))
    assert unknown.returncode == 0 and not KEY.search(unknown.stdout), unknown
    assert origin.call("GET", f"/{app}-new").status_code == 404 and origin.stored() == before


def test_an_expected_number_has_to_be_in_force(origin, app, features):
    file = features(project(color="red"))
    assert origin.command("publish", "--app", app, "--expect", "0", "--author", "ada", file).returncode == 0
    for expected in ("0", "2"):
        refused = origin.command("publish", "--app", app, "--expect", expected, file)
        assert refused.returncode == 1
        assert "Number 1" in refused.stderr and "ada" in refused.stderr, refused.stderr
    assert origin.number(app) == 1
    assert origin.command("publish", "--app", app, "--expect", "1", file).returncode == 0
    nobody = origin.call("POST", f"/{app}-none", params={"expect": 4}, json=project(a=1))
    assert nobody.status_code == 409 and "Nothing is published" in nobody.json()["detail"]
    assert origin.number(app + "-none") == 0


def test_rollback_log_and_diff_from_the_command_line(origin, app, features):
    for value, author in (("red", "ada"), ("blue", "bob"), ("blue", "eve")):
        origin.command("publish", "--app", app, "--author", author, "--comment", f"now {value}",
                       features(project(color=value, same=1)))
    back = origin.command("rollback", "--app", app, "--author", "kim", "--json")
    assert back.returncode == 0, back.stderr
    entry = json.loads(back.stdout)["entry"]
    assert (entry["number"], entry["rollbackOf"], entry["author"]) == (4, 1, "kim"), "the latest that differs"
    listed = json.loads(origin.command("log", "--app", app, "--json").stdout)["entries"]
    assert [row["number"] for row in listed] == [4, 3, 2, 1]
    assert [row["author"] for row in listed] == ["kim", "eve", "bob", "ada"]
    assert [row.get("comment") for row in listed] == [None, "now blue", "now blue", "now red"]
    assert listed[0]["manifest"] == listed[3]["manifest"] != listed[1]["manifest"] == listed[2]["manifest"]
    text = origin.command("log", "--app", app, "--limit", "2").stdout
    assert "kim" in text and "eve" in text and "ada" not in text
    older = origin.command("log", "--app", app, "--before", "2").stdout
    assert "ada" in older and "bob" not in older
    changed = json.loads(origin.command("diff", "--app", app, "--json", "--from", "1", "--to", "2").stdout)["diff"]
    assert [(row["name"], row["oldDefault"], row["newDefault"]) for row in changed["changed"]] == [
        ("color", '"red"', '"blue"')]
    assert "color" in origin.command("diff", "--app", app).stdout
    again = origin.command("rollback", "--app", app, "--to", "2")
    assert again.returncode == 0 and origin.read(f"/{app}")["latest"]["rollbackOf"] == 2
    assert origin.read(f"/{app}/source") == project(color="blue", same=1)


@pytest.mark.parametrize("to, said", [("9", "no number 9"), ("2", "in force already"), ("0", "whole number")])
def test_a_rollback_to_what_is_not_there_changes_nothing(origin, app, to, said):
    origin.publish(app, project(color="red"))
    origin.publish(app, project(color="blue"))
    refused = origin.command("rollback", "--app", app, "--to", to)
    assert refused.returncode != 0 and said in refused.stderr, refused
    assert origin.number(app) == 2


def test_a_rollback_needs_something_to_go_back_to(origin, app):
    assert origin.call("POST", f"/{app}/rollback").status_code == 404
    origin.publish(app, project(color="red"))
    only = origin.call("POST", f"/{app}/rollback")
    assert only.status_code == 400 and "no earlier release" in only.json()["detail"]


def test_wrong_calls_end_with_64_and_say_what_is_missing(features):
    file = features(project(a=1))
    nowhere = ["--admin", "http://127.0.0.1:9", "--token", TOKEN]
    for arguments, said in [
        (["publish", *nowhere, file], "--app"), (["publish", *nowhere, "--app", "No", file], "--app"),
        (["publish", *nowhere, "--app", "a"], "usage"), (["publish", *nowhere, "--app", "a", file, file], "usage"),
        (["publish", *nowhere, "--app", "a", "--expect", "x", file], "--expect"),
        (["publish", *nowhere, "--app", "a", "--sideways", file], "--sideways"),
        (["publish", "--admin", "nowhere", "--app", "a", file], "--admin"),
        (["keys", *nowhere, "--app", "a", "--rotate", "both"], "rotate"),
        (["keys", *nowhere, "--app", "a", "--rotate", "client", "--grace", "soon"], "--grace"),
        (["sweep", *nowhere, "--grace", "-1d"], "--grace"), (["validate"], "usage"),
    ]:
        done = run("settings", *arguments, check=False)
        assert done.returncode == 64 and said in done.stderr, (arguments, done)
    silent = run("settings", "publish", *nowhere, "--app", "a", file, check=False)
    assert silent.returncode == 1 and "127.0.0.1:9" in silent.stderr
    missing = run("settings", "publish", *nowhere, "--app", "a", file.parent / "none.json", check=False)
    assert missing.returncode == 1 and "none.json" in missing.stderr


def test_a_file_can_come_from_standard_input(origin, app):
    """`-`, as other tools read it, from a pipe."""
    text = json.dumps(project(color="red"))
    checked = run("settings", "validate", "-", input=text, check=False)
    assert checked.returncode == 0, checked.stderr
    done = origin.command("publish", "--app", app, "-", input=text)
    assert done.returncode == 0, done.stderr
    assert origin.read(f"/{app}/source") == project(color="red")


def test_a_token_is_needed_and_an_edge_is_no_origin(origin, app, features, tmp_path):
    file = features(project(a=1))
    refused = origin.command("publish", "--app", app, file, token="another-token")
    assert refused.returncode == 1 and "refuses" in refused.stderr and origin.number(app) == 0
    assert "another-token" not in refused.stderr
    with running(Publisher(tmp_path / "edge", "--roles", "edge", "--upstream", origin.url)) as edge:
        there = edge.command("publish", "--app", app, file)
        assert there.returncode == 1 and "origin" in there.stderr, there.stderr
    assert origin.number(app) == 0


# The admin interface

WRITING = [("POST", ""), ("PUT", ""), ("POST", "/rollback"), ("POST", "/keys/rotate?kind=client")]
READING = ["", "/log", "/log/1", "/diff", "/source", "/source/1", "/keys"]


@pytest.mark.parametrize("token", [None, "", "another", TOKEN + "x", TOKEN[:-1]])
def test_nothing_is_told_or_changed_without_a_token(origin, app, token):
    origin.publish(app, project(color="vermilion"))
    before = origin.stored()
    asked = [(method, f"/{app}{path}") for method, path in WRITING] + [("GET", f"/{app}{path}") for path in READING]
    asked += [("GET", ""), ("POST", "/sweep?grace=0"), ("GET", "/node"), ("GET", f"/{app}/exposures"),
              ("POST", f"/{app}/evaluate"), ("DELETE", f"/{app}/users?value=x")]
    for method, path in asked:
        answer = origin.call(method, path, token=token, data=b'{"features":{}}' if method != "GET" else None)
        assert answer.status_code == 401, (method, path, answer.status_code)
        assert "WWW-Authenticate" in answer.headers
        assert "vermilion" not in answer.text and "manifest" not in answer.text
    assert origin.stored() == before


def test_the_public_listener_has_no_admin_paths(origin, app):
    """Not even with the token: they are on the admin listener only."""
    origin.publish(app, project(color="red"))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for path in ("", f"/{app}", f"/{app}/log", f"/{app}/source", "/node"):
        assert requests.get(origin.url + "/admin/settings" + path, headers=headers, timeout=20).status_code == 404
    published = requests.post(f"{origin.url}/admin/settings/{app}", headers=headers, json=project(a=1), timeout=20)
    assert published.status_code in (404, 405) and origin.number(app) == 1


def test_the_nodes_paths_need_the_nodes_token(origin, app):
    manifest = origin.publish(app, project(color="red"))["entry"]["manifest"]
    for path in ("snapshot", "changes", "records/" + manifest):
        url = origin.url + "/v1/peer/settings/" + path
        for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic " + TOKEN}):
            answer = requests.get(url, headers=headers, timeout=20)
            assert answer.status_code == 401 and manifest not in answer.text, path
    good = {"Authorization": f"Bearer {TOKEN}"}
    snapshot = requests.get(origin.url + "/v1/peer/settings/snapshot", headers=good, timeout=20)
    mine = next(row for row in snapshot.json()["apps"] if row["name"] == app)
    assert (mine["number"], mine["manifest"]) == (1, manifest)
    assert not KEY.search(snapshot.text), "digests of keys, never keys"
    record = requests.get(origin.url + "/v1/peer/settings/records/" + manifest, headers=good, timeout=20)
    assert record.status_code == 200
    assert requests.get(origin.url + "/v1/peer/settings/records/" + "0" * 64, headers=good, timeout=20
                        ).status_code == 404
    assert requests.post(origin.url + "/v1/peer/settings/snapshot", headers=good, timeout=20).status_code == 405


def test_the_author_and_the_comment_are_kept_as_they_are_written(origin, app):
    author, comment = "Ádám Å 👩‍🚀 \"q\" \\", "first line\nsecond\tline &=+%"
    entry = origin.publish(app, project(a=1), author=author, comment=comment)["entry"]
    assert (entry["author"], entry["comment"]) == (author, comment)
    assert origin.read(f"/{app}/log/1")["entry"] == entry
    unnamed = origin.publish(app, project(a=2))["entry"]
    assert unnamed["author"] and "comment" not in unnamed


@pytest.mark.parametrize("query, said", [
    ("author=", "author"), ("author=" + "a" * 257, "author"), ("author=a%00b", "author"), ("author=a%0Ab", "author"),
    ("comment=" + "c" * 2049, "comment"), ("comment=%07", "comment"), ("expect=-1", "expect"), ("expect=one", "expect"),
    ("expect=99999999999999999999999", "expect"), ("dry-run=perhaps", "dry-run"), ("dryrun=1", "dryrun"),
    ("expect=0&expect=1", "twice"), ("to=1", "to is none of"),
])
def test_a_query_that_says_it_wrongly_publishes_nothing(origin, app, query, said):
    answer = origin.call("POST", f"/{app}?{query}", json=project(a=1))
    assert answer.status_code == 400 and said in answer.json()["detail"].lower(), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert origin.number(app) == 0


def test_a_query_that_is_no_text_publishes_nothing(origin, app):
    for query in ("author=%2", "author=%zz", "author=%ff", "%"):
        with RawClient(origin.addresses["admin"]) as client:
            client.send(request(f"/admin/settings/{app}?{query}", f"Authorization: Bearer {TOKEN}",
                                method="POST", body=b'{"features":{}}', host=origin.addresses["admin"]))
            answer = client.response("POST")
        assert answer.status == 400 and b"percent" in answer.body, answer
    assert origin.number(app) == 0


@pytest.mark.parametrize("name", ["Shop", "-a", ".a", "a" * 64, "a%2Fb", "a%00", "%E2%82%AC", "a%20b"])
def test_an_apps_name_has_to_be_one(origin, name):
    before = origin.stored()
    answer = origin.call("POST", "/" + name, json=project(a=1))
    assert 400 <= answer.status_code < 500, answer.text
    assert origin.stored() == before


def test_no_app_can_be_called_sweep(origin, features):
    """Publishing to it must not sweep either."""
    origin.publish("before-sweep", project(n=1))
    refused = origin.command("publish", "--app", "sweep", features(project(a=1)))
    assert refused.returncode != 0 and "no app can be called sweep" in refused.stderr.lower(), refused
    assert origin.call("PUT", "/sweep", json=project(a=1)).status_code == 405
    assert origin.call("GET", "/sweep/log").status_code in (400, 404)


def test_other_methods_and_paths_are_refused_politely(origin, app):
    origin.publish(app, project(a=1))
    wrong = origin.call("DELETE", f"/{app}")
    assert wrong.status_code == 405 and set(wrong.headers["Allow"].replace(" ", "").split(",")) == {
        "GET", "POST", "PUT"}
    assert origin.call("POST", f"/{app}/log").status_code == 405
    for path, status in [(f"/{app}/nothing", 404), (f"/{app}/log/0", 400), (f"/{app}/log/2", 404),
                         (f"/{app}/source/2", 404), (f"/{app}/log/x", 400), (f"/{app}/log?limit=101", 400),
                         (f"/{app}/log?limit=0", 400), (f"/{app}/diff?from=5", 404), (f"/{app}/diff?to=2", 404),
                         ("/unknown-app", 404), ("/unknown-app/log", 404), ("/unknown-app/diff", 404),
                         ("/unknown-app/source", 404), ("/unknown-app/keys", 404)]:
        answer = origin.call("GET", path)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json", path


def test_the_log_is_read_page_by_page(origin, app):
    for value in range(7):
        origin.publish(app, project(n=value), author=f"author-{value + 1}")
    seen, before = [], None
    while True:
        page = origin.read(f"/{app}/log", limit=3, **({"before": before} if before else {}))
        assert len(page["entries"]) <= 3
        seen += [(row["number"], row["author"]) for row in page["entries"]]
        before = page.get("next")
        if before is None:
            break
    assert seen == [(number, f"author-{number}") for number in range(7, 0, -1)]


def test_the_source_comes_back_byte_for_byte(origin, app):
    first = b'{ "features" : {"n":{"defaultValue": 1.50e+2 , "x-owner":"caf\\u00e9 \xc3\xa9"}} }\r\n'
    origin.publish(app, first)
    origin.publish(app, project(n=2))
    assert origin.call("GET", f"/{app}/source/1").content == first
    client = origin.read(f"/{app}/keys")
    assert [key["kind"] for key in client["keys"]] == ["client", "server"]
    assert json.loads(origin.call("GET", f"/{app}/source").content) == project(n=2)


def test_a_diff_names_settings_rules_and_groups(origin, app):
    old = {"features": {
        "kept": {"defaultValue": 1, "rules": [{"force": 2, "condition": {"a": 1}}, {"force": 3}]},
        "turned": {"defaultValue": 1, "rules": [{"force": 2, "condition": {"a": 1}},
                                                {"force": 3, "condition": {"a": 2}}]},
        "gone": {"defaultValue": "x"}}, "savedGroups": {"g": ["1"], "h": ["2"]}}
    new = {"features": {
        "kept": {"defaultValue": 1, "rules": [{"force": 9, "condition": {"a": 1}}, {"force": 3}, {"force": 4}]},
        "turned": {"defaultValue": 1, "rules": [{"force": 3, "condition": {"a": 2}},
                                                {"force": 2, "condition": {"a": 1}}]},
        "come": {"defaultValue": True}}, "savedGroups": {"g": ["1", "3"], "i": ["2"]}}
    origin.publish(app, old)
    diff = origin.publish(app, new)["diff"]
    assert diff == origin.read(f"/{app}/diff")["diff"] == origin.read(f"/{app}/log/2")["diff"]
    assert [row["name"] for row in diff["added"]] == ["come"] and [row["name"] for row in diff["removed"]] == ["gone"]
    changed = {row["name"]: row for row in diff["changed"]}
    assert set(changed) == {"kept", "turned"}
    assert changed["turned"]["reordered"] and not changed["kept"]["reordered"]
    kept = changed["kept"]
    assert kept["rulesAdded"] + kept["rulesChanged"] >= 2 and kept["oldDefault"] == kept["newDefault"] == "1"
    assert diff["summary"]["groups"] == 3 and set(diff["groups"]) == {"g", "h", "i"}
    nothing = origin.read(f"/{app}/diff", **{"from": 2, "to": 2})["diff"]
    assert not (nothing["added"] or nothing["removed"] or nothing["changed"])
    backwards = origin.read(f"/{app}/diff", **{"from": 2, "to": 1})["diff"]
    assert [row["name"] for row in backwards["added"]] == ["gone"]


# Two at once

def test_of_publishers_that_expect_the_same_number_one_wins_and_the_others_are_told_who(origin, app):
    key = origin.publish(app, project(winner="nobody"))["clientKey"]
    for expected in range(1, 4):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(
                lambda name: (name, origin.call("POST", f"/{app}", json=project(winner=name),
                                                params={"expect": expected, "author": name})),
                [f"author-{index}" for index in range(6)]))
        won = [name for name, answer in answers if answer.status_code == 201]
        assert len(won) == 1, [answer.text for _, answer in answers]
        for name, answer in answers:
            if name == won[0]:
                continue
            assert answer.status_code == 409, answer.text
            problem = answer.json()
            assert problem["latest"]["author"] == won[0] and won[0] in problem["detail"]
            assert problem["latest"]["number"] == expected + 1
        assert origin.read(f"/{app}")["latest"]["author"] == won[0] and origin.number(app) == expected + 1
        serves(origin, app, key, "winner", won[0])


def test_first_publishes_at_once_make_one_pair_of_keys(origin, app):
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda index: origin.call("POST", f"/{app}", json=project(n=index),
                                                          params={"author": f"author-{index}"}), range(5)))
    made = [answer.json() for answer in answers if answer.status_code == 201]
    told = [answer for answer in made if "clientKey" in answer]
    assert {answer.status_code for answer in answers} <= {201, 409} and len(told) == 1
    assert sorted(answer["number"] for answer in made) == list(range(1, len(made) + 1)), "numbers without gaps"
    keys = origin.read(f"/{app}/keys")["keys"]
    assert {key["hint"] for key in keys} == {told[0]["clientKey"][:7], told[0]["serverKey"][:7]}
    winner = max(made, key=lambda answer: answer["number"])["entry"]["author"]
    serves(origin, app, told[0]["clientKey"], "n", int(winner.removeprefix("author-")))


def test_two_origins_on_one_store_take_turns(tmp_path):
    """Two processes: only the store decides."""
    flags = ["--store", f"file:{tmp_path / 'store'}", "--settings-poll", "100ms"]
    with running(Publisher(tmp_path / "a", *flags)) as a, running(Publisher(tmp_path / "b", *flags)) as b:
        key = a.publish("shop", project(winner="first"))["clientKey"]
        serves(b, "shop", key, "winner", "first")
        for expected in range(1, 5):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(
                    lambda index: (a, b)[index % 2].call("POST", "/shop", json=project(winner=f"{expected}-{index}"),
                                                         params={"expect": expected, "author": f"author-{index}"}),
                    range(4)))
            assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
            winner = next(answer.json()["entry"]["author"] for answer in answers if answer.status_code == 201)
            assert all(answer.json()["latest"]["author"] == winner for answer in answers if answer.status_code == 409)
            for node in (a, b):
                serves(node, "shop", key, "winner", f"{expected}-{winner.removeprefix('author-')}")
