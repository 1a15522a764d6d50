"""Stands in for the build backend of an sdist, whichever it names.

A backend of a real project would run foreign code and need packages of its own. This one writes the metadata that the
sdist has in its PKG-INFO, but for the requirements that are not final there: each backend makes these anew, of sources
that nobody but itself reads, and refuses what it cannot read.

@see https://packaging.python.org/en/latest/specifications/core-metadata/#dynamic-multiple-use
"""

import re
import sys
from email.parser import BytesParser
from importlib.machinery import ModuleSpec
from pathlib import Path

#: What installers fall back on. @see https://packaging.python.org/en/latest/specifications/pyproject-toml/
LEGACY = "setuptools.build_meta"
#: Fields by which installers choose what else to install.
REQUIREMENTS = {"requires-dist", "requires-python", "provides-extra"}
NAME = re.compile(r"""^\s*["']?build-backend["']?\s*=\s*["']([\w.]+)""", re.MULTILINE)


def backend_of(path):
    """The module that a pyproject.toml names. It is not judged here: whoever reads it as TOML has done so before."""
    try:
        found = NAME.search(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    return found[1] if found else LEGACY


def made_anew(headers):
    """Names of the fields, in lower case, that a backend makes anew. Before version 2.2 nothing but the name was final."""
    version = re.match(r"(\d+)\.(\d+)", str(headers.get("Metadata-Version", "")).strip())
    if version and (int(version[1]), int(version[2])) < (2, 2):
        return REQUIREMENTS
    return REQUIREMENTS & {str(field).strip().lower() for field in headers.get_all("Dynamic", [])}


def without(data, fields):
    """The bytes of metadata without some of its fields, and all other bytes as they are."""
    head, blank, body = data.partition(b"\n\n")
    kept, dropping = [], False
    for line in head.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            dropping = line.partition(b":")[0].decode("latin-1").lower() in fields
        if not dropping:
            kept.append(line)
    return b"".join(kept).removesuffix(b"\n" if blank else b"") + blank + body


def prepare(source, folder):
    """Writes the folder of metadata. @returns its name"""
    data = (Path(source) / "PKG-INFO").read_bytes()
    headers = BytesParser().parsebytes(data, headersonly=True)
    fields = made_anew(headers)
    if fields:
        data = without(data, fields)
    # Build backends write the version of a folder in its normal form, in which `1.0-1` is a post-release.
    spelled = re.sub(r"^([^-+]+)-(\d+)", r"\1.post\2", str(headers.get("Version", "")).strip())
    name, version = (re.sub(r"[^\w.!+]+", "_", text) for text in (str(headers.get("Name", "")).strip(), spelled))
    made = f"{name}-{version}.dist-info"
    (Path(folder) / made).mkdir(parents=True)
    (Path(folder) / made / "METADATA").write_bytes(data)
    return made


class Finder:
    """Has every import of the backend, and of what it is a part of, find a module of these hooks."""

    def __init__(self, backend):
        parts = backend.split(".")
        self.names = {".".join(parts[: length + 1]) for length in range(len(parts))}

    def find_spec(self, name, _path=None, _target=None):
        return ModuleSpec(name, self, is_package=True) if name in self.names else None

    def create_module(self, _spec):
        return None

    def exec_module(self, module):
        module.get_requires_for_build_wheel = lambda config_settings=None: []
        module.prepare_metadata_for_build_wheel = lambda folder, config_settings=None: prepare(".", folder)
        # The object that `setuptools.build_meta:__legacy__` names.
        module.__legacy__ = sys.modules[module.__name__]
