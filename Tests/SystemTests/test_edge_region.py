"""A region of three edges: one owner for each page, hot pages everywhere, purges at all nodes, an owner that dies."""

import contextlib
import json
import socket
import threading
import time

import pytest

from edge_under_test import AN_HOUR, EdgeUnderTest, Page, eventually
from raw_client import HOST
from scripted_origin import ok

NAMES = ("a", "b", "c")
PAGES = 30


def free_ports(count):
    """Ports that are free now: nodes have to know one another's before they start."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture
def region(tmp_path, scripted_origin):
    ports = free_ports(len(NAMES))
    peers = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in zip(NAMES, ports))
    nodes = []
    try:
        for name, port in zip(NAMES, ports):
            nodes.append(EdgeUnderTest(tmp_path / name, scripted_origin.url, "--peers", peers, "--node", name,
                                       "--listen", f"127.0.0.1:{port}"))
        yield nodes
        for node in nodes:
            assert node.process.poll() in (None, -9), node.lines[-10:]
    finally:
        for node in nodes:
            node.kill()


def pages(region, origin, count=PAGES):
    made = [Page(region[0], origin, f"/region/{time.monotonic_ns()}/{index}") for index in range(count)]
    for page in made:
        page.answers(ok(f"body of {page.path}".encode(), AN_HOUR, "Surrogate-Key: all-of-them"))
    return made


def test_the_region_asks_the_origin_once_for_each_page(region, scripted_origin):
    for page in pages(region, scripted_origin):
        for node in region:
            assert page.at(node).get().body == f"body of {page.path}".encode()
        assert page.fetches == 1


def test_every_node_owns_its_part(region, scripted_origin):
    """Asked once each at one node, the pages end up in the memory of all three."""
    for page in pages(region, scripted_origin, count=60):
        page.at(region[0]).get()
    held = [node.figures(r"vitrine_cache_memory_entries ") for node in region]
    assert all(count >= 5 for count in held), held
    # What another node owns is not kept as long as it is not hot.
    assert sum(held) == 60, held


def test_a_hot_page_is_kept_everywhere(region, scripted_origin):
    page = pages(region, scripted_origin, count=1)[0]
    for node in region:
        for _ in range(40):
            page.at(node).get()
        assert page.at(node).get().is_hit
    assert sum(node.figures(r"vitrine_cache_memory_entries ") for node in region) == len(region)


def test_a_purge_reaches_all_nodes_before_it_is_acknowledged(region, scripted_origin):
    made = pages(region, scripted_origin, count=9)
    for page in made:
        for node in region:
            for _ in range(20):
                page.at(node).get()
        page.answers(ok(b"new", AN_HOUR))
    answer = region[1].purge({"tag": "all-of-them"})
    assert answer["complete"], answer
    assert {entry["node"] for entry in answer["nodes"]} == set(NAMES), answer
    for page in made:
        for node in region:
            assert page.at(node).get().body == b"new"


def test_a_purge_names_the_node_that_it_does_not_reach(region, scripted_origin):
    region[2].process.kill()
    region[2].process.wait()
    answer = region[0].purge({"everything": True})
    assert not answer["complete"]
    outcomes = {entry["node"]: entry["done"] for entry in answer["nodes"]}
    assert outcomes == {"a": True, "b": True, "c": False}


def test_a_dead_owner_costs_no_answer(region, scripted_origin):
    made = pages(region, scripted_origin)
    region[2].process.kill()
    region[2].process.wait()
    for page in made:
        answer = page.at(region[0]).get()
        assert (answer.status, answer.body) == (200, f"body of {page.path}".encode())


def test_only_nodes_with_the_token_tell_purges(region, scripted_origin):
    body = json.dumps({"author": "x", "mode": "hard", "node": "x", "scope": "everything", "sequence": 0, "value": ""})
    for fields in ((), ("Authorization: Bearer wrong",)):
        answer = region[0].ask("/-/vitrine/purge", *fields, method="POST", body=body.encode(), host=HOST)
        assert answer.status == 401


def test_equal_requests_at_all_nodes_are_one_fetch(region, scripted_origin):
    page = pages(region, scripted_origin, count=1)[0]
    barrier = threading.Barrier(30)
    answers = []

    def ask(node):
        barrier.wait()
        answers.append(page.at(node).get().body)

    threads = [threading.Thread(target=ask, args=(region[index % 3],)) for index in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [f"body of {page.path}".encode()] * 30
    assert page.fetches == 1
    eventually(lambda: all(node.process.poll() is None for node in region), "the nodes")
