"""What the Dockerfile does, done step by step in an empty folder: each stage has a folder as its root.

Of its commands only this is changed: a path that begins at the root begins at that folder, and nothing is given
to the image's own user, whom this machine does not have. Of the Dockerfile's language only what it uses is known.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path, PurePath

from .test_setup import ROOT, tracked_files

AT_THE_ROOT = re.compile(r"(?<![\w./-])/(?=(?:venv|app|requirements\.txt)\b)")


class Stage:
    """One stage: its folder, its variables, and what it has said of how the image is run."""

    def __init__(self, folder):
        self.folder, self.env, self.arguments = folder, {}, {}
        self.workdir = folder
        self.command, self.healthcheck = [], []

    def path(self, text):
        """Where a path of the image is."""
        if text.startswith("/"):
            return self.folder / text.lstrip("/")
        return self.workdir / text

    def environment(self):
        env = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        # How this machine gets its packages.
        env |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        own = {name: AT_THE_ROOT.sub(f"{self.folder}/", value) for name, value in self.env.items()}
        path = own.pop("PATH", "$PATH").replace("$PATH", f"{self.folder}/bin:{os.environ['PATH']}")
        return {**env, **own, "PATH": path}

    def run(self, text):
        """A command as the shell of the image gets it."""
        subprocess.run(
            ["sh", "-ec", AT_THE_ROOT.sub(f"{self.folder}/", text)],
            cwd=self.workdir,
            env=self.environment(),
            check=True,
        )


def build(folder, **arguments):
    """Run the Dockerfile; its last `Stage`."""
    stages = {}
    for name, text in instructions():
        if name == "FROM":
            stage = Stage(folder / f"stage-{len(stages)}")
            (stage.folder / "bin").mkdir(parents=True)
            (stage.folder / "bin" / "python").symlink_to(sys.executable)
            stages[text.partition(" AS ")[2] or "last"] = stage
        else:
            STEPS[name](stage, text, stages, arguments)
    return stage


def instructions():
    """(name, text) of each, with its lines joined."""
    lines = (ROOT / "Dockerfile").read_text()
    lines = re.sub(r"^#.*\n", "", lines, flags=re.MULTILINE).replace("\\\n", "")
    for line in filter(None, lines.splitlines()):
        name, _, text = line.partition(" ")
        yield name, text.strip()


def context():
    """What of the repository is sent to be built from: .dockerignore, where the last rule that fits decides."""
    rules = (ROOT / ".dockerignore").read_text().split()
    for path in tracked_files():
        name = path.relative_to(ROOT)
        parts = [name, *name.parents][:-1]
        sent = True
        for rule in rules:
            if any(_fits(part, rule.removeprefix("!")) for part in parts):
                sent = rule.startswith("!")
        if sent:
            yield name


def _fits(path, rule):
    if rule.startswith("**/"):
        return fnmatch(path.name, rule.removeprefix("**/"))
    return fnmatch(path, rule) and len(path.parts) == len(PurePath(rule).parts)


def _arg(stage, text, stages, arguments):
    name, _, default = text.partition("=")
    stage.arguments[name] = arguments.get(name, default)


def _env(stage, text, stages, arguments):
    stage.env |= dict(pair.split("=", 1) for pair in shlex.split(text))


def _workdir(stage, text, stages, arguments):
    stage.workdir = stage.path(text)
    stage.workdir.mkdir(parents=True, exist_ok=True)


def _run(stage, text, stages, arguments):
    if not text.startswith("useradd "):
        stage.run(re.sub(r" -[og] plusofon\b", "", text))


def _copy(stage, text, stages, arguments):
    for name, value in stage.arguments.items():
        text = text.replace(f"${{{name}}}", value)
    *sources, target = text.split()
    other = stages[sources.pop(0).removeprefix("--from=")] if sources[0].startswith("--") else None
    into = stage.path(target)
    for source in sources:
        if other:
            shutil.copytree(other.path(source), into, symlinks=True)
            continue
        found = [path for path in context() if _fits(path, source) or Path(source) in path.parents]
        assert found, f"nothing is sent that COPY {source} names"
        for path in found:
            whole = path == Path(source) or "*" in source
            below = path.name if whole else path.relative_to(source)
            is_folder = target.endswith("/") or not whole
            copy = into / below if is_folder else into
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, copy)


def _healthcheck(stage, text, stages, arguments):
    stage.healthcheck = json.loads(text.partition("CMD ")[2])


def _cmd(stage, text, stages, arguments):
    stage.command = json.loads(text)


def _nothing(stage, text, stages, arguments):
    """It says how the image is run: by whom, on which port, with which volume."""


STEPS = {
    "ARG": _arg,
    "ENV": _env,
    "WORKDIR": _workdir,
    "RUN": _run,
    "COPY": _copy,
    "HEALTHCHECK": _healthcheck,
    "CMD": _cmd,
    **dict.fromkeys(("USER", "EXPOSE", "VOLUME"), _nothing),
}
