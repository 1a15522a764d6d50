"""Asks pip and uv about distributions, as somebody would who installs them.

Usage: judge.py UV

Standard input has one JSON object a line: `path` (of the file) and, where we accepted it, `served` (the name under which
an index has it), `project` and `version` (that it is asked for by). Standard output answers each with one line: a list of
verdicts, each by one installer (`by`), on one question (`on`), with its `refusal`, or without one. What is refused because
of this machine counts as taken: see `noise.py`. pip runs in this process, forked anew for each question: starting Python
and importing pip takes a second, and pip leaves things behind.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from noise import OTHER_PYTHONS, against_the_file_by_pip, against_the_file_by_uv, uv_needs_another_python
from pip._internal.commands import create_command
from pip._internal.models.wheel import Wheel
from pip._internal.utils.misc import ConfiguredBuildBackendHookCaller
from pip._vendor.packaging.utils import parse_sdist_filename, parse_wheel_filename

sys.dont_write_bytecode = True
STAND_IN = Path(__file__).resolve().parent / "stand_in"
sys.path.append(str(STAND_IN))
from stand_in import prepare  # noqa: E402

UV = sys.argv[1]
SCRATCH = Path(tempfile.mkdtemp(prefix="pyoci-publish-judge-"))
# Neither may read a configuration, go to a network, or build with anything but the stand-in.
PIP = ("--no-index", "--no-cache-dir", "--no-input", "--no-build-isolation", "--disable-pip-version-check", "--retries=0")
PIP_INSTALL = ("--no-color", "--progress-bar=off", "--no-compile", "--ignore-requires-python")
UV_INSTALL = ("--no-config", "--offline", "--no-progress", "--color=never", "--no-build-isolation")
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "PYTHON"))},
    **{key: NOWHERE for key in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")},
    "GIT_TERMINAL_PROMPT": "0",
    "TMPDIR": str(SCRATCH),
}
UV_ENVIRONMENT = {
    **ENVIRONMENT,
    "UV_CACHE_DIR": str(SCRATCH / "uv"),
    "PYTHONPATH": str(STAND_IN),
    "PYTHONDONTWRITEBYTECODE": "1",
}
# Tags that fit every machine and nearly every Python.
EVERYWHERE = ("py3-none-any.whl", "py2.py3-none-any.whl")


def stand_in(caller, directory, config_settings=None, **_options):
    return prepare(caller.source_dir, directory)


# As for uv, but in this process: it saves starting Python twice, and an sdist's own backend (`backend-path`) is not run.
ConfiguredBuildBackendHookCaller.get_requires_for_build_wheel = lambda _caller, config_settings=None: []
ConfiguredBuildBackendHookCaller.prepare_metadata_for_build_wheel = stand_in


def pip(*options):
    return create_command("install", isolated=True).main([*PIP, *PIP_INSTALL, *options])


def ask_pip(*options):
    """What pip says, or `None` if it is content."""
    with tempfile.TemporaryFile(dir=SCRATCH) as said:
        child = os.fork()
        if child == 0:
            answer_in_child(said, options)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return None if status == 0 else f"{text}(status {status})"


def answer_in_child(said, options):
    code = 4
    try:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        code = pip(*options)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def ask_uv(*options):
    command = (UV, "pip", "install", "--python", sys.executable, *UV_INSTALL, *options)
    done = subprocess.run(command, capture_output=True, env=UV_ENVIRONMENT)
    return None if done.returncode == 0 else done.stderr.decode("utf-8", "replace")


def placed(source, folder, name):
    folder.mkdir()
    path = folder / name
    try:
        path.hardlink_to(source)
    except OSError:  # On another disk.
        shutil.copyfile(source, path)
    return path


def everywhere(name):
    """The name of a wheel with tags that fit this machine, as it is nothing against the file that its own don't."""
    if not name.endswith(".whl") or name.endswith(EVERYWHERE):
        return name
    parts = name.split("-")
    return name if len(parts) < 5 else "-".join((*parts[:-3], EVERYWHERE[1]))


class Questions:
    """All that is asked about one file; each question returns a refusal or `None`."""

    def __init__(self, request, folder):
        self.folder = folder
        self.source = Path(request["path"])
        self.served = request.get("served", self.source.name)
        self.path = placed(self.source, folder / "file", everywhere(self.source.name))
        self.links = placed(self.source, folder / "links", everywhere(self.served)).parent
        self.project, self.version = request.get("project"), request.get("version")
        if self.project is None:
            self.project, self.version = named(self.source.name)

    def pip(self, *options):
        text = ask_pip(*options)
        return text if text is not None and against_the_file_by_pip(text, self.project, SCRATCH) else None

    def uv(self, *options):
        text = ask_uv(*options)
        if text is not None and uv_needs_another_python(text):
            for version in OTHER_PYTHONS:
                text = ask_uv("--python-version", version, *options)
                if text is None or not uv_needs_another_python(text):
                    break
        return text if text is not None and against_the_file_by_uv(text, self.project) else None

    def asked(self):
        if self.source.suffix == ".whl":
            yield "pip", "install", self.pip("--no-deps", "--target", str(self.folder / "by-pip"), str(self.path))
            yield "uv", "install", self.uv("--no-deps", "--target", str(self.folder / "by-uv"), str(self.path))
            if self.path.name != self.source.name:
                yield "pip", "tags", refusal_of(Wheel, self.source.name)
                again = placed(self.source, self.folder / "again", self.source.name)
                yield "uv", "tags", self.uv("--no-deps", "--dry-run", str(again))
        elif self.path.name != self.served or self.project == "":
            yield "pip", "unpack", self.pip("--no-deps", "--dry-run", str(self.path))
            yield "uv", "unpack", self.uv("--no-deps", "--dry-run", str(self.path))
        if self.project:
            requirement = f"{self.project}=={self.version}"
            yield "pip", "resolve", self.pip("--dry-run", "--find-links", str(self.links), requirement)
            yield "uv", "resolve", self.uv("--dry-run", "--no-index", "--find-links", str(self.links), requirement)


def named(name):
    """Project and version that a file name tells, or empty ones: then it can't be asked for by name."""
    try:
        project, version, *_ = (parse_wheel_filename if name.endswith(".whl") else parse_sdist_filename)(name)
        return project, version
    except ValueError:
        return "", ""


def refusal_of(read, name):
    try:
        read(name)
    except Exception as error:  # Any failure is an answer.
        return f"{type(error).__name__}: {error}"
    return None


def answer(request):
    folder = Path(tempfile.mkdtemp(dir=SCRATCH))
    try:
        return [
            {"by": by, "on": on, **({} if refusal is None else {"refusal": refusal.replace(str(folder), "")})}
            for by, on, refusal in Questions(request, folder).asked()
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def warm_up():
    """Has pip import what it imports on the way, so that no fork does so by itself."""
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    tempfile.tempdir = None
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        pip("--dry-run", "--find-links", str(SCRATCH), "nothing")


warm_up()
try:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
finally:
    shutil.rmtree(SCRATCH, ignore_errors=True)
