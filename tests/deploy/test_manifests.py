"""What deploys the cluster, checked without a container runtime: structure, and agreement with Config and the command line."""

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import click
import kubernetes_validate
import pytest
import yaml
from jsonschema.validators import validator_for

from govcrawl.cli.main import COMMANDS, cli
from govcrawl.config import Config

DEPLOY = Path(__file__).parents[2] / "deploy"
VARIABLES = {field.metadata["variable"] for field in fields(Config)}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
KUBERNETES = {path.name: list(yaml.safe_load_all(path.read_text())) for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))}
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"].startswith("govcrawl:")}


def objects(kind):
    return [one for documents in KUBERNETES.values() for one in documents if one["kind"] == kind]


def containers():
    return [container for kind in ("StatefulSet", "Deployment") for one in objects(kind) for container in _pod(one)["containers"]]


def _pod(workload):
    return workload["spec"]["template"]["spec"]


def known(words):
    """Whether these words after `govcrawl` are a command with options that it has."""
    command, rest = cli, list(words)
    while isinstance(command, click.Group) and rest:
        command = command.get_command(click.Context(command), rest.pop(0))
        if command is None:
            return False
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return not isinstance(command, click.Group) and {word.partition("=")[0] for word in rest if word.startswith("--")} <= options


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_limited_watched_and_started_again(name):
    service = COMPOSE["services"][name]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["restart"].startswith(("unless-stopped", "on-failure"))
    assert "test" in service["healthcheck"] or (service["healthcheck"]["disable"] and service["restart"].startswith("on-failure"))


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_image_is_pinned_and_every_open_port_is_on_loopback(name):
    service = COMPOSE["services"][name]
    assert re.search(r":\d+\.\d+\.\d+", service["image"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_commands_that_exist_with_variables_that_are_read(name):
    assert known(OURS[name]["command"])
    assert set(OURS[name]["environment"]) <= VARIABLES
    assert (OURS[name]["cap_drop"], OURS[name]["read_only"]) == (["ALL"], True)


def test_services_wait_only_for_services_and_volumes_that_are_declared():
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])


def test_the_redis_of_the_cluster_writes_every_change_to_disk_and_evicts_nothing():
    words = COMPOSE["services"]["valkey"]["command"]
    told = dict(zip(words[1::2], words[2::2], strict=True))
    assert (told["--appendonly"], told["--maxmemory-policy"]) == ("yes", "noeviction")


def instructions():
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    return [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_the_image_is_pinned_locked_unprivileged_and_watched():
    told = instructions()
    names = [name for name, _ in told]
    assert "ADD" not in names
    assert {"HEALTHCHECK", "ENTRYPOINT", "USER"} <= set(names)
    assert names.count("FROM") == 2
    assert all(re.search(r":\d+\.\d+\.\d+-slim|@sha256:", rest) for name, rest in told if name == "FROM")
    assert [rest for name, rest in told if name == "USER"][-1] not in {"0", "root"}
    assert names.index("USER") < len(names) - 1 - names[::-1].index("ENTRYPOINT")
    assert any("--require-hashes" in rest for name, rest in told if name == "RUN")
    assert not [rest for name, rest in told if name == "RUN" and re.search(r"curl|wget|sudo", rest)]


def test_what_the_image_runs_is_a_command():
    (words,) = [rest for name, rest in instructions() if name == "CMD"]
    assert known(yaml.safe_load(words))


def test_every_manifest_is_listed_and_has_a_kind_and_a_name():
    (kustomization,) = KUBERNETES.pop("kustomization.yaml", None) or objects("Kustomization")
    KUBERNETES["kustomization.yaml"] = [kustomization]
    assert set(kustomization["resources"]) == set(KUBERNETES) - {"kustomization.yaml"}
    for name, documents in KUBERNETES.items():
        for one in documents:
            assert {"apiVersion", "kind"} <= set(one), name
            assert one["kind"] == "Kustomization" or one["metadata"]["name"]
    literals = {literal.partition("=")[0] for one in kustomization["configMapGenerator"] for literal in one["literals"]}
    assert literals <= VARIABLES


# Of kustomize and of KEDA: no schema of Kubernetes' own knows them.
FOREIGN = {"Kustomization", "ScaledObject", "TriggerAuthentication"}


@pytest.mark.parametrize("version", ["1.33", "1.37"])
@pytest.mark.parametrize("name", KUBERNETES)
def test_every_manifest_fits_the_schema_of_its_kind(name, version):
    for one in KUBERNETES[name]:
        if one["kind"] in FOREIGN:
            with pytest.raises(kubernetes_validate.SchemaNotFoundError):
                kubernetes_validate.validate(one, version, strict=True)
        else:
            kubernetes_validate.validate(one, version, strict=True)


def test_a_misspelt_field_of_a_manifest_is_seen():
    (workers,) = objects("StatefulSet")
    misspelt = workers | {"spec": workers["spec"] | {"replica": 3}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(misspelt, "1.37", strict=True)


def test_the_compose_file_fits_the_compose_specification():
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text())
    validator = validator_for(schema)(schema)
    assert [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(COMPOSE)] == []
    service = next(iter(COMPOSE["services"]))
    misspelt = COMPOSE | {"services": {service: COMPOSE["services"][service] | {"restrat": "always"}}}
    assert not validator.is_valid(misspelt)


def test_pods_run_commands_that_exist_unprivileged_and_limited():
    assert len(containers()) == 2
    for container in containers():
        assert known(container["args"])
        assert {"limits", "requests"} <= set(container["resources"])
        assert {one["name"] for one in container["env"]} <= VARIABLES
        said = container["securityContext"]
        assert said["readOnlyRootFilesystem"]
        assert not said["allowPrivilegeEscalation"]
    for kind in ("StatefulSet", "Deployment"):
        assert all(_pod(one)["securityContext"]["runAsNonRoot"] for one in objects(kind))


def test_a_worker_has_time_to_drain_and_disruptions_scaling_and_network_name_it():
    (worker,) = objects("StatefulSet")
    assert _pod(worker)["terminationGracePeriodSeconds"] >= 90
    labels = worker["spec"]["template"]["metadata"]["labels"]
    (budget,), (policy,), (scaled,) = map(objects, ("PodDisruptionBudget", "NetworkPolicy", "ScaledObject"))
    assert budget["spec"]["selector"]["matchLabels"] == policy["spec"]["podSelector"]["matchLabels"] == labels
    assert scaled["spec"]["scaleTargetRef"]["name"] == worker["metadata"]["name"]
    blocked = [part["ipBlock"]["except"] for rule in policy["spec"]["egress"] for part in rule["to"] if "ipBlock" in part]
    assert {"10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"} <= set(blocked[0])


def test_the_scaling_reads_a_field_that_the_recorder_writes():
    from govcrawl.store.questions import kind

    (scaled,) = objects("ScaledObject")
    (trigger,) = scaled["spec"]["triggers"]
    field = trigger["metadata"]["valueLocation"].partition("_source.")[2]
    assert kind(trigger["metadata"]["index"].removeprefix("govcrawl-"), field) == "long"
    assert field in trigger["metadata"]["query"]


UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_without_privileges(unit):
    told = re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE)
    (line,) = [value for name, value in told if name == "ExecStart"]
    assert known(shlex.split(line)[1:])
    assert {("User", "govcrawl"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("Restart", "always")} <= set(told)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path):
    for path in (DEPLOY / "systemd").iterdir():
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.MULTILINE)
        (tmp_path / path.name.replace("@.", "@1.")).write_text(text)
    files = sorted(map(str, tmp_path.iterdir()))
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, timeout=120, check=False
    )
    complaints = [line for line in ended.stderr.splitlines() if "govcrawl" in line and "user" not in line.lower()]
    assert complaints == []


def test_alerts_ask_only_for_numbers_that_a_worker_tells_and_the_runbook_explains_each():
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"][0]["rules"]
    health = (DEPLOY.parent / "govcrawl" / "crawl" / "health.py").read_text()
    runbook = (DEPLOY / "README.md").read_text()
    for rule in rules:
        named = re.findall(r"govcrawl_worker_(\w+)", rule["expr"])
        assert [name for name in named if f'"{name}"' not in health] == []
        assert f"`{rule['alert']}`" in runbook
        assert rule["annotations"]["summary"]
    scrape = yaml.safe_load((DEPLOY / "prometheus" / "scrape.yaml").read_text())["scrape_configs"]
    assert scrape[0]["job_name"] in " ".join(rule["expr"] for rule in rules)


def test_the_runbook_names_only_commands_and_files_that_exist():
    text = (DEPLOY / "README.md").read_text()
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {7}(\S.*)$", text, re.MULTILINE)
    for part in code:
        words = shlex.split(part.partition("#")[0].replace("'", ""))
        if words[:1] == ["govcrawl"] and len(words) > 1 and words[1] in COMMANDS:
            assert known(words[1:]), part
    named = re.findall(r"^\| `([\w./-]+)`(?:, `([\w./-]+)`)? \|", text.split("## First install")[0], re.MULTILINE)
    assert [name for pair in named for name in pair if name and not (DEPLOY / name).exists()] == []
