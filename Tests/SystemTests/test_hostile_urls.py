"""Thousands of damaged delivery URLs, and the workers behind them as the operating system sees them."""

import http.client
import os
import pathlib
import random
import re
import time

import pytest
import requests

from hostile_pictures import encoded, noise
from measured import MeasuredServer
from running_server import TOKEN


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    limits = ("--render-deadline", "5s", "--max-result-dimension", 1000)
    running = MeasuredServer(tmp_path_factory.mktemp("urls"), *limits)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def identity(server):
    answer = requests.post(server.url + "/originals", data=encoded(noise(120, 90), "PNG"), timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


OPTIONS = """
rs:fit:30:20 rs:fill:30:20:1:1 rs:auto:40 s:20:20 w:50 h:40 mw:20 mh:20 z:0.5:2 dpr:2 el:1 ex:1:no exar:1:so g:sm
g:fp:0.3:0.7 g:noea:5:5 c:40:30 c:0.5:0.5:sowe t:10 t:10:fff:1:1 pd:1:2:3:4 ar:0 rot:90 rot:270 fl:1:1 bg:f80
bg:1:2:3 bga:0.5 bl:3 sh:2 pix:5 wm:0.5:re:1:1:0.2 wmu:bG9jYWw6Ly8veA txt:U2FsdXQ:12:f00:so:1:1:0.5
ly:bG9jYWw6Ly8veA sm:0 kcr:1 scp:0 eth:1 q:50 fq:webp:30 aq:dssim:0.02 aq:size:900 mb:900 f:webp f:jpg pg:1 pgs:2
da:1 skp:png raw:1 cb:a exp:4000000000 exp:1 fn:a%20b att:1 pr:none msr:1 msfs:9 maf:2 mafr:1 mrd:90
""".split()
VALUES = """
0 1 -1 2 0.5 1e3 1e400 nan inf -inf 99999999999999999999 9223372036854775807 0.0000000001 abc %00 %ff %2f %25 ; ..
a:b t f true 100 1000000 -1000000 fff ffffff sm ce re fp bG9jYWw6Ly8veA b3JpZ2luYWw6Ly8 é ∞ ' " < + * ~ | 1,5 0x10 ١
force webp avif
""".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789:/@.%-_~+&=;,!$'()*"


def fuzzed(generator, identity):
    options = [generator.choice(OPTIONS) for _ in range(generator.randrange(0, 5))]
    for index, option in enumerate(options):
        parts = option.split(":")
        for _ in range(generator.choice((0, 0, 0, 0, 0, 1, 2))):
            change = generator.randrange(5)
            if change == 0:
                parts[generator.randrange(len(parts))] = generator.choice(VALUES)
            elif change == 1:
                parts.append(generator.choice(VALUES))
            elif change == 2:
                parts.insert(generator.randrange(len(parts) + 1), "")
            elif change == 3 and len(parts) > 1:
                parts.pop(generator.randrange(1, len(parts)))
            else:
                parts[generator.randrange(len(parts))] += generator.choice(LETTERS)
        options[index] = ":".join(parts)
    source = generator.choice(
        (f"plain/original://{identity}",) * 6
        + (
            "plain/original://" + "0" * 64,
            "plain/local:///a.jpg",
            "plain/http://127.0.0.1:1/a",
            "plain/",
            "bG9jYWw6Ly8veA",
            "plain/s3://a/b",
        )
    )
    path = "/".join(["", *options, source]) + generator.choice(
        ("@png", "@jpg", "@webp", "@gif", "", "") * 2 + ("@", "@svg", "@@", ".png", "@ico")
    )
    for _ in range(generator.choice((0, 0, 0, 1, 2))):
        place = generator.randrange(len(path))
        path = path[:place] + generator.choice(LETTERS) + path[place + generator.randrange(3) :]
    return generator.choice(("/img", "/img", "/img", "/info")) + "/unsafe" + path


def test_three_thousand_urls(server, identity):
    generator = random.Random(20240917)
    crashes = server.crashes()
    connection = http.client.HTTPConnection(server.addresses["public"], timeout=20)
    counts, problems = {}, []
    for _ in range(3_000):
        url = requests.utils.requote_uri(fuzzed(generator, identity)).encode().decode("ascii")
        start = time.monotonic()
        connection.request(
            "GET", url, headers={"Accept": generator.choice(("image/webp,*/*", "*/*", "image/png", "x"))}
        )
        answer = connection.getresponse()
        body = answer.read()
        counts[answer.status] = counts.get(answer.status, 0) + 1
        if answer.status not in (200, 304, 400, 403, 404, 422):
            problems.append(f"{answer.status} {url} {body[:300]}")
        elif answer.status == 400 and b'"option":' not in body:
            problems.append(f"no option: {url} {body[:300]}")
        elif answer.status >= 400 and answer.getheader("Content-Type") != "application/problem+json":
            problems.append(f"no problem document: {url}")
        if time.monotonic() - start > 6:
            problems.append(f"slow: {url}")
    connection.close()
    assert not problems, f"{len(problems)} of 3,000:\n" + "\n".join(problems[:15])
    assert counts[200] > 300 and counts[400] > 300, counts
    assert server.crashes() == crashes


def opened(pid):
    found = []
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
        except FileNotFoundError:
            continue
    return found


def test_render_workers_are_locked_in(server, identity):
    answer = requests.get(f"{server.url}/img/unsafe/w:23/plain/original://{identity}@png", timeout=20)
    assert answer.status_code == 200
    workers = server.workers()
    assert workers
    listening = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in pathlib.Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            listening.add(line.split()[9])
    for pid in workers:
        facts = dict(
            line.split(":\t", 1)
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert facts["NoNewPrivs"].strip() == "1"
        assert facts["Seccomp"].strip() == "2"
        assert int(facts["CapEff"], 16) == 0 and int(facts["CapPrm"], 16) == 0
        if os.geteuid() == 0:
            assert set(facts["Uid"].split()) & {"0"} == set() and set(facts["Gid"].split()) & {"0"} == set(), facts[
                "Uid"
            ]
            assert set(facts["Groups"].split()) & {"0"} == set()
        assert int(facts["Threads"]) < 30
        server.wait_for(
            lambda: not any(str(server.data) in target for target in opened(pid)), "the end of the source", 5
        )
        targets = opened(pid)
        assert 1 <= len(targets) < 20, targets
        for target in targets:
            assert not (target.startswith("socket:[") and target[8:-1] in listening), "a worker has an internet socket"
        environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        assert TOKEN.encode() not in environment and b"VITRINE_KEY" not in environment
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"Max file size +0 ", limits) and re.search(r"Max core file size +0 ", limits), limits
