"""Upload, sign, ask for renditions: the outside surface over real HTTP."""

import base64
import hashlib
import hmac
import io
import json
import time

import pyimgproxy
import pytest
import requests
from PIL import Image, ImageDraw

from running_server import KEY, SALT, TOKEN, RunningServer

AUTH = {"Authorization": f"Bearer {TOKEN}"}


def picture(width=800, height=600, mode="RGB", fmt="JPEG", **save):
    image = Image.new(mode, (width, height), (200, 60, 40) if mode == "RGB" else (200, 60, 40, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle([width // 4, height // 4, width // 2, height // 2], fill=(20, 90, 220))
    out = io.BytesIO()
    image.save(out, fmt, **save)
    return out.getvalue()


def sign(path):
    digest = hmac.new(bytes.fromhex(KEY), bytes.fromhex(SALT) + path.encode(), hashlib.sha256).digest()
    return "/img/" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode() + path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = RunningServer(tmp_path_factory.mktemp("strict"), unsafe=False)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def original(server):
    answer = requests.post(server.url + "/originals?filename=a.jpg", data=picture(), headers=AUTH, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()


def size_of(answer):
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content)).size


def test_an_upload_answers_with_facts_and_is_one_object(server, original):
    assert (original["width"], original["height"], original["format"]) == (800, 600, "jpeg")
    assert original["id"] == hashlib.sha256(picture()).hexdigest()
    again = requests.post(server.url + "/originals", data=picture(), headers=AUTH, timeout=30)
    assert again.status_code == 200 and again.json()["existed"] is True
    stored = list((server.data / "store").rglob(original["id"] + ".jpg"))
    digits = original["id"]
    assert len(stored) == 1
    assert stored[0].relative_to(server.data / "store").as_posix() == (
        f"originals/{digits[:4]}/{digits[4:6]}/{digits}.jpg"
    )


def test_an_imgproxy_client_library_works_unchanged(server, original):
    client = pyimgproxy.ImgProxy(url=server.url + "/img", key=KEY, salt=SALT)
    image = client.image("original://" + original["id"])
    url = image.resize("fill", 300, 200, enlarge=False).quality(70).format("webp").url
    answer = requests.get(url, timeout=30)
    assert size_of(answer) == (300, 200)
    assert answer.headers["Content-Type"] == "image/webp"


def test_uploads_need_a_token(server):
    answer = requests.post(server.url + "/originals", data=picture(), timeout=30)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert requests.post(
        server.url + "/originals", data=b"x", headers={"Authorization": "Bearer nope"}, timeout=30
    ).status_code == 401


def test_a_wrong_signature_is_403_and_an_unknown_option_is_a_400_that_names_it(server, original):
    path = f"/rs:fit:100:100/plain/original://{original['id']}@png"
    assert requests.get(server.url + "/img/AAAA" + path, timeout=30).status_code == 403
    assert requests.get(server.url + "/img/unsafe" + path, timeout=30).status_code == 403
    wrong = requests.get(server.url + sign(f"/wobble:1/plain/original://{original['id']}"), timeout=30)
    assert wrong.status_code == 400 and wrong.json()["option"].startswith("wobble"), wrong.text
    bad = requests.get(server.url + sign(f"/rs:fit:ten/plain/original://{original['id']}"), timeout=30)
    assert bad.status_code == 400 and "rs" in bad.json()["option"], bad.text


def test_formats_are_negotiated_and_vary_on_accept(server, original):
    url = server.url + sign(f"/rs:fit:120:0/plain/original://{original['id']}")
    for accept, expected in [
        ("image/avif,image/webp,*/*", "image/avif"),
        ("image/webp,*/*", "image/webp"),
        ("image/avif;q=0,image/webp", "image/webp"),
        ("*/*", "image/jpeg"),
    ]:
        answer = requests.get(url, headers={"Accept": accept}, timeout=30)
        assert answer.headers["Content-Type"] == expected, accept
        assert "accept" in answer.headers["Vary"].lower()
    fixed = requests.get(url + "@png", timeout=30)
    assert fixed.status_code == 403, "the extension is part of what is signed"


def test_conditional_requests_head_and_caching(server, original):
    url = server.url + sign(f"/rs:fit:90:0/plain/original://{original['id']}@jpg")
    first = requests.get(url, timeout=30)
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert first.headers["Cache-Status"].startswith("vitrine;")
    assert "total;dur=" in first.headers["Server-Timing"]
    tag = first.headers["ETag"]
    again = requests.get(url, headers={"If-None-Match": tag}, timeout=30)
    assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == tag
    head = requests.head(url, timeout=30)
    assert head.status_code == 200 and head.headers["ETag"] == tag
    assert head.headers["Content-Length"] == str(len(first.content)) and head.content == b""


def test_ranges_on_originals(server, original):
    url = server.url + f"/originals/{original['id']}"
    assert requests.get(url, timeout=30).status_code in (401, 403)
    whole = requests.get(url, headers=AUTH, timeout=30)
    assert whole.content == picture() and whole.headers["Accept-Ranges"] == "bytes"
    part = requests.get(url, headers={**AUTH, "Range": "bytes=10-19"}, timeout=30)
    assert part.status_code == 206 and part.content == picture()[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(picture())}"
    beyond = requests.get(url, headers={**AUTH, "Range": "bytes=99999999-"}, timeout=30)
    assert beyond.status_code == 416 and beyond.headers["Content-Range"] == f"bytes */{len(picture())}"
    stale = requests.get(url, headers={**AUTH, "Range": "bytes=0-1", "If-Range": '"other"'}, timeout=30)
    assert stale.status_code == 200


def test_private_originals_need_a_signed_expiring_url(server):
    body = picture(321, 123)
    answer = requests.post(server.url + "/originals?visibility=private", data=body, headers=AUTH, timeout=30)
    assert answer.status_code == 201 and answer.json()["visibility"] == "private"
    source = f"plain/original://{answer.json()['id']}@png"
    refused = requests.get(server.url + sign(f"/rs:fit:50:50/{source}"), timeout=30)
    assert refused.status_code == 403, "a signature that never expires does not open a private original"
    later = int(time.time()) + 600
    allowed = requests.get(server.url + sign(f"/rs:fit:50:50/exp:{later}/{source}"), timeout=30)
    assert allowed.status_code == 200
    assert "private" in allowed.headers["Cache-Control"]
    expired = requests.get(server.url + sign(f"/rs:fit:50:50/exp:{int(time.time()) - 5}/{source}"), timeout=30)
    assert expired.status_code == 404


def test_client_hints_and_save_data(server, original):
    url = server.url + sign(f"/plain/original://{original['id']}@jpg")
    answer = requests.get(url, headers={"Sec-CH-Width": "200"}, timeout=30)
    assert size_of(answer)[0] == 200
    assert "sec-ch-width" in answer.headers["Vary"].lower()
    sized = server.url + sign(f"/rs:fit:100:0/plain/original://{original['id']}@jpg")
    assert size_of(requests.get(sized, headers={"Sec-CH-DPR": "2"}, timeout=30))[0] == 200
    plain = requests.get(sized, timeout=30)
    saving = requests.get(sized, headers={"Save-Data": "on"}, timeout=30)
    assert len(saving.content) < len(plain.content)


def test_information(server, original):
    path = f"/bh:4:3/th:1/plain/original://{original['id']}"
    answer = requests.get(server.url + sign(path).replace("/img/", "/info/", 1), timeout=30)
    assert answer.status_code == 200, answer.text
    facts = answer.json()
    assert (facts["width"], facts["height"], facts["format"]) == (800, 600, "jpeg")
    assert len(facts["blurhash"]) == 28 and facts["thumbhash"]


def test_disposition_and_file_names(server, original):
    path = f"/rs:fit:40:40/fn:caf%C3%A9/att:1/plain/original://{original['id']}@png"
    answer = requests.get(server.url + sign(path), timeout=30)
    assert answer.headers["Content-Disposition"].startswith("attachment;"), answer.headers
    assert "filename*=UTF-8''caf%C3%A9.png" in answer.headers["Content-Disposition"]


def test_raw_passes_the_bytes_through(server, original):
    answer = requests.get(server.url + sign(f"/raw:1/plain/original://{original['id']}"), timeout=30)
    assert answer.content == picture()


def test_sources_that_do_not_exist_or_are_not_allowed(server):
    missing = requests.get(server.url + sign(f"/rs:fit:5:5/plain/original://{'0' * 64}"), timeout=30)
    assert missing.status_code == 404 and missing.json()["type"].endswith("/source-not-found")
    refused = requests.get(server.url + sign("/rs:fit:5:5/plain/http://example.com/a.jpg"), timeout=30)
    assert refused.status_code == 403 or refused.status_code == 404, refused.text


def test_traceparent_is_continued_and_echoed(server, original):
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = requests.get(
        server.url + "/health", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}, timeout=30
    )
    assert answer.headers["traceparent"].split("-")[1] == trace
    assert answer.headers["traceparent"].split("-")[2] != "b7ad6b7169203331"


def test_health_ready_and_metrics(server, original):
    assert requests.get(server.url + "/health", timeout=30).status_code == 200
    assert requests.get(server.url + "/ready", timeout=30).status_code == 200
    metrics = requests.get(server.admin + "/metrics", timeout=30)
    assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for name in ["vitrine_http_requests_total", "vitrine_render_jobs_total", "process_resident_memory_bytes"]:
        assert name in metrics.text, metrics.text
    assert requests.get(server.url + "/metrics", timeout=30).status_code == 404, "not on the public listener"


def test_logs_are_json_and_hold_no_secret(server):
    assert not [line for line in server.lines if line.get("unparsed")]
    text = json.dumps(server.lines)
    for secret in (KEY, SALT, TOKEN):
        assert secret not in text


def test_signing_on_the_server(server, original):
    body = {"paths": [f"/rs:fit:33:33/plain/original://{original['id']}@png"], "kind": "img"}
    assert requests.post(server.url + "/sign", json=body, timeout=30).status_code == 401
    answer = requests.post(server.url + "/sign", json=body, headers=AUTH, timeout=30)
    assert answer.json()["urls"] == [sign(body["paths"][0])]
    assert size_of(requests.get(server.url + answer.json()["urls"][0], timeout=30)) == (33, 25)


def test_a_signed_url_opens_an_original_until_it_expires(server, original):
    def ask(expires):
        body = {"paths": [f"/{original['id']}?exp={expires}"], "kind": "originals"}
        url = requests.post(server.url + "/sign", json=body, headers=AUTH, timeout=30).json()["urls"][0]
        return requests.get(server.url + url, timeout=30), url

    answer, url = ask(int(time.time()) + 60)
    assert answer.status_code == 200 and answer.content == picture()
    assert requests.get(server.url + url.replace("exp=", "exp=9"), timeout=30).status_code == 403
    assert ask(int(time.time()) - 5)[0].status_code == 404


def test_a_private_layer_keeps_the_whole_rendition_private(server, original):
    mark = requests.post(
        server.url + "/originals?visibility=private", data=picture(50, 40), headers=AUTH, timeout=30
    ).json()["id"]
    layer = base64.urlsafe_b64encode(f"original://{mark}".encode()).rstrip(b"=").decode()
    open_path = f"/w:100/ly:{layer}/plain/original://{original['id']}@png"
    assert requests.get(server.url + sign(open_path), timeout=30).status_code == 403
    later = requests.get(server.url + sign(f"/exp:{int(time.time()) + 60}" + open_path), timeout=30)
    assert later.status_code == 200 and later.headers["Cache-Control"].startswith("private")


def test_wrong_methods_and_large_bodies(server):
    wrong = requests.put(server.url + "/health", timeout=30)
    assert wrong.status_code == 405 and wrong.headers["Allow"] == "GET, HEAD"
    assert requests.put(server.url + "/nowhere", timeout=30).status_code == 404
    large = requests.post(server.url + "/sign", data=b"[" * (2 << 20), headers=AUTH, timeout=30)
    assert large.status_code == 413


def test_draining_needs_this_machine_or_a_token(tmp_path):
    running = RunningServer(tmp_path, unsafe=False)
    try:
        drain = running.admin + "/admin/drain"
        assert requests.post(drain, headers={"Sec-Fetch-Site": "cross-site"}, timeout=30).status_code == 403
        assert requests.post(drain, headers={"Host": "evil.example"}, timeout=30).status_code == 403
        running.wait_for(lambda: requests.get(running.url + "/ready", timeout=30).status_code == 200, "readiness")
        assert requests.post(drain, timeout=30).json()["draining"] is True
        assert requests.get(running.url + "/ready", timeout=30).status_code == 503
    finally:
        assert running.stop() == 0


def test_listing_and_deleting(server):
    body = picture(77, 77)
    made = requests.post(server.url + "/originals?filename=gone.jpg", data=body, headers=AUTH, timeout=30).json()
    listed = requests.get(server.url + "/originals?limit=100", headers=AUTH, timeout=30).json()
    assert made["id"] in [entry["id"] for entry in listed["originals"]]
    url = server.url + f"/originals/{made['id']}"
    assert requests.delete(url, timeout=30).status_code == 401
    assert requests.delete(url, headers=AUTH, timeout=30).status_code == 204
    assert requests.get(url, headers=AUTH, timeout=30).status_code == 404


def test_unsafe_mode_serves_this_machine_only(tmp_path):
    running = RunningServer(tmp_path)
    try:
        made = requests.post(running.url + "/originals", data=picture(), timeout=30)
        assert made.status_code == 201
        url = running.url + f"/img/unsafe/rs:fit:10:10/plain/original://{made.json()['id']}@png"
        assert requests.get(url, timeout=30).status_code == 200
        assert requests.get(url, headers={"Host": "evil.example"}, timeout=30).status_code == 403
        crossed = requests.post(
            running.url + "/originals", data=picture(), headers={"Sec-Fetch-Site": "cross-site"}, timeout=30
        )
        assert crossed.status_code == 403
        loud = [line for line in running.lines if "unsafe" in line.get("msg", "").lower()]
        assert loud and loud[0]["level"] == "warning"
    finally:
        assert running.stop() == 0
