"""The worst day: killed workers, full queues, crashes, hostile pictures, slow shutdowns."""

import concurrent.futures
import io
import json
import os
import random
import signal
import socket
import struct
import subprocess
import threading
import time
import zlib

import pytest
import requests
from PIL import Image

from running_server import KEY, SALT, RunningServer, clean_environment, run
from test_delivery import sign


def noise(width, height, seed=1):
    generator = random.Random(seed)
    image = Image.frombytes("RGB", (width, height), generator.randbytes(width * height * 3))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def upload(server, body, **keywords):
    return requests.post(server.url + "/originals", data=body, timeout=60, **keywords)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = RunningServer(tmp_path_factory.mktemp("resilience"))
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def large(server):
    """A picture that takes a worker a good fraction of a second as AVIF."""
    answer = upload(server, noise(2000, 1500))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_a_worker_killed_in_the_middle_of_a_job_harms_no_other_request(server, large):
    url = server.url + "/img/unsafe/rs:fit:1600:1600/cb:{}/plain/original://" + large + "@avif"
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(requests.get, url.format(i), timeout=120) for i in range(8)]
        server.wait_for(lambda: server.gauge("vitrine_render_busy") >= 1, "a job in a worker", 30)
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        statuses = [answer.result() for answer in answers]
    for answer in statuses:
        assert answer.status_code in (200, 500, 502, 503), answer.text
        if answer.status_code != 200:
            assert answer.headers["Content-Type"] == "application/problem+json"
    assert sum(answer.status_code == 200 for answer in statuses) >= 8 - (os.cpu_count() or 1)
    after = requests.get(server.url + "/img/unsafe/rs:fit:64:64/plain/original://" + large + "@jpg", timeout=60)
    assert after.status_code == 200
    server.wait_for(lambda: len(server.workers()) >= (os.cpu_count() or 1), "replacement of the killed workers")


def test_a_full_queue_answers_503_with_retry_after(tmp_path):
    running = RunningServer(tmp_path, "--workers", 1, "--queue", 1)
    try:
        identity = upload(running, noise(1600, 1200)).json()["id"]
        url = running.url + "/img/unsafe/rs:fit:1500:1500/cb:{}/plain/original://" + identity + "@avif"
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda i: requests.get(url.format(i), timeout=120), range(8)))
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused and any(answer.status_code == 200 for answer in answers)
        for answer in refused:
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.json()["type"].endswith("/overloaded")
        assert requests.get(running.url + "/health", timeout=5).status_code == 200
    finally:
        assert running.stop() == 0


def test_identical_requests_are_rendered_once(server, large):
    url = server.url + "/img/unsafe/rs:fit:1400:1400/cb:once/plain/original://" + large + "@avif"

    def jobs():
        text = requests.get(server.admin + "/metrics", timeout=10).text
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in text.splitlines()
            if line.startswith("vitrine_render_jobs_total")
        )

    before = jobs()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: requests.get(url, timeout=120), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert jobs() - before == 1


def png_header(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def hostile():
    whole = noise(300, 200)
    yield "empty", b""
    yield "text", b"hello, this is not a picture" * 10
    yield "html", b"<!doctype html><script>alert(1)</script>"
    yield "truncated jpeg", whole[: len(whole) // 2]
    yield "jpeg header only", whole[:20]
    yield "png bomb", png_header(65535, 65535)
    yield "png of 2^31 pixels a side", png_header(2**31 - 1, 2**31 - 1)
    yield "png of no size", png_header(0, 0)
    yield "png cut in the data", png_header(500, 500)
    yield "zip", b"PK\x03\x04" + b"\0" * 500
    yield "pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 50
    yield "gif89 header only", b"GIF89a\xff\xff\xff\xff\x00\x00\x00"
    yield "webp lying about its length", b"RIFF\xff\xff\xff\x7fWEBPVP8 \xff\xff\xff\x7f" + b"\0" * 100
    yield "tiff loop", b"II*\0\x08\0\0\0\x01\0\x00\x01\x03\0\x01\0\0\0\x01\0\0\0\x08\0\0\0"
    yield "svg entity bomb", (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>&b;</text></svg'
    )


def test_hostile_uploads_are_refused_and_leave_nothing(server):
    before = {path for path in (server.data / "store").rglob("*") if path.is_file()}
    for name, body in hostile():
        start = time.monotonic()
        answer = upload(server, body)
        assert 400 <= answer.status_code < 500, f"{name}: {answer.status_code} {answer.text}"
        assert answer.headers["Content-Type"] == "application/problem+json", name
        assert time.monotonic() - start < 20, name
    after = {path for path in (server.data / "store").rglob("*") if path.is_file()}
    assert after == before
    assert server.process.poll() is None


def test_a_drawing_of_absurd_size_is_rendered_within_the_limit(server):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9999999" height="4999999"/>'
    made = upload(server, drawing)
    assert made.status_code == 201
    url = server.url + "/img/unsafe/mrd:400/plain/original://" + made.json()["id"] + "@png"
    answer = requests.get(url, timeout=60)
    assert answer.status_code == 200, answer.text
    assert Image.open(io.BytesIO(answer.content)).size == (400, 200)


def test_an_upload_that_is_too_large_is_refused_at_once(tmp_path):
    running = RunningServer(tmp_path, "--max-upload-size", "1MiB")
    try:
        answer = upload(running, b"\xff\xd8\xff" + b"\0" * (2 << 20))
        assert answer.status_code == 413 and answer.json()["type"].endswith("/too-large")

        def pieces():
            for _ in range(40):
                yield b"\0" * 65536

        streamed = requests.post(running.url + "/originals", data=pieces(), timeout=60)
        assert streamed.status_code == 413
        declared = socket.create_connection(running.addresses["public"].split(":"), timeout=20)
        declared.sendall(b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10737418240\r\n\r\n\xff\xd8")
        assert declared.recv(4096).startswith(b"HTTP/1.1 413")
        declared.close()
        assert not [path for path in (running.data / "store").rglob("*") if path.is_file()]
    finally:
        assert running.stop() == 0


def test_an_upload_cut_off_leaves_nothing(server):
    before = {path for path in server.data.rglob("*") if path.is_file()}
    connection = socket.create_connection(server.addresses["public"].split(":"), timeout=20)
    body = noise(700, 700, seed=9)
    head = f"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body[: len(body) // 2])
    time.sleep(0.2)
    connection.close()
    server.wait_for(
        lambda: {path for path in server.data.rglob("*") if path.is_file()} == before, "clean-up of the half upload", 20
    )


def test_an_original_survives_kill_nine(tmp_path):
    running = RunningServer(tmp_path)
    made = upload(running, noise(400, 300, seed=3))
    assert made.status_code == 201
    running.kill()
    again = RunningServer(tmp_path)
    try:
        url = again.url + f"/img/unsafe/rs:fit:40:30/plain/original://{made.json()['id']}@png"
        answer = requests.get(url, timeout=60)
        assert answer.status_code == 200
        listed = requests.get(again.url + "/originals", timeout=30).json()["originals"]
        assert [entry["id"] for entry in listed] == [made.json()["id"]]
    finally:
        assert again.stop() == 0


def test_workers_die_with_a_killed_server(tmp_path):
    running = RunningServer(tmp_path)
    running.wait_for(lambda: running.workers(), "workers")
    workers = running.workers()
    running.kill()
    end = time.monotonic() + 10

    def lives(pid):
        try:
            return b"render-worker" in open(f"/proc/{pid}/cmdline", "rb").read()
        except OSError:
            return False

    while any(lives(pid) for pid in workers):
        assert time.monotonic() < end, "a worker outlived its server"
        time.sleep(0.05)


def test_shutdown_finishes_what_was_asked(tmp_path):
    running = RunningServer(tmp_path)
    identity = upload(running, noise(1600, 1200)).json()["id"]
    url = running.url + "/img/unsafe/rs:fit:1500:1500/plain/original://" + identity + "@avif"
    results = []
    asked = threading.Thread(target=lambda: results.append(requests.get(url, timeout=120)))
    asked.start()
    running.wait_for(lambda: running.gauge("vitrine_render_busy") == 1, "a job in a worker")
    assert running.stop() == 0
    asked.join(30)
    assert results and results[0].status_code == 200


def test_renders_from_the_command_line_and_bad_input(tmp_path):
    source = tmp_path / "in.jpg"
    source.write_bytes(noise(640, 480))
    target = tmp_path / "out.webp"
    run("render", source, target, "--options", "rs:fill:300:200/q:80")
    assert Image.open(target).size == (300, 200) and Image.open(target).format == "WEBP"
    wrong = run("render", source, tmp_path / "x.png", "--options", "rs:huge", check=False)
    assert wrong.returncode != 0 and "rs" in wrong.stderr
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(source.read_bytes()[:3000])
    cut = run("render", broken, tmp_path / "y.png", "--options", "w:10", check=False)
    assert cut.returncode != 0 and not (tmp_path / "y.png").exists()


def test_import_resumes_and_reports(tmp_path):
    folder = tmp_path / "pictures" / "deep"
    folder.mkdir(parents=True)
    for index in range(5):
        (folder / f"{index}.jpg").write_bytes(noise(60, 40, seed=index))
    (folder / "note.txt").write_text("not a picture")
    (folder / "cut.jpg").write_bytes(noise(60, 40, seed=99)[:200])
    data = tmp_path / "data"
    first = run("import", tmp_path / "pictures", "--data", data, "--json", check=False)
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    by_status = {}
    for line in lines:
        by_status.setdefault(line["status"], []).append(line)
    assert len(by_status["stored"]) == 5, first.stdout + first.stderr
    assert len(by_status["failed"]) == 1 and by_status["failed"][0]["path"].endswith("cut.jpg")
    assert first.returncode != 0, "a failed file shows in the exit code"
    (folder / "cut.jpg").unlink()
    second = run("import", tmp_path / "pictures", "--data", data, "--json")
    statuses = {json.loads(line)["status"] for line in second.stdout.splitlines()}
    assert "stored" not in statuses and "failed" not in statuses


def test_config_and_doctor_and_url():
    printed = run("config", "print", "--quality", "71").stdout
    assert "quality" in printed and "71" in printed and "flag" in printed
    wrong = run("config", "check", "--quality", "0", check=False)
    assert wrong.returncode != 0 and "quality" in wrong.stderr + wrong.stdout
    unknown = run("serve", "--qualty", "3", check=False)
    assert unknown.returncode != 0 and "--quality" in unknown.stderr
    doctor = run("doctor", check=False)
    assert "libvips" in doctor.stdout


def test_url_signs_like_imgproxy():
    done = run(
        "url", "original://" + "0" * 64, "--options", "rs:fit:10:10", "--format", "png",
        env=clean_environment(VITRINE_KEY=KEY, VITRINE_SALT=SALT),
    )
    assert sign(f"/rs:fit:10:10/plain/original://{'0' * 64}@png") in done.stdout
