"""docker-compose.yml cannot be run here; so every service, command, variable and check in it is held to the code."""

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from click.testing import CliRunner
from django.conf import settings
from django.urls import resolve
from flower.options import default_options  # type: ignore[import-untyped]  # ships no types
from granian.cli import cli as granian_command

from portal.outbox import registry
from tools import health

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {name: service for name, service in SERVICES.items() if str(service["image"]).startswith("dis-portal")}
WORKERS = {name: service for name, service in OURS.items() if name.startswith("worker-")}
READERS = {"str", "int", "float", "bool", "list", "path", "url", "db_url"}
NOT_FOR_PRODUCTION = {"STANDINS_URL", "PORTAL_CLOCK_FILE"}


def _settings_variables() -> tuple[set[str], set[str]]:
    """Every variable the settings read, and those of them that production cannot do without."""
    known: set[str] = set()
    needed: set[str] = set()
    for file in (ROOT / "portal" / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name, function = str(node.args[0].value), node.func
            is_address = isinstance(function, ast.Name) and function.id == "_address"
            is_reader = (
                isinstance(function, ast.Attribute)
                and function.attr in READERS
                and ast.unparse(function.value) == "env"
            )
            if is_address or is_reader:
                known.add(name)
                if not any(keyword.arg == "default" for keyword in node.keywords):
                    needed.add(name)
    return known, needed


def _option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_the_services_are_the_ones_operations_speaks_of() -> None:
    assert set(SERVICES) == {
        "postgres", "redis", "migrate", "web", "beat", "flower",
        *(f"worker-{queue}" for queue in settings.WORKER_QUEUES),
    }  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_the_code_reads(name: str) -> None:
    known, _ = _settings_variables()
    flower = {f"FLOWER_{option.upper()}" for option in default_options} | {"FLOWER_UNAUTHENTICATED_API"}
    given = set(OURS[name]["environment"])
    assert given - known - (flower if name == "flower" else set()) == set()
    assert not given & NOT_FOR_PRODUCTION


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_production_needs_is_given(name: str) -> None:
    _, needed = _settings_variables()
    assert {"SECRET_KEY", "DATABASE_URL", "IDENTITY_ISSUER", "SMS_URL"} <= needed, "the reading of the settings is off"
    environment = OURS[name]["environment"]
    assert needed - set(environment) == set()
    assert environment["PORTAL_ENV"] == "production"


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"\$\{[A-Z_]+(?!:\?|[A-Z_])[^}]*\}", text) == [], "every variable must be ${NAME:?what it is}"
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|KEY|AUTH$", variable):
                assert str(value).startswith("${"), f"{name} spells out {variable}"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert "healthcheck" not in service
        assert service["restart"] == "no"
        return
    check = service["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= set(check)
    assert check["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", [name for name in OURS if name != "migrate"])
def test_our_health_checks_are_ones_the_script_knows(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    how, program, script, part, *details = OURS[name]["healthcheck"]["test"]
    assert (how, program) == ("CMD", "python")
    assert (ROOT / script).is_file()
    assert part == name.split("-", maxsplit=1)[0]
    asked: list[str] = []

    def well(what: str) -> bool:
        asked.append(what)
        return True

    monkeypatch.setattr(health, "answers", well)
    monkeypatch.setattr(health, "worker_answers", well)
    monkeypatch.setattr(health, "SCHEDULE", tmp_path / "schedule")
    (tmp_path / "schedule").touch()
    assert health.main(part, *details) == 0
    if part == "worker":
        queue = _option(OURS[name]["command"], "--queues")
        assert asked == [queue]
        assert _option(OURS[name]["command"], "--hostname") == f"{queue}@%h"


def test_the_health_check_asks_addresses_that_exist() -> None:
    assert resolve("/livez")
    assert "http://127.0.0.1:8000/livez" in (ROOT / "tools" / "health.py").read_text()
    assert _option(_web_command(), "--port") == "8000"


def _web_command() -> list[str]:
    default = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert default is not None
    command: list[str] = SERVICES["web"].get("command") or ast.literal_eval(default[1])
    return command


def test_the_web_command_is_one_granian_takes_and_names_a_real_application() -> None:
    program, *arguments = _web_command()
    assert program == "granian"
    context = granian_command.make_context("granian", list(arguments), resilient_parsing=False)
    assert context.params["interface"].value == "wsgi"
    module, attribute = context.params["app"].split(":")
    assert callable(getattr(import_module(module), attribute))


@pytest.mark.parametrize("name", [*WORKERS, "beat"])
def test_celery_commands_are_ones_celery_takes(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command[:3] == ["celery", "--app", "portal.config.celery:app"]
    answer = CliRunner().invoke(celery_command, [*command[1:], "--help"])
    assert answer.exit_code == 0, answer.output
    part = celery_command.commands[command[3]]
    unknown = [word for word in command[4:] if word.startswith("--") and not _takes(part, word.split("=")[0])]
    assert unknown == []


def _takes(part: Any, option: str) -> bool:
    return any(option in (*parameter.opts, *parameter.secondary_opts) for parameter in part.params)


def test_each_queue_has_its_worker_and_each_errand_its_queue() -> None:
    served = [_option(service["command"], "--queues") for service in WORKERS.values()]
    assert sorted(served) == sorted(settings.WORKER_QUEUES)
    assert settings.CELERY_TASK_DEFAULT_QUEUE in served
    errands = {kind.queue for kind in registry.kinds()}
    assert errands, "no errand is registered: the reading of the registry is off"
    assert errands <= set(served)


def test_there_is_one_scheduler_and_workers_may_finish_their_task() -> None:
    assert [name for name, service in OURS.items() if "beat" in service.get("command", [])] == ["beat"]
    for service in WORKERS.values():
        assert int(service["stop_grace_period"].removesuffix("s")) > settings.CELERY_TASK_TIME_LIMIT


def test_flower_shows_and_does_not_touch() -> None:
    flower = SERVICES["flower"]
    assert flower["environment"]["FLOWER_READ_ONLY"] == "true"
    assert flower["environment"]["FLOWER_UNAUTHENTICATED_API"] == "false"
    locked = (ROOT / flower["build"]["args"]["LOCK"]).read_text()
    assert re.search(r"^flower==", locked, re.MULTILINE)


def test_nothing_but_loopback_is_published() -> None:
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")
    assert "ports" not in SERVICES["postgres"]
    assert "ports" not in SERVICES["redis"]


def test_redis_never_evicts_and_the_database_keeps_values_out_of_its_log() -> None:
    assert "--maxmemory-policy noeviction" in SERVICES["redis"]["command"][-1]
    assert {"log_error_verbosity=terse", "log_parameter_max_length=0"} <= set(SERVICES["postgres"]["command"])


def test_the_image_runs_as_nobody_special_and_installs_from_the_hashed_lock() -> None:
    last_stage = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER portal$", last_stage, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    lock = re.search(r"^ARG LOCK=(.+)$", DOCKERFILE, re.MULTILINE)
    assert lock is not None
    assert "--hash=sha256:" in (ROOT / lock[1]).read_text()
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in DOCKERFILE
    for service in OURS.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_the_scheduler_is_well_only_while_its_file_is_young(tmp_path: Path) -> None:
    assert not health.schedule_is_written(tmp_path / "missing")
    schedule = tmp_path / "schedule"
    schedule.touch()
    assert health.schedule_is_written(schedule)
    schedule_option = _option(SERVICES["beat"]["command"], "--schedule")
    assert Path(schedule_option) == health.SCHEDULE


def test_what_an_image_needs_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for needed in ("tools", "portal", "letters", "templates", "static", "manage.py", "locale"):
        assert needed not in ignored
    assert {".git", ".venv", ".demo*"} <= set(ignored)
