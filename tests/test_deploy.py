"""The files that a dashboard is put into production with: compose.yaml and deploy/.

That they work is shown by `processes/test_behind_nginx.py` and `processes/test_image.py`.
"""

import re
import shutil
import subprocess

import pytest
import yaml
from django.core.management import get_commands

from .test_setup import ROOT, manage

DEPLOY = ROOT / "deploy"
FILES = [ROOT / "compose.yaml", ROOT / "docs" / "operations.md", *sorted(DEPLOY.iterdir())]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["app-1", "app-2", "migrate", "jobs"]
SERVER = (ROOT / "plusofon_admin" / "server.py").read_text()
LONGEST_SAVE = int(re.search(r"^graceful_timeout = (\d+)", SERVER, re.MULTILINE)[1])  # seconds


def seconds(text):
    return int(text.removesuffix("s"))


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_as_little_as_it_needs(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "max-size" in service["logging"]["options"]
    assert set(service.get("cap_add", [])) <= {"CHOWN", "SETGID", "SETUID", "NET_BIND_SERVICE"}
    assert bool(service.get("ports")) == (name == "proxy")


def test_the_database_can_be_reached_by_the_dashboard_alone():
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert {name for name in SERVICES if "data" in SERVICES[name]["networks"]} == {"db", *OURS}


def test_whoever_saves_is_waited_for():
    assert LONGEST_SAVE > 100
    for name in ("app-1", "app-2", "proxy"):
        assert seconds(SERVICES[name]["stop_grace_period"]) > LONGEST_SAVE
    unit = (DEPLOY / "plusofon-admin@.service").read_text()
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]) > LONGEST_SAVE
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert seconds(re.search(r"proxy_read_timeout (\w+);", nginx)[1]) > LONGEST_SAVE


def test_what_the_dashboard_takes_in_nginx_does_too():
    nginx = (DEPLOY / "nginx.conf").read_text()
    body = re.search(r"LARGEST_BODY = (\d+) \* 1024 \* 1024", SERVER)[1]
    head = re.search(r"LARGEST_HEAD = (\d+) \* 1024", SERVER)[1]
    assert f"client_max_body_size {body}m;" in nginx
    assert f"large_client_header_buffers 4 {head}k;" in nginx


def test_a_release_is_migrated_before_it_is_served():
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("app-1", "app-2", "jobs"):
        condition = {"condition": "service_completed_successfully"}
        assert SERVICES[name]["depends_on"] == {"migrate": condition}
    assert SERVICES["db"]["healthcheck"]["test"][1] == "pg_isready"


def test_the_proxy_asks_the_processes_that_are_there():
    upstream = COMPOSE["configs"]["upstream"]["content"]
    assert re.findall(r"server ([\w-]+):8000 ", upstream) == ["app-1", "app-2"]
    assert SERVICES["proxy"]["volumes"][0].startswith("./deploy/nginx.conf:")
    paths = {secret["target"] for secret in SERVICES["proxy"]["secrets"]}
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert paths == set(re.findall(r"ssl_certificate(?:_key)? (\S+);", nginx))


def test_processes_share_the_files_that_people_send():
    assert SERVICES["app-1"] == SERVICES["app-2"]
    assert SERVICES["app-1"]["volumes"] == SERVICES["jobs"]["volumes"] == ["uploads:/app/var"]


def test_the_jobs_of_an_hour_are_commands():
    (jobs,) = re.findall(r"for job in (.*); do", SERVICES["jobs"]["command"][-1])
    assert set(jobs.split()) <= set(get_commands())
    assert "prune_uploads" in jobs.split()


@pytest.fixture
def made(tmp_path):
    """The secrets of deploy/secrets.sh, in a folder where nothing was; and what makes them again."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "secrets.sh", tmp_path / "deploy")

    def make():
        subprocess.run(["sh", "deploy/secrets.sh"], cwd=tmp_path, check=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    return tmp_path / "secrets", make


def test_the_secrets_of_containers_are_made_once(made):
    folder, make = made
    first = make()
    (folder / "tls.key").write_text("of the company")
    assert make() == first | {"tls.key": "of the company"}
    assert folder.stat().st_mode & 0o777 == 0o700
    named = {secret["file"].removeprefix("secrets/") for secret in COMPOSE["secrets"].values()}
    assert named == {*first, "tls.crt", "tls.key"}


def test_the_dashboard_starts_with_the_secrets_that_were_made(made):
    folder, make = made
    make()
    variables = {
        name: value.replace("/run/secrets", str(folder))
        for name, value in SERVICES["app-1"]["environment"].items()
    }
    told = {name.removesuffix("_FILE"): "" for name in variables if name.endswith("_FILE")}
    checked = manage("check", "--deploy", **told, **variables)
    assert checked.returncode == 0, checked.stderr
    assert "lists.E" not in checked.stderr


def test_systemd_understands_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze: it comes with systemd")
    unit = (DEPLOY / "plusofon-admin@.service").read_text()
    (command,) = re.findall(r"^ExecStart=(\S+)", unit, re.MULTILINE)
    file = tmp_path / "plusofon-admin@8001.service"
    file.write_text(unit.replace(command, shutil.which("true")))
    judged = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (judged.returncode, judged.stderr) == (0, "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_file_refers_to_is_there(path):
    for name in re.findall(r"\bdeploy/[\w.@-]*\w|\bnginx-\w+\.conf", path.read_text()):
        assert (DEPLOY / name.removeprefix("deploy/")).is_file()
