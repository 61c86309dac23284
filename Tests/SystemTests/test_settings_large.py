"""A project as large as the benchmark's is published and reaches an edge."""

import json
import subprocess

from edge_under_test import eventually
from publishing import Publisher, SettingsEdge, freshness, running
from running_server import ROOT


def serves_number(node, key, number):
    def is_served():
        answer = node.ask("large", key)
        return answer.status_code == 200 and freshness(answer)["number"] == str(number)

    eventually(is_served, f"number {number} at {node.url}", 60)


def test_a_large_project_is_published_and_reaches_an_edge(tmp_path):
    """3,000 settings, 10.5 MB of values; then ten of them changed."""
    subprocess.run(["python3", ROOT / "Benchmarks/settings/generate.py", tmp_path / "project", "--users", "3"],
                   check=True, capture_output=True, timeout=300)
    features, edited = tmp_path / "project/features.json", tmp_path / "project/edited.json"
    with running(Publisher(tmp_path / "origin")) as origin, \
            running(SettingsEdge(tmp_path / "edge", origin.url)) as edge:
        first = origin.command("publish", "--app", "large", "--json", features)
        assert first.returncode == 0, first.stderr
        key = json.loads(first.stdout)["clientKey"]
        assert origin.call("GET", "/large/source").content == features.read_bytes()
        serves_number(edge, key, 1)
        second = origin.command("publish", "--app", "large", "--expect", "1", "--json", edited)
        assert second.returncode == 0, second.stderr
        changed = json.loads(second.stdout)["diff"]["summary"]
        assert (changed["changed"], changed["added"], changed["removed"]) == (10, 0, 0)
        for node in (origin, edge):
            serves_number(node, key, 2)
        users = (tmp_path / "project/users.jsonl").read_text().splitlines()
        for line in users[:3]:
            user = json.loads(line)
            mine = [node.ask("large", key, **user.get("attributes", user)) for node in (origin, edge)]
            assert mine[0].status_code == 200 and mine[0].content == mine[1].content
            assert len(mine[0].json()) == 3000
