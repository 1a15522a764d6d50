"""Stands in for the build backend of an sdist, whichever it names.

A backend of a real project would run foreign code and need packages of its own. This one does what each of them does with
an sdist: it writes the metadata that the sdist has in its PKG-INFO.
"""

import re
import sys
from email.parser import BytesParser
from importlib.machinery import ModuleSpec
from pathlib import Path

#: What installers fall back on. @see https://packaging.python.org/en/latest/specifications/pyproject-toml/
LEGACY = "setuptools.build_meta"
NAME = re.compile(r"""^\s*["']?build-backend["']?\s*=\s*["']([\w.]+)""", re.MULTILINE)


def backend_of(path):
    """The module that a pyproject.toml names. It is not judged here: whoever reads it as TOML has done so before."""
    try:
        found = NAME.search(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    return found[1] if found else LEGACY


def prepare(source, folder):
    """Writes the folder of metadata. @returns its name"""
    data = (Path(source) / "PKG-INFO").read_bytes()
    headers = BytesParser().parsebytes(data, headersonly=True)
    name, version = (re.sub(r"[^\w.!+]+", "_", str(headers.get(field, "")).strip()) for field in ("Name", "Version"))
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
