"""The dashboard as in production, for tests: gunicorn in processes of its own, over the stand-in."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
from cryptography.fernet import Fernet

ROOT = Path(__file__).parent.parent


def environment(folder, sandbox_url, **changed):
    """The settings of production but for https, with secrets of nobody."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "plusofon_admin.settings",
        "SECRET_KEY": "tests-" + "x" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "PLUSOFON_API_URL": sandbox_url,
        "PLUSOFON_TIMEOUT": "2",
        "PLUSOFON_WRITE_TIMEOUT": "2",
        "SANDBOX": "True",
        "HTTPS_ONLY": "False",
        "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        **changed,
    }


def manage(env, *command):
    """Run a command of manage.py; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


@contextmanager
def serving(folder, env, *, workers=1):
    """The address under which gunicorn serves the dashboard for as long as the block lasts."""
    port = _free_port()
    gunicorn = ["gunicorn", "-c", "plusofon_admin/gunicorn.py", "--workers", str(workers)]
    options = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", *gunicorn, *options, "plusofon_admin.wsgi"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", child)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            child.wait()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(url, child):
    with httpx.Client(trust_env=False) as probe:
        for _ in range(300):
            assert child.poll() is None, "gunicorn has ended"
            try:
                if probe.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
    raise AssertionError("the dashboard did not start")
