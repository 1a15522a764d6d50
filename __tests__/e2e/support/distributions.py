"""Builds and downloads the distributions that the end-to-end tests publish, and says what Python reads in them.

Usage: distributions.py CACHE
       distributions.py --facts FILE...

Builds run through PEP 517 with the backends pinned in each project; downloads go through pip. Both are kept in CACHE
under a key of everything that decides them, and written beside and renamed, so that an interrupted run leaves nothing
half done. Prints a JSON object: `published`, `rebuilt` and `later` are lists of facts about files (see `facts`).
With --facts, the list of facts about the files named.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import Parser
from email.policy import compat32
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECTS = HERE.parent / "projects"
BUILD = "build==1.3.0"

NUMPY = "numpy==1.23.0"
NUMPY_PYTHONS = ("38", "39", "310")
PLATFORMS = (
    "macosx_10_9_x86_64",
    "macosx_11_0_arm64",
    "manylinux_2_17_aarch64",
    "manylinux_2_17_x86_64",
    "win32",
    "win_amd64",
)
SDIST = ("--no-binary", ":all:")
WHEEL = ("--only-binary", ":all:")


def target(python, platform, implementation="cp", abi=None):
    abi = abi or f"{implementation}{python}"
    options = ("--python-version", python, "--platform", platform, "--implementation", implementation, "--abi", abi)
    return (*WHEEL, *options)


# One distribution each: what pip is asked for, and how.
DOWNLOADS = (
    # All wheels of the release: 18 wheels for CPython and 3 for PyPy.
    *((NUMPY, target(python, platform)) for python in NUMPY_PYTHONS for platform in PLATFORMS),
    *(
        (NUMPY, target("38", platform, "pp", "pypy38_pp73"))
        for platform in ("macosx_10_9_x86_64", "manylinux_2_17_x86_64", "win_amd64")
    ),
    # A dot in the name.
    ("zope.interface==7.2", target("311", "manylinux_2_17_x86_64")),
    ("zope.interface==7.2", SDIST),
    # A dash in the name of the sdist.
    ("python-dateutil==2.8.2", WHEEL),
    ("python-dateutil==2.8.2", SDIST),
    # Over 100 MB.
    ("nvidia-cufft-cu12==11.0.2.54", target("3", "manylinux1_x86_64", "py", "none")),
)


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr, **options)


def kept(cache, name, inputs, make):
    """The folder that `make` fills, made once for equal inputs."""
    key = hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:16]
    folder = cache / f"{name}-{key}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=cache) as part:
            made = Path(part) / "made"
            made.mkdir()
            make(made)
            made.rename(folder)
    return folder


def download(folder):
    for requirement, options in DOWNLOADS:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
        run(*pip, *options, "--dest", folder, requirement)


def build(folder):
    venv = folder / "venv"
    run(sys.executable, "-m", "venv", venv)
    run(venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", BUILD)
    for project in sorted(PROJECTS.iterdir()):
        build_project(venv, project, folder / "published")
    flit = PROJECTS / "flit"
    build_project(venv, flit, folder / "rebuilt", edit=("demo_flit/__init__.py", "module", "module, rebuilt,"))
    build_project(venv, flit, folder / "later", edit=("pyproject.toml", '"0.3.0"', '"0.4.0"'))
    shutil.rmtree(venv)


def build_project(venv, project, out, edit=None):
    source = out / "source"
    shutil.copytree(project, source)
    if edit:
        name, before, after = edit
        text = (source / name).read_text()
        assert before in text, f"{name} of {project.name} does not say {before}"
        (source / name).write_text(text.replace(before, after))
    run(venv / "bin" / "python", "-m", "build", "--outdir", out, source)
    shutil.rmtree(source)


def facts(path):
    """What the standard library reads in a distribution; the expected documents are made of it."""
    headers = Parser(policy=compat32).parsestr(metadata(path).decode())
    name = path.name

    def text(field):
        value = headers.get(field)
        return None if value in (None, "", "UNKNOWN") else str(value).strip()

    version, architecture = split(name, str(headers["Name"]))
    content = path.read_bytes()
    return {
        "path": str(path),
        "file": name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "name": normal(str(headers["Name"])),
        "projectName": str(headers["Name"]).strip(),
        "version": version,
        "architecture": architecture,
        "coreMetadata": metadata(path).decode() if name.endswith(".whl") else None,
        "requiresPython": text("Requires-Python"),
        "summary": text("Summary"),
        "licenseExpression": text("License-Expression"),
        "author": text("Author"),
        "authorEmail": text("Author-email"),
        "homePage": text("Home-page"),
        "projectUrls": [str(value) for value in headers.get_all("Project-URL", [])],
        "classifiers": [str(value) for value in headers.get_all("Classifier", [])],
    }


def metadata(path):
    if path.name.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            (name,) = [n for n in wheel.namelist() if n.count("/") == 1 and n.endswith(".dist-info/METADATA")]
            return wheel.read(name)
    with tarfile.open(path) as sdist:
        (member,) = [m for m in sdist.getmembers() if m.name.count("/") == 1 and m.name.endswith("/PKG-INFO")]
        return sdist.extractfile(member).read()


def normal(name):
    return "-".join(part for part in name.strip().lower().replace("_", "-").replace(".", "-").split("-") if part)


def split(filename, name):
    """Version as spelled, and what PyOCI calls the architecture."""
    if filename.endswith(".whl"):
        _, version, rest = filename.split("-", 2)
        return version, rest
    stem = filename.removesuffix(".tar.gz")
    dashes = [i for i, c in enumerate(stem) if c == "-" and normal(stem[:i]) == normal(name)]
    assert len(dashes) == 1, f"no single place to split {filename}"
    return stem[dashes[0] + 1 :], ".tar.gz"


def distributions(folder):
    return [facts(path) for path in sorted(folder.iterdir()) if path.name.endswith((".whl", ".tar.gz"))]


def main():
    if sys.argv[1] == "--facts":
        json.dump([facts(Path(path)) for path in sys.argv[2:]], sys.stdout)
        return
    cache = Path(sys.argv[1])
    cache.mkdir(parents=True, exist_ok=True)
    projects = [p for p in sorted(PROJECTS.rglob("*")) if p.is_file()]
    sources = [f"{p.relative_to(PROJECTS)}\0{p.read_text()}" for p in projects]
    downloads = kept(cache, "downloads", [repr(DOWNLOADS)], download)
    built = kept(cache, "built", [BUILD, Path(__file__).read_text(), *sources], build)
    listing = {
        "published": distributions(downloads) + distributions(built / "published"),
        "rebuilt": distributions(built / "rebuilt"),
        "later": distributions(built / "later"),
    }
    json.dump(listing, sys.stdout)


main()
