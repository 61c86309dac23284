"""Hostile pictures: an answer in bounded time, no growth, no crash, nothing half-stored, nothing fetched."""

import io
import itertools
import os
import random
import socket
import threading

import pytest
import requests
from PIL import Image

import hostile_pictures
from hostile_pictures import encoded, noise
from measured import MeasuredServer, slug, within_time

# Answers to a picture that cannot or must not be rendered: the picture's fault, or more work than the deadline allows.
REFUSALS = {"unsupported-source", "corrupt-source", "limit-exceeded", "source-too-large", "unsuitable"}
SLOW = REFUSALS | {"deadline"}
SERVER_BYTES_MAX = 300 << 20
ALL_BYTES_MAX = 800 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def server(tmp_path_factory, folder):
    running = MeasuredServer(
        tmp_path_factory.mktemp("hostile"),
        "--local-root",
        folder,
        "--render-deadline",
        "2s",
        "--max-result-dimension",
        4096,
    )
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def tempted():
    """A port whose contacts are recorded; nothing that is drawn may reach it."""
    listener = socket.create_server(("127.0.0.1", 0))
    contacts = []

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            contacts.append(connection.recv(1000) if connection else b"")
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1], contacts
    listener.close()


def upload(server, what, body, query=""):
    return within_time(what, requests.post, server.url + "/originals" + query, data=body)


def render(server, what, source, options="w:64", extension="png"):
    url = f"{server.url}/img/unsafe/{options}/plain/{source}@{extension}"
    answer = within_time(what, requests.get, url)
    if answer.status_code == 200:
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.width * picture.height <= 4096 * 4096, what
        assert answer.headers["Content-Type"] == f"image/{extension}", what
    return answer


FILES = itertools.count()


def local_file(folder, body):
    """The source URL of a new file: the edge keeps what it has of an old one."""
    name = f"hostile-{next(FILES)}"
    (folder / name).write_bytes(body)
    return f"local:///{name}"


def render_file(server, folder, what, body, **keywords):
    return render(server, what, local_file(folder, body), **keywords)


def attack(server, folder, pictures, allowed, extensions=("png",)):
    """Uploads every picture, and asks for renditions of it as an original and as a file."""
    problems = []
    crashes = server.crashes()
    for what, body in pictures:
        before = server.files()
        answer = upload(server, what, body)
        if answer.status_code == 201:
            sources = ["original://" + answer.json()["id"]]
        else:
            if slug(answer) not in allowed:
                problems.append(f"{what}, upload: {answer.status_code} {answer.text}")
            assert server.files() == before, f"{what}: a refused upload left something"
            sources = [local_file(folder, body)]
        for extension in extensions:
            answer = render(server, what, sources[0], extension=extension)
            if answer.status_code != 200 and slug(answer) not in allowed:
                problems.append(f"{what}, {extension}: {answer.status_code} {answer.text}")
    server.assert_well()
    assert server.crashes() == crashes
    assert not problems, "\n".join(problems)


def test_bombs_and_lies_in_stills(server, folder):
    pictures = [*hostile_pictures.png_pictures(), *hostile_pictures.tiff_pictures()]
    attack(server, folder, pictures, SLOW)


def test_jpegs_that_cost_more_than_they_weigh(server, folder):
    attack(server, folder, hostile_pictures.jpeg_pictures(), SLOW, extensions=("jpeg",))


def test_endless_animations(server, folder):
    pictures = [(f"{kind} {what}", body) for kind, what, body in hostile_pictures.animations()]
    attack(server, folder, pictures, SLOW, extensions=("webp", "jpeg"))


def test_animations_are_cut_to_the_limit_of_frames(server, folder):
    answer = render_file(
        server, folder, "many frames", hostile_pictures.webp(64, 64, 500), options="w:32", extension="gif"
    )
    assert answer.status_code == 200 and Image.open(io.BytesIO(answer.content)).n_frames <= 64


def test_small_animations_asked_for_as_large_ones(server, folder):
    """Every frame of a result counts against memory, not only the first."""
    moving = [noise(20, 20, seed=seed) for seed in range(64)]
    body = encoded(moving[0], "GIF", save_all=True, append_images=moving[1:], duration=20)
    crashes = server.crashes()
    for options in (
        "rs:force:4000:4000:1",
        "el:1/dpr:100/z:1000/w:1000",
        "w:20/pd:5000",
        "rs:force:4000:4000:1/bl:100",
    ):
        answer = render_file(server, folder, options, body, options=options, extension="webp")
        assert answer.status_code == 200 or slug(answer) in SLOW, f"{options}: {answer.text}"
    assert server.crashes() == crashes


HEAVY = dict(hostile_pictures.heavy_drawings())


@pytest.mark.parametrize("what", HEAVY)
def test_heavy_drawings(server, folder, what):
    crashes = server.crashes()
    answer = render_file(server, folder, what, HEAVY[what])
    assert answer.status_code == 200 or slug(answer) in SLOW, answer.text
    server.assert_well()
    assert server.crashes() == crashes


def test_a_picture_inside_a_drawing_is_held_to_the_limit_of_pixels(tmp_path):
    running = MeasuredServer(tmp_path, "--local-root", tmp_path, "--workers", 1)
    try:
        answer = render_file(running, tmp_path, "bomb", hostile_pictures.drawing_with_a_bomb())
        assert answer.status_code == 200 or slug(answer) in REFUSALS, answer.text
        assert running.peak["all"] < 600 << 20, running.peak
    finally:
        assert running.stop() == 0


def test_drawings_reach_nothing_outside_themselves(server, folder, tempted):
    port, contacts = tempted
    (folder / "secret.png").write_bytes(encoded(Image.new("RGB", (100, 100), hostile_pictures.SECRET), "PNG"))
    (folder / "secret.txt").write_text("MMMMMM")
    (folder / "secret.svg").write_bytes(hostile_pictures.svg('<rect id="r" width="100" height="100" fill="#f00"/>'))
    for path in folder.iterdir():
        path.chmod(0o644)
    rendered = 0
    for what, body in hostile_pictures.begging_drawings(port, folder):
        answer = upload(server, what, body)
        if answer.status_code == 201:
            answer = render(server, what, "original://" + answer.json()["id"], options="w:100/cb:1")
        if answer.status_code != 200:
            assert slug(answer) in REFUSALS, f"{what}: {answer.status_code} {answer.text}"
            continue
        rendered += 1
        colors = Image.open(io.BytesIO(answer.content)).convert("RGBA").getcolors(1 << 16)
        red = [color for _, color in colors if color[0] > 200 and max(color[1:3]) < 60 and color[3] > 60]
        assert not red, f"{what}: something secret was drawn"
    assert rendered > 20, "most of these can be drawn without what they ask for"
    assert not contacts, contacts
    control = render_file(server, folder, "control", hostile_pictures.svg('<rect width="9" height="9" fill="#f00"/>'))
    assert Image.open(io.BytesIO(control.content)).convert("RGB").getpixel((1, 1)) == hostile_pictures.SECRET
    socket.create_connection(("127.0.0.1", port)).close()
    server.wait_for(lambda: contacts, "the control contact", 5)


def test_a_stored_drawing_cannot_act_in_a_browser(server):
    body = hostile_pictures.svg('<script>alert(1)</script><rect width="9" height="9"/>')
    made = upload(server, "script", body)
    assert made.status_code == 201
    for answer in (
        requests.get(server.url + "/originals/" + made.json()["id"], timeout=10),
        requests.get(server.url + "/img/unsafe/raw:1/plain/original://" + made.json()["id"], timeout=10),
    ):
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy or "script-src 'none'" in policy or "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def samples(server):
    """A small picture in every format that can be made here; the modern ones by the server itself."""
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        yield kind, encoded(noise(), kind)
    yield "animated WEBP", hostile_pictures.webp(40, 40, 5)
    made = upload(server, "sample", encoded(noise(), "PNG"))
    for kind in ("avif", "jxl"):
        answer = requests.get(f"{server.url}/img/unsafe/q:60/plain/original://{made.json()['id']}@{kind}", timeout=30)
        assert answer.status_code == 200, answer.text
        yield kind, answer.content


def test_pictures_cut_off_anywhere_are_refused(server):
    crashes = server.crashes()
    problems = []
    for kind, whole in samples(server):
        cuts = sorted({1, 4, 12, 16, 30, 64, *(len(whole) * share // 16 for share in range(1, 16)), len(whole) - 64})
        for cut in cuts:
            before = server.files()
            answer = upload(server, f"{kind} cut at {cut}", whole[:cut])
            if slug(answer) not in REFUSALS:
                problems.append(f"{kind} of {len(whole)} cut at {cut}: {answer.status_code} {answer.text}")
            elif server.files() != before:
                problems.append(f"{kind} cut at {cut} left something")
    assert not problems, "\n".join(problems)
    assert server.crashes() == crashes


def test_flipped_bytes_never_break_a_worker(server, folder):
    generator = random.Random(2024)
    crashes = server.crashes()
    for kind, whole in samples(server):
        for turn in range(40):
            broken = bytearray(whole)
            for _ in range(generator.choice((1, 1, 3, 30))):
                broken[generator.randrange(len(broken) if turn % 2 else min(200, len(broken)))] = generator.randrange(
                    256
                )
            answer = render_file(server, folder, f"{kind} {turn}", bytes(broken), options=f"w:40/cb:{turn}")
            assert (
                answer.status_code == 200 or slug(answer) in SLOW
            ), f"{kind} {turn}: {answer.status_code} {answer.text}"
    assert server.crashes() == crashes


def test_polyglots_leave_as_pictures_only(server, folder):
    for what, body in hostile_pictures.polyglots():
        made = upload(server, what, body, "?filename=evil.html")
        if made.status_code != 201:
            assert slug(made) in REFUSALS, f"{what}: {made.text}"
            continue
        identity = made.json()["id"]
        for extension in ("gif", "jpeg", "png"):
            content = render(server, what, "original://" + identity, extension=extension).content
            assert b"polyglot" not in content and b"<script" not in content and b"PK\3\4" not in content, what
        stored = requests.get(server.url + "/originals/" + identity, timeout=10)
        assert stored.headers["Content-Type"] == "image/" + made.json()["format"]
        assert stored.headers["X-Content-Type-Options"] == "nosniff"
        assert ".html" not in stored.headers.get("Content-Disposition", "").replace("evil.html.", "")


def test_content_decides_not_the_name(server, folder):
    (folder / "really-png.jpg").write_bytes(encoded(noise(), "PNG"))
    (folder / "really-html.png").write_bytes(b"<!doctype html><script>alert(1)</script>")
    (folder / "really-text.svg").write_bytes(b"root:x:0:0:root:/root:/bin/bash\n")
    assert render(server, "png", "local:///really-png.jpg").status_code == 200
    assert slug(render(server, "html", "local:///really-html.png")) == "unsupported-source"
    assert slug(render(server, "text", "local:///really-text.svg")) == "unsupported-source"


def test_unusual_pictures_are_rendered(server, folder):
    for what, body in hostile_pictures.unusual():
        for extension in ("png", "jpeg", "webp"):
            answer = render_file(server, folder, what, body, extension=extension, options="w:50")
            assert answer.status_code == 200, f"{what} as {extension}: {answer.text}"


def test_files_that_are_none_and_paths_that_lead_out(server, folder):
    os.mkfifo(folder / "pipe.jpg")
    (folder / "zero.jpg").symlink_to("/dev/zero")
    (folder / "out.jpg").symlink_to("/etc/hostname")
    (folder / "up").symlink_to("/etc")
    (folder / "folder").mkdir()
    with open(folder / "large.jpg", "wb") as large:
        large.write(encoded(noise(), "JPEG"))
        large.truncate(10 << 30)
    for path, expected in [
        ("pipe.jpg", "source-not-found"),
        ("zero.jpg", "source-not-found"),
        ("out.jpg", "source-not-found"),
        ("up/hostname", "source-not-found"),
        ("folder", "source-not-found"),
        ("a" * 300, "source-not-found"),
        ("large.jpg", "source-too-large"),
        ("really-not-there.jpg", "source-not-found"),
        ("%252e%252e/x", "source-not-found"),
        ("%2e%2e/%2e%2e/etc/hostname", "bad-option"),
        ("%00", "bad-option"),
        ("x%00.jpg", "bad-option"),
        ("folder/", "bad-option"),
        ("/etc/hostname", "source-not-found"),
        ("//etc/hostname", "source-not-found"),
        ("..%5c..%5cx", "source-not-found"),
    ]:
        for options in ("w:10", "raw:1"):
            answer = render(server, path, "local:///" + path, options=options)
            assert slug(answer) == expected, f"{path}: {answer.status_code} {answer.text}"


def test_memory_stayed_bounded_all_along(server):
    """Runs last in this file; what came before is what it measures."""
    assert 0 < server.peak["server"] < SERVER_BYTES_MAX, server.peak
    assert server.peak["server"] < server.peak["all"] < ALL_BYTES_MAX, server.peak
    server.wait_for(lambda: server.gauge("vitrine_render_busy") == 0, "the end of all jobs", 20)
    assert not [line for line in server.lines if line.get("unparsed")]
    errors = [line for line in server.lines if line.get("level") == "error"]
    assert not errors, errors[:5]
