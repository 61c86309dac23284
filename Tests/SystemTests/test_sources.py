"""Remote sources: what is not allowed is not asked, and no origin can hold, swell or mislead the server."""

import base64
import concurrent.futures
import io
import socket
import time
import urllib.parse

import pytest
import requests
from PIL import Image

from hostile_origin import HostileOrigin
from hostile_pictures import encoded, noise
from measured import MeasuredServer, slug, within_time

PICTURE = encoded(noise(300, 200), "JPEG", quality=95)
LIMIT = 4 << 20
FETCH_SECONDS = 2


@pytest.fixture(scope="module")
def origin():
    hostile = HostileOrigin(PICTURE)
    yield hostile
    hostile.close()


@pytest.fixture(scope="module")
def inner():
    """A second port of this machine, which no list allows."""
    hostile = HostileOrigin(PICTURE)
    yield hostile
    hostile.close()


@pytest.fixture(scope="module")
def other():
    """A second origin that is allowed."""
    hostile = HostileOrigin(PICTURE)
    yield hostile
    hostile.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory, origin, other):
    running = MeasuredServer(
        tmp_path_factory.mktemp("sources"),
        "--allowed-sources",
        f"{origin.url}/,{other.url}/",
        "--allow-loopback-sources",
        "--fetch-timeout",
        f"{FETCH_SECONDS}s",
        "--connect-timeout",
        "1s",
        "--max-src-file-size",
        f"{LIMIT >> 20}MiB",
    )
    yield running
    assert running.stop() == 0


def ask(server, source, options="w:40", extension="@png", headers=None):
    url = f"{server.url}/img/unsafe/{options}/plain/{urllib.parse.quote(source, safe=':/[]')}{extension}"
    return within_time(source, requests.get, url, headers=headers or {}, seconds=FETCH_SECONDS + 4)


def redirect(origin, target):
    return f"{origin.url}/to/{target.encode().hex()}"


def test_nothing_remote_is_allowed_by_default(tmp_path, origin):
    running = MeasuredServer(tmp_path)
    before = len(origin.asked)
    try:
        for source in (
            origin.url + "/good",
            "http://example.com/a.jpg",
            "https://example.com/a.jpg",
            "s3://bucket/key",
            "local:///etc/hostname",
            "http://169.254.169.254/latest/meta-data/",
        ):
            answer = ask(running, source)
            assert (answer.status_code, slug(answer)) == (403, "source-refused"), f"{source}: {answer.text}"
        assert len(origin.asked) == before
    finally:
        assert running.stop() == 0


def test_a_list_alone_does_not_open_this_machine(tmp_path, origin):
    allowed = "http://127.0.0.1:*/,http://localhost:*/,http://*/"
    running = MeasuredServer(tmp_path, "--allowed-sources", allowed, "--fetch-timeout", "2s", "--connect-timeout", "1s")
    before = len(origin.asked)
    port = origin.port
    try:
        for host in (
            "127.0.0.1",
            "127.1",
            "127.9.9.9",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "localhost",
            "LOCALHOST.",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[::]",
            "0.0.0.0",
            "0",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "169.254.169.254",
            "10.0.0.1",
            "192.168.0.1",
            "172.16.0.1",
            "100.64.0.1",
            "[fd00::1]",
            "[64:ff9b::a00:1]",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "198.18.0.1",
            "240.0.0.1",
        ):
            answer = ask(running, f"http://{host}:{port}/good")
            assert answer.status_code in (400, 403), f"{host}: {answer.status_code} {answer.text}"
            assert slug(answer) in ("source-refused", "bad-source", "bad-option"), f"{host}: {answer.text}"
        assert len(origin.asked) == before, origin.paths()[before:]
    finally:
        assert running.stop() == 0


def test_an_allowed_origin_works_and_its_freshness_is_kept(server, origin):
    answer = ask(server, origin.url + "/fresh")
    assert answer.status_code == 200, answer.text
    assert Image.open(io.BytesIO(answer.content)).width == 40
    freshness = dict(part.strip().partition("=")[::2] for part in answer.headers["Cache-Control"].split(","))
    assert 0 < int(freshness["max-age"]) <= 120, answer.headers["Cache-Control"]
    again = ask(server, origin.url + "/fresh", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["Cache-Control"] == answer.headers["Cache-Control"], "304 renews what a cache keeps"
    raw = ask(server, origin.url + "/fresh", options="raw:1")
    renewed = ask(server, origin.url + "/fresh", options="raw:1", headers={"If-None-Match": raw.headers["ETag"]})
    assert renewed.status_code == 304 and renewed.headers["Cache-Control"] == raw.headers["Cache-Control"]
    facts = requests.get(f"{server.url}/info/unsafe/plain/{origin.url}/fresh", timeout=10)
    assert facts.status_code == 200 and "max-age=31536000" not in facts.headers["Cache-Control"]


def test_what_an_origin_keeps_private_is_not_given_to_shared_caches(server, origin):
    answer = ask(server, origin.url + "/private")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    directives = {part.strip() for part in answer.headers["Cache-Control"].split(",")}
    assert "public" not in directives and directives & {"private", "no-store"}, directives


def test_layers_count_for_freshness_and_privacy(server, origin):
    def encoded_source(source):
        return base64.urlsafe_b64encode(source.encode()).rstrip(b"=").decode()

    def store(width, query=""):
        body = encoded(noise(width, 40), "PNG")
        return "original://" + requests.post(server.url + "/originals" + query, data=body, timeout=20).json()["id"]

    base, secret = store(50), store(51, "?visibility=private")
    fresh = ask(server, base, options="ly:" + encoded_source(origin.url + "/fresh"))
    assert fresh.status_code == 200 and fresh.headers["Cache-Control"] == "public, max-age=120"
    options = f"exp:{int(time.time()) + 500}/ly:{encoded_source(secret)}"
    answer = ask(server, base, options=options)
    assert answer.status_code == 200 and "private" in answer.headers["Cache-Control"], answer.headers["Cache-Control"]
    again = ask(server, base, options=options, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and "private" in again.headers["Cache-Control"], again.headers["Cache-Control"]


def test_what_is_asked_of_an_origin_tells_nothing_about_the_client(server, origin):
    secrets = {
        "Cookie": "session=1",
        "Authorization": "Bearer client",
        "Referer": "http://x/",
        "X-Forwarded-For": "9.9.9.9",
    }
    assert ask(server, origin.url + "/good/secrets", headers=secrets).status_code == 200
    head = next(head for head in origin.asked if b"/good/secrets" in head).lower()
    for name in (b"cookie", b"authorization", b"referer", b"session=1", b"bearer"):
        assert name not in head, head


@pytest.mark.parametrize("path", ["good", "closed", "chunked", "long"])
def test_usable_answers(server, origin, path):
    answer = ask(server, f"{origin.url}/{path}")
    allowed = {"long": (200, 502)}.get(path, (200,))
    assert answer.status_code in allowed, answer.text


def test_slow_answers(server, origin):
    paths = ["hang", "halfhead", "drip", "driphead", "halfbody", "informational"]
    with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
        answers = list(pool.map(lambda path: ask(server, f"{origin.url}/{path}"), paths))
    for path, answer in zip(paths, answers, strict=True):
        assert (answer.status_code, slug(answer)) == (504, "source-timeout"), f"{path}: {answer.text}"


@pytest.mark.parametrize(
    "path, status, expected",
    [
        ("endless", 422, "source-too-large"),
        ("endlessclosed", 422, "source-too-large"),
        ("huge", 422, "source-too-large"),
        ("short", 502, "source-failed"),
        ("cutchunk", 502, "source-failed"),
        ("negative", 502, "source-failed"),
        ("two", 502, "source-failed"),
        ("both", 502, "source-failed"),
        ("badchunk", 502, "source-failed"),
        ("garbage", 502, "source-failed"),
        ("ssh", 502, "source-failed"),
        ("nothing", 502, "source-failed"),
        ("hugeheader", 502, "source-failed"),
        ("manyheaders", 502, "source-failed"),
        ("brotli", 502, "source-failed"),
        ("status/404", 404, "source-not-found"),
        ("status/410", 404, "source-not-found"),
        ("status/401", 502, "source-denied"),
        ("status/403", 502, "source-denied"),
        ("status/500", 502, "source-failed"),
        ("status/503", 502, "source-failed"),
        ("status/204", 502, "source-failed"),
        ("status/206", 502, "source-failed"),
        ("status/304", 502, "source-failed"),
        ("status/999", 502, "source-failed"),
        ("html", 422, "unsupported-source"),
        ("empty", 422, "unsupported-source"),
        ("loop", 502, "source-failed"),
        ("self", 502, "source-failed"),
        ("nowhere", 502, "source-failed"),
    ],
)
def test_hostile_answers(server, origin, path, status, expected):
    answer = ask(server, f"{origin.url}/{path}")
    assert (answer.status_code, slug(answer)) == (status, expected), answer.text
    server.assert_well()


@pytest.mark.parametrize("status", ["000", "001", "099", "100", "101", "199", "600"])
def test_a_status_that_does_not_exist_does_not_end_the_server(tmp_path, origin, status):
    running = MeasuredServer(
        tmp_path,
        "--allowed-sources",
        origin.url + "/",
        "--allow-loopback-sources",
        "--fetch-timeout",
        "2s",
        "--workers",
        1,
    )
    try:
        answer = ask(running, f"{origin.url}/status/{status}")
        assert (answer.status_code, slug(answer)) == (502, "source-failed"), answer.text
        running.assert_well()
    finally:
        assert running.stop() == 0


def test_compressed_answers_are_opened_within_the_limit_or_refused(server, origin):
    answer = ask(server, origin.url + "/gzip")
    assert answer.status_code == 200 or slug(answer) in ("source-failed", "unsupported-source"), answer.text
    bomb = ask(server, origin.url + "/gzipbomb")
    assert slug(bomb) in ("source-failed", "unsupported-source", "source-too-large"), bomb.text


def test_redirects_are_followed_within_the_list_only(server, origin, inner):
    followed = ask(server, redirect(origin, "/good"))
    assert followed.status_code == 200, followed.text
    assert ask(server, redirect(origin, f"{origin.url}/good")).status_code == 200
    before = len(inner.asked)
    wrong = []
    for target in (
        inner.url + "/good",
        f"//127.0.0.1:{inner.port}/good",
        f"http://[::1]:{inner.port}/good",
        f"http://2130706433:{inner.port}/good",
        f"http://0.0.0.0:{inner.port}/good",
        f"http://localhost:{inner.port}/good",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "local:///etc/hostname",
        "s3://bucket/key",
        "gopher://127.0.0.1:1/_x",
        "javascript:alert(1)",
        "original://" + "0" * 64,
        f"http://127.0.0.1:{origin.port}@127.0.0.1:{inner.port}/good",
        f"{origin.url}:{inner.port}/good",
        "http://",
        "http://\x01/",
        "///",
    ):
        answer = ask(server, redirect(origin, target))
        if slug(answer) not in ("source-refused", "source-failed", "source-not-found"):
            wrong.append(f"{target!r}: {answer.status_code} {answer.text}")
    assert len(inner.asked) == before, inner.paths()
    assert not wrong, "not the client's mistake:\n" + "\n".join(wrong)


def test_the_list_cannot_be_stepped_around(server, origin, inner):
    before = len(inner.asked)
    for source in (
        f"{inner.url}/good",
        f"http://127.0.0.1:{origin.port}@127.0.0.1:{inner.port}/good",
        f"{origin.url}@127.0.0.1:{inner.port}/",
        f"http://127.0.0.1:{origin.port}#@127.0.0.1:{inner.port}/good",
        f"http://127.0.0.1:{origin.port}\\@127.0.0.1:{inner.port}/",
        f"http://127.0.0.1:{inner.port}\\@127.0.0.1:{origin.port}/",
        f"http://user:pass@127.0.0.1:{inner.port}/good",
        f"http://127.0.0.1:{inner.port}?{origin.url}/good",
        f"https://127.0.0.1:{origin.port}/good",
        "http:///good",
        "http://:80/",
        "http://127.0.0.1:99999/good",
        "http://127.0.0.1:-1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "HTTP://",
    ):
        answer = ask(server, source)
        assert answer.status_code in (400, 403, 404, 502), f"{source}: {answer.status_code} {answer.text}"
    assert len(inner.asked) == before, inner.paths()


def test_an_address_cannot_smuggle_a_second_request(server, origin):
    before = len(origin.asked)
    for escaped in (
        "/good%0d%0aX-Evil:%201",
        "/good%20HTTP/1.1%0d%0a%0d%0aGET%20/evil",
        "/good%00evil",
        "/good%0aHost:%20evil",
    ):
        url = f"{server.url}/img/unsafe/w:9/plain/{origin.url}{escaped}@png"
        answer = within_time(escaped, requests.get, url)
        assert answer.status_code in (200, 400, 404), answer.text
    for head in origin.asked[before:]:
        assert (
            b"\nx-evil" not in head.lower() and b"\nhost: evil" not in head.lower() and head.count(b"\r\n\r\n") == 1
        ), head


def test_a_closed_port_and_a_name_that_does_not_exist(server, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    running = MeasuredServer(
        tmp_path,
        "--allowed-sources",
        f"http://127.0.0.1:{port}/,http://nowhere.invalid/",
        "--allow-loopback-sources",
        "--fetch-timeout",
        "2s",
        "--connect-timeout",
        "1s",
    )
    try:
        refused = ask(running, f"http://127.0.0.1:{port}/a.jpg")
        assert (refused.status_code, slug(refused)) == (502, "source-failed"), refused.text
        unknown = ask(running, "http://nowhere.invalid/a.jpg")
        assert unknown.status_code in (502, 504), unknown.text
    finally:
        assert running.stop() == 0


def test_hanging_origins_do_not_keep_others_waiting(server, origin, other):
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        hanging = [pool.submit(ask, server, f"{origin.url}/hang/{turn}") for turn in range(32)]
        time.sleep(0.3)
        start = time.monotonic()
        assert ask(server, other.url + "/good/meanwhile").status_code == 200
        assert time.monotonic() - start < 1.5
        assert {slug(answer.result()) for answer in hanging} <= {"source-timeout", "overloaded"}


def test_the_same_hanging_source_is_asked_for_once(server, origin):
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: ask(server, origin.url + "/hang/together"), range(12)))
    assert {slug(answer) for answer in answers} == {"source-timeout"}
    assert origin.paths().count("/hang/together") <= 2


def test_a_failure_is_not_remembered_as_a_picture(server, origin):
    answer = ask(server, origin.url + "/status/500")
    assert answer.status_code == 502
    assert "max-age=31536000" not in answer.headers.get("Cache-Control", "")
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_server_did_not_grow_and_kept_nothing(server):
    assert server.peak["server"] < 300 << 20, server.peak
    assert server.peak["all"] < 700 << 20, server.peak
    stored = requests.get(server.url + "/originals", timeout=10).json()["originals"]
    assert {original["width"] for original in stored} <= {50, 51}, "only what the tests uploaded"
    assert not [line for line in server.lines if line.get("unparsed")]
