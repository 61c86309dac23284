"""The command line as people and scripts use it."""

import json
import pathlib

from running_server import ROOT, RunningServer, clean_environment, run


def test_the_parameter_page_is_what_the_program_says():
    page = (ROOT / "docs/operations/parameters.md").read_text()
    assert page == run("config", "parameters").stdout, "make it again: vitrine config parameters > the page"


def test_the_metrics_page_names_every_metric(tmp_path):
    page = (ROOT / "docs/operations/counters.md").read_text()
    running = RunningServer(tmp_path)
    try:
        import urllib.request

        urllib.request.urlopen(running.url + "/health").read()
        text = urllib.request.urlopen(running.admin + "/metrics").read().decode()
    finally:
        assert running.stop() == 0
    names = {line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    assert names and not [name for name in names if f"`{name}`" not in page]


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path):
    settings = tmp_path / "vitrine.yaml"
    settings.write_text("quality: 61\nwebp-effort: 2\nnegotiate: [webp]\nkeep-copyright: false\n")
    environment = clean_environment(VITRINE_WEBP_EFFORT="3", VITRINE_CONFIG=str(settings))
    printed = json.loads(run("config", "print", "--json", "--quality=62", env=environment).stdout)
    assert printed["quality"] == {"value": "62", "origin": "flag"}
    assert printed["webp-effort"] == {"value": "3", "origin": "environment"}
    assert printed["negotiate"] == {"value": "webp", "origin": str(settings)}
    assert printed["keep-copyright"] == {"value": "false", "origin": str(settings)}
    assert printed["avif-effort"] == {"value": "1", "origin": "default"}


def test_secrets_are_not_printed():
    environment = clean_environment(VITRINE_KEY="ab" * 16, VITRINE_SALT="cd" * 16, VITRINE_TOKEN="hush")
    shown = run("config", "print", env=environment).stdout
    assert "abab" not in shown and "cdcd" not in shown and "hush" not in shown and "hidden" in shown


def test_what_is_wrong_with_settings_is_said_all_at_once(tmp_path):
    settings = tmp_path / "vitrine.yaml"
    settings.write_text("qualty: 3\n")
    wrong = run("config", "check", "--config", settings, check=False)
    assert wrong.returncode == 64 and "qualty" in wrong.stderr and "quality" in wrong.stderr
    both = run("config", "check", "--quality", "500", "--listen", "nowhere", "--max-age", "soon", check=False)
    assert both.returncode == 64
    for name in ("quality", "listen", "max-age"):
        assert name in both.stderr, both.stderr
    keys = run("config", "check", "--key", "abc", "--salt", "00", check=False)
    assert keys.returncode == 64 and "abc" not in keys.stderr


def test_a_first_start_makes_secrets_that_only_the_owner_reads(tmp_path):
    url = run("url", "original://" + "0" * 64, "--data", tmp_path).stdout
    secrets = pathlib.Path(tmp_path) / "secrets.json"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert run("url", "original://" + "0" * 64, "--data", tmp_path).stdout == url, "the same key signs again"


def test_every_command_has_help():
    for command in ["serve", "import", "render", "url", "config", "doctor"]:
        shown = run(command, "--help").stdout
        assert f"Usage: vitrine {command}" in shown and "--config FILE" in shown


def test_an_address_in_use_is_named(tmp_path):
    running = RunningServer(tmp_path / "a")
    try:
        second = run(
            "serve", "--data", tmp_path / "b", "--listen", running.addresses["public"], "--admin-listen", "127.0.0.1:0",
            check=False,
        )
        assert second.returncode == 1 and running.addresses["public"] in second.stderr, second.stderr
    finally:
        assert running.stop() == 0
