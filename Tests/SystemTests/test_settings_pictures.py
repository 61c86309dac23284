"""A picture experiment: an arm's viewers get another format and quality, everybody else what they always got."""

import base64
import hashlib
import hmac
import itertools
import json

import pytest
import requests

from edge_under_test import eventually
from running_server import KEY, SALT
from settings_people import AUTH, settings_node, usage_events

ALL = "image/avif,image/webp,*/*"
WEBP = "image/webp,*/*"
SIZES = itertools.count(100)


def sign(path):
    digest = hmac.new(bytes.fromhex(KEY), bytes.fromhex(SALT) + path.encode(), hashlib.sha256).digest()
    return "/img/" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode() + path


def look(value="avif", quality=50, **members):
    """A project whose setting `look` is an experiment: half of the viewers get another look."""
    rule = {"key": "look-test", "variations": [{}, {"format": value, "quality": quality}], "weights": [0.5, 0.5],
            "hashVersion": 2, "meta": [{"key": "as-ever"}, {"key": f"{value} q{quality}"}], **members}
    return {"features": {"look": {"defaultValue": {}, "rules": [rule]}}}


def fnv(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def viewers(in_arm, count=1):
    """Cookies of viewers inside or outside of the arm, by the hash of version 2."""
    found = (f"viewer-{index}" for index in itertools.count()
             if (fnv(str(fnv(f"look-testviewer-{index}"))) % 10_000 >= 5_000) == in_arm)
    return list(itertools.islice(found, count))


INSIDE, OUTSIDE = viewers(True)[0], viewers(False)[0]


class Gallery:
    """One original behind a node, asked for as viewers do."""

    def __init__(self, node, content):
        self.node = node
        answer = requests.post(node.url + "/originals?filename=a.jpg", data=content, headers=AUTH, timeout=60)
        assert answer.status_code in (200, 201), answer.text
        self.id = answer.json()["id"]

    def path(self, width, extension="", options=""):
        return f"/rs:fit:{width}:0{options}/plain/original://{self.id}{extension}"

    def get(self, path, viewer=None, accept=ALL, cookie="vid", **fields):
        headers = {"Accept": accept, **fields}
        if viewer:
            headers["Cookie"] = f"{cookie}={viewer}"
        return requests.get(self.node.url + path, headers=headers, timeout=60)

    def arms(self):
        rows = self.node.admin_get("pictures/arms")["arms"]
        return {row["variation"]: row for row in rows}


def gets_arm(gallery, path):
    """The answer to a viewer of the arm, once its node follows the experiment."""
    def inside():
        answer = gallery.get(path, INSIDE)
        return answer if answer.headers.get("Vitrine-Arm") == "look-test/avif q50" else None

    return eventually(inside, "a viewer in the arm")


def follow(gallery, runs=True):
    """Waits until the node follows the release that was published last."""
    path = sign(gallery.path(16))

    def follows():
        return ("Cookie" in gallery.get(path, OUTSIDE).headers.get("Vary", "")) == runs

    eventually(follows, "the experiment runs" if runs else "the experiment has ended")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """In secure mode: every URL is signed."""
    from test_delivery import picture

    with settings_node(tmp_path_factory.mktemp("pictures"), "--picture-experiment", "shop/look", "--workers", "1",
                       unsafe=False) as node:
        made = Gallery(node, picture())
        node.publish("shop", look())
        follow(made)
        yield made


@pytest.fixture
def path(gallery):
    """An open URL that no other test asks for."""
    return sign(gallery.path(next(SIZES)))


def kind(answer):
    assert answer.status_code == 200, answer.text
    return answer.headers["Content-Type"]


def names(answer, field="Vary"):
    return {name.strip().lower() for name in answer.headers.get(field, "").split(",")}


def test_viewers_of_an_arm_get_its_format_and_quality(gallery, path):
    inside = gallery.get(path, INSIDE)
    assert kind(inside) == "image/avif"
    assert inside.headers["Vitrine-Arm"] == "look-test/avif q50"
    outside = gallery.get(path, OUTSIDE)
    assert kind(outside) == "image/avif" and outside.headers["Vitrine-Arm"] == "look-test/as-ever"
    assert inside.content != outside.content and len(inside.content) < len(outside.content)


def test_an_arm_is_what_its_options_in_a_url_are(gallery):
    width = next(SIZES)
    inside = gallery.get(sign(gallery.path(width)), INSIDE)
    named = gallery.get(sign(gallery.path(width, "@avif", "/q:50")))
    assert kind(named) == "image/avif" and named.content == inside.content
    assert "Vitrine-Arm" not in named.headers


def test_without_a_cookie_a_viewer_takes_no_part(gallery, path):
    answer = gallery.get(path)
    assert kind(answer) == "image/avif" and "Vitrine-Arm" not in answer.headers
    assert {"accept", "cookie"} <= names(answer), "the next viewer may take part"
    for cookie in ("vid=", "other=" + INSIDE, "vidx=" + INSIDE, "vid=" + "x" * 300, "vid"):
        answer = gallery.get(path, Cookie=cookie)
        assert kind(answer) == "image/avif" and "Vitrine-Arm" not in answer.headers, cookie


def test_the_cookie_is_found_among_others(gallery, path):
    for cookie in (f"a=b; vid={INSIDE}; c=d", f"vid={INSIDE}", f'vid="{INSIDE}"', f"xvid=nobody; vid={INSIDE}"):
        answer = gallery.get(path, Cookie=cookie)
        assert answer.headers.get("Vitrine-Arm") == "look-test/avif q50", cookie


def test_no_arm_gets_what_the_viewer_does_not_take(gallery, path):
    """Neither do those who would have been in the other arm: else the arms were not comparable."""
    for viewer in (INSIDE, OUTSIDE):
        answer = gallery.get(path, viewer, accept=WEBP)
        assert kind(answer) == "image/webp" and "Vitrine-Arm" not in answer.headers
        answer = gallery.get(path, viewer, accept="*/*")
        assert kind(answer) == "image/jpeg" and "Vitrine-Arm" not in answer.headers
        answer = gallery.get(path, viewer, accept="image/avif;q=0,image/webp")
        assert kind(answer) == "image/webp" and "Vitrine-Arm" not in answer.headers


def test_what_is_cached_for_one_viewer_is_never_given_to_the_other(gallery, path):
    plain = gallery.get(path).content
    expected = {INSIDE: gallery.get(path, INSIDE).content, OUTSIDE: plain}
    assert expected[INSIDE] != expected[OUTSIDE]
    for viewer in [INSIDE, OUTSIDE, OUTSIDE, INSIDE] * 5:
        answer = gallery.get(path, viewer)
        assert answer.content == expected[viewer], viewer
        assert "hit" in answer.headers["Cache-Status"]
        assert {"cookie", "accept"} <= names(answer)
    assert gallery.get(path).content == plain


def test_an_unchanged_picture_is_told_to_its_own_arm_only(gallery, path):
    inside, outside = gallery.get(path, INSIDE), gallery.get(path, OUTSIDE)
    assert inside.headers["ETag"] != outside.headers["ETag"]
    again = gallery.get(path, INSIDE, **{"If-None-Match": inside.headers["ETag"]})
    assert again.status_code == 304 and "cookie" in names(again)
    other = gallery.get(path, OUTSIDE, **{"If-None-Match": inside.headers["ETag"]})
    assert other.status_code == 200 and other.content == outside.content


def test_head_says_what_get_would(gallery, path):
    got = gallery.get(path, INSIDE)
    head = requests.head(gallery.node.url + path, headers={"Accept": ALL, "Cookie": f"vid={INSIDE}"}, timeout=60)
    for field in ("Content-Type", "Content-Length", "ETag", "Vitrine-Arm"):
        assert head.headers[field] == got.headers[field], field


@pytest.mark.parametrize("extension, expected", [("@jpg", "image/jpeg"), ("@webp", "image/webp"),
                                                 ("@png", "image/png"), ("@avif", "image/avif")])
def test_urls_that_name_a_format_are_not_touched(gallery, extension, expected):
    named = sign(gallery.path(next(SIZES), extension))
    answers = [gallery.get(named), gallery.get(named, INSIDE), gallery.get(named, OUTSIDE)]
    for answer in answers:
        assert kind(answer) == expected
        assert "Vitrine-Arm" not in answer.headers and "cookie" not in names(answer)
        assert answer.content == answers[0].content


def test_a_format_among_the_options_counts_as_named(gallery):
    named = sign(gallery.path(next(SIZES), "", "/f:png"))
    answer = gallery.get(named, INSIDE)
    assert kind(answer) == "image/png" and "Vitrine-Arm" not in answer.headers


def test_nobody_gets_in_without_a_signature(gallery):
    bare = gallery.path(next(SIZES))
    for path in ("/img/unsafe" + bare, "/img/AAAA" + bare, sign(bare) + "0", sign(gallery.path(11))[:-1] + "0"):
        answer = gallery.get(path, INSIDE)
        assert answer.status_code == 403, (path, answer.status_code)
        assert "Vitrine-Arm" not in answer.headers


def test_what_does_not_exist_is_not_found_in_every_arm(gallery):
    missing = sign("/rs:fit:9:9/plain/original://" + "0" * 64)
    for viewer in (INSIDE, OUTSIDE, None):
        assert gallery.get(missing, viewer).status_code == 404


def test_a_url_with_an_end_keeps_it(gallery):
    import time

    over = sign(gallery.path(next(SIZES), "", f"/exp:{int(time.time()) - 5}"))
    assert gallery.get(over, INSIDE).status_code == 404
    ends = sign(gallery.path(next(SIZES), "", f"/exp:{int(time.time()) + 600}"))
    answer = gallery.get(ends, INSIDE)
    assert kind(answer) == "image/avif" and answer.headers["Vitrine-Arm"] == "look-test/avif q50"
    age = int(answer.headers["Cache-Control"].split("max-age=")[1].split(",")[0])
    assert age <= 600


def test_hits_and_misses_of_arms_are_kept_apart(gallery, path):
    zero = {"hits": {"pictures": 0, "bytes": 0}, "misses": {"pictures": 0, "bytes": 0}}
    before = gallery.arms()
    bodies = {"avif q50": [], "as-ever": []}
    for viewer, arm, count in ((INSIDE, "avif q50", 4), (OUTSIDE, "as-ever", 3)):
        for _ in range(count):
            bodies[arm].append(len(gallery.get(path, viewer).content))

    def grown(arm, result, what):
        return gallery.arms()[arm][result][what] - before.get(arm, zero)[result][what]

    eventually(lambda: grown("as-ever", "hits", "pictures") + grown("as-ever", "misses", "pictures") == 3, "all seen")
    for arm, sizes in bodies.items():
        assert grown(arm, "misses", "pictures") == 1, arm
        assert grown(arm, "hits", "pictures") == len(sizes) - 1, arm
        assert grown(arm, "misses", "bytes") == sizes[0]
        assert grown(arm, "hits", "bytes") == sum(sizes[1:])
        row = gallery.arms()[arm]
        assert row["experiment"] == "look-test"
        assert row["misses"]["meanMilliseconds"] > row["hits"]["meanMilliseconds"] > 0
        assert row["hits"]["p50Milliseconds"] <= row["hits"]["p95Milliseconds"]
        figures = gallery.node.metric("vitrine_picture_arm_pictures_total", variation=arm, result="hit")
        assert figures == row["hits"]["pictures"]
        assert gallery.node.metric("vitrine_picture_arm_bytes_total", variation=arm, result="miss") == \
            row["misses"]["bytes"]


def test_a_viewers_exposure_is_recorded_once(gallery, path):
    viewer = viewers(True, 3)[2]
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for _ in range(3):
        gallery.get(path, viewer, traceparent=f"00-{trace}-00f067aa0ba902b7-01")

    def seen():
        return [event for event in usage_events(gallery.node.data) if event["data"].get("unit") == viewer]

    [event] = eventually(seen, "the exposure")
    assert event["tenant"] == "shop" and event["subject"] == "look-test"
    assert (event["data"]["variation"], event["data"]["attribute"]) == ("avif q50", "id")
    assert event["traceparent"].split("-")[1] == trace
    # Who takes no part, or names a format, sees no experiment.
    nobody = viewers(True, 4)[3]
    gallery.get(path, nobody, accept=WEBP)
    gallery.get(sign(gallery.path(next(SIZES), "@jpg")), nobody)
    late = viewers(True, 5)[4]
    gallery.get(path, late)
    eventually(lambda: any(event["data"].get("unit") == late for event in usage_events(gallery.node.data)), "the next")
    units = [event["data"].get("unit") for event in usage_events(gallery.node.data)]
    assert units.count(viewer) == 1 and nobody not in units
    rows = gallery.node.exposures("shop")
    assert rows[("look-test", "avif q50")]["units"] >= 2


def test_the_settings_surface_and_the_pictures_agree(gallery, path):
    """The same user is in the same arm everywhere."""
    key = gallery.node.session.post(gallery.node.admin + "/admin/settings/shop/keys/rotate?kind=client&grace=3600",
                                    headers=AUTH, timeout=30).json()["key"]
    gallery.node.await_number("shop", 1)
    for viewer, value in ((INSIDE, {"format": "avif", "quality": 50}), (OUTSIDE, {})):
        def settings():
            answer = requests.post(gallery.node.url + "/v1/settings/shop", json={"id": viewer},
                                   headers={"X-API-Key": key}, timeout=30)
            return answer.status_code == 200 and answer.json()

        assert eventually(settings, "the new key is known") == {"look": value}


# MARK: Publishing

def publish(gallery, document):
    made = gallery.node.publish("shop", document)
    return made["number"]


def test_an_arm_ends_with_its_rule_and_comes_back_with_it(gallery, path):
    inside, outside = gallery.get(path, INSIDE), gallery.get(path, OUTSIDE)
    assert inside.headers["Vitrine-Arm"] and inside.content != outside.content
    try:
        publish(gallery, {"features": {"look": {"defaultValue": {}}}})
        follow(gallery, runs=False)
        for viewer in (INSIDE, OUTSIDE, None):
            for _ in range(3):
                answer = gallery.get(path, viewer)
                assert answer.content == outside.content and "Vitrine-Arm" not in answer.headers
                assert "cookie" not in names(answer)
    finally:
        publish(gallery, look())
        follow(gallery)
    again = gallery.get(path, INSIDE)
    assert again.content == inside.content and again.headers["Vitrine-Arm"] == "look-test/avif q50"
    assert gallery.get(path, OUTSIDE).content == outside.content


def test_another_quality_takes_effect_with_its_publish(gallery, path):
    before = gallery.get(path, INSIDE)
    try:
        publish(gallery, look("webp", 10))
        eventually(lambda: gallery.get(path, INSIDE).headers["Vitrine-Arm"] == "look-test/webp q10", "the new arm")
        after = gallery.get(path, INSIDE, accept=WEBP)
        assert kind(after) == "image/webp" and len(after.content) < len(before.content)
        assert gallery.get(path, OUTSIDE, accept=WEBP).headers["Vitrine-Arm"] == "look-test/as-ever"
    finally:
        publish(gallery, look())
        follow(gallery)


@pytest.mark.parametrize("value", [{"format": "gibberish"}, {"quality": 1000}, {"quality": 0.5}, {"format": 7}, "avif",
                                   None, [1]], ids=json.dumps)
def test_a_value_that_says_nothing_changes_nothing(gallery, path, value):
    plain = gallery.get(path).content
    assert gallery.get(path, INSIDE).content != plain
    try:
        document = look()
        document["features"]["look"]["rules"][0]["variations"][1] = value
        publish(gallery, document)
        # The node serves the number a moment before its pictures follow.
        eventually(lambda: gallery.get(path, INSIDE).content == plain, "the plain picture")
    finally:
        publish(gallery, look())
        follow(gallery)


def test_a_kill_switch_ends_the_arm(gallery, path):
    plain = gallery.get(path).content
    inside = gallery.get(path, INSIDE).content
    try:
        publish(gallery, look(**{"x-kill": True}))
        eventually(lambda: gallery.get(path, INSIDE).content == plain, "the plain picture")
    finally:
        publish(gallery, look())
        follow(gallery)
    assert gallery.get(path, INSIDE).content == inside


# MARK: Other nodes

def test_an_edge_of_its_own_runs_the_experiment_and_goes_on_alone(tmp_path):
    """Of cached pictures also when it starts anew with nobody behind it."""
    from running_server import RunningServer
    from test_delivery import picture

    origin = RunningServer(tmp_path / "origin", "--roles", "origin", unsafe=False)
    ports = []
    try:
        def edge():
            listen = f"127.0.0.1:{ports[0]}" if ports else "127.0.0.1:0"
            return settings_node(tmp_path / "edge", "--roles", "edge", "--upstream", origin.url, "--listen", listen,
                                 "--picture-experiment", "shop/look", unsafe=False)

        answer = requests.put(origin.admin + "/admin/settings/shop", json=look(), headers=AUTH, timeout=30)
        assert answer.status_code == 201, answer.text
        made = requests.post(origin.url + "/originals", data=picture(), headers=AUTH, timeout=60)
        assert made.status_code in (200, 201), made.text
        with edge() as node:
            ports.append(node.url.rsplit(":", 1)[1])
            front = Gallery.__new__(Gallery)
            front.node, front.id = node, made.json()["id"]
            path = sign(front.path(77))
            inside, outside = gets_arm(front, path), front.get(path, OUTSIDE)
            assert kind(inside) == "image/avif" and outside.headers["Vitrine-Arm"] == "look-test/as-ever"
            assert inside.content != outside.content
            origin.kill()
            assert front.get(path, INSIDE).content == inside.content
            assert front.get(path, OUTSIDE).content == outside.content
            assert node.stop() == 0
        with edge() as node:
            front.node = node
            again = gets_arm(front, path)
            assert again.content == inside.content and "hit" in again.headers["Cache-Status"]
            assert front.get(path, OUTSIDE).content == outside.content
    finally:
        origin.kill()


def test_demos_without_signatures_take_part(tmp_path):
    from test_delivery import picture

    flags = ("--picture-experiment", "shop/look", "--workers", "1", "--viewer-cookie", "who")
    with settings_node(tmp_path, *flags) as node:
        demo = Gallery(node, picture())
        node.publish("shop", look())
        path = "/img/unsafe" + demo.path(50)

        def inside():
            answer = demo.get(path, INSIDE, cookie="who")
            return answer if "Vitrine-Arm" in answer.headers else None

        answer = eventually(inside, "a viewer in the arm")
        assert kind(answer) == "image/avif" and answer.headers["Vitrine-Arm"] == "look-test/avif q50"
        assert "Vitrine-Arm" not in demo.get(path, INSIDE, cookie="vid").headers


@pytest.mark.parametrize("value", ["shop", "shop/", "/look", "Not An App/look"])
def test_a_wrong_name_of_an_experiment_is_refused(tmp_path, value):
    from running_server import run

    done = run("config", "check", "--data", tmp_path, "--picture-experiment", value, check=False)
    assert done.returncode == 64 and "picture-experiment" in done.stderr, (done.stdout, done.stderr)
