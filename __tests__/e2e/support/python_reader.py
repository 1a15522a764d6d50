"""Reads distributions as Python's installers do, for the differential test.

Standard input has one JSON object a line: `name` (base name of the file), `data` (its bytes in base64), and, where
our own reader accepted the file, `spelled` (the version in its file name) and `served` (the name that PyOCI serves it
under). Standard output answers each with one line: a list of readings. A reading is by one reader, and either has
`error` or what that reader found. Nothing here knows how our reader works.
"""

import base64
import gzip
import io
import json
import logging
import re
import struct
import sys
import tarfile
import tempfile
import warnings
import zipfile
import zlib
from email.parser import BytesParser, Parser
from email.policy import compat32
from importlib.metadata import PathDistribution
from pathlib import Path

from pip._internal.metadata import MemoryWheel, get_wheel_distribution
from pip._internal.models.wheel import Wheel
from pip._internal.utils.unpacking import untar_file
from pip._vendor.packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from pip._vendor.packaging.version import Version

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
LABEL = re.compile(r"PyO(?:CI|ci) :: Label :: ")


class Unfit(Exception):
    """What was read is not one distribution to every reader."""


def only(values, what):
    if len(values) != 1:
        raise Unfit(f"{len(values)} times {what}")
    return values[0]


def unfolded(value):
    return " ".join(part for part in (line.strip(" \t") for line in re.split(r"\r?\n", value)) if part)


def readable(message, field):
    """Values of a field that are text: those in another encoding are nobody's."""
    for name, value in message.raw_items():
        if name.lower() == field:
            try:
                yield unfolded(value.encode("utf-8", "surrogateescape").decode("utf-8"))
            except UnicodeDecodeError:
                continue


def put(pairs, key, value):
    pairs.pop(key, None)
    pairs[key] = value


def identity(name, version):
    return {"name": name, "version": version, "project": canonicalize_name(name), "normal": str(Version(version))}


def facts(message):
    name = only(message.get_all("Name", []), "Name")
    version = only(message.get_all("Version", []), "Version")
    only(message.get_all("Metadata-Version", []), "Metadata-Version")
    urls, labels = {}, {}
    for value in readable(message, "project-url"):
        label, _, url = (part.strip() for part in value.partition(","))
        if label and url and value != "UNKNOWN" and url != "UNKNOWN":
            put(urls, label, url)
    for value in readable(message, "classifier"):
        key, divider, text = LABEL.sub("", value, count=1).partition(" :: ")
        if LABEL.match(value) and divider and key and text:
            put(labels, key, text)
    return {**identity(name.strip(), version.strip()), "urls": list(urls.items()), "labels": list(labels.items())}


def by_email(data):
    return facts(BytesParser(policy=compat32).parsebytes(data))


def by_zipfile(data, _name):
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        folders = {name.split("/", 1)[0] for name in wheel.namelist()}
        folder = only([name for name in folders if name.lower().endswith(".dist-info")], ".dist-info")
        return by_email(wheel.read(f"{folder}/METADATA"))


def by_pip_wheel(data, name):
    wheel = MemoryWheel(name, io.BytesIO(data))
    return facts(get_wheel_distribution(wheel, canonicalize_name(name.split("-")[0])).metadata)


def by_importlib(data, _name):
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        folders = {name.split("/", 1)[0] for name in wheel.namelist()}
        folder = only([name for name in folders if name.endswith(".dist-info")], ".dist-info")
        found = PathDistribution(zipfile.Path(wheel, f"{folder}/"))
        return facts(Parser(policy=compat32).parsestr(found.read_text("METADATA")))


def by_stream(data, _name):
    """Local headers from the front, as readers of a stream go; the directory is not looked at."""
    at, found = 0, []
    while data[at : at + 4] == b"PK\x03\x04":
        method, packed, size, name_length, extra_length = struct.unpack_from("<8xH8xIIHH", data, at)
        at += 30
        name, extra = data[at : at + name_length], data[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length
        if 0xFFFFFFFF in (packed, size):
            packed = wide_size(extra, packed, size)
        if name.rstrip(b"/").endswith(b".dist-info/METADATA") and name.count(b"/") == 1:
            content = data[at : at + packed]
            found.append(zlib.decompress(content, -15) if method == 8 else content)
        at += packed
    return by_email(only(found, "METADATA"))


def wide_size(extra, packed, size):
    while extra:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 1:
            values = struct.unpack_from(f"<{length // 8}Q", extra, 4)
            return values[-1 if size == 0xFFFFFFFF and len(values) > 1 else 0] if packed == 0xFFFFFFFF else packed
        extra = extra[4 + length :]
    raise Unfit("no ZIP64 field")


def candidate(name):
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return len(parts) == 2 and parts[1] == "PKG-INFO"


def by_tarfile(data, _name):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz", encoding="utf-8") as sdist:
        top = only(sorted({member.name.split("/")[0] for member in sdist.getmembers()}), "top folder")
        return by_email(sdist.extractfile(sdist.getmember(f"{top}/PKG-INFO")).read())


def by_tar_stream(data, _name):
    """Not by the mode `r|gz`, which knows of one gzip member only; pip does not use it."""
    found = []
    unpacked = gzip.GzipFile(fileobj=io.BytesIO(data))
    with tarfile.open(fileobj=unpacked, mode="r|", encoding="utf-8") as sdist:
        for member in sdist:
            if candidate(member.name):
                found.append(sdist.extractfile(member).read())
    return by_email(only(found, "PKG-INFO"))


def by_tar_to_the_end(data, _name):
    """Zero blocks are stepped over, so that members behind them are seen as well."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data)), encoding="utf-8", ignore_zeros=True) as sdist:
        found = [sdist.extractfile(member).read() for member in sdist if candidate(member.name)]
    return by_email(only(found, "PKG-INFO"))


def by_pip_sdist(data, _name):
    """What stands on disk once pip has unpacked it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sdist.tar.gz"
        path.write_bytes(data)
        untar_file(str(path), str(Path(folder) / "unpacked"))
        return by_email((Path(folder) / "unpacked" / "PKG-INFO").read_bytes())


def by_served_name(served):
    """What pip makes of the name on PyOCI's page."""
    if served.endswith(".whl"):
        wheel = Wheel(served)
        name, version, *_ = parse_wheel_filename(served)
        if (canonicalize_name(wheel.name), str(Version(wheel.version))) != (name, str(version)):
            raise Unfit("pip and packaging read two names")
    else:
        name, version = parse_sdist_filename(served)
    return {"project": name, "normal": str(version)}


WHEEL = {"zipfile": by_zipfile, "pip": by_pip_wheel, "importlib": by_importlib, "stream": by_stream}
SDIST = {"tarfile": by_tarfile, "tar stream": by_tar_stream, "tar to the end": by_tar_to_the_end, "pip": by_pip_sdist}


def reading(by, read, *arguments):
    try:
        return {"by": by, **read(*arguments)}
    except Exception as error:  # Any failure of a reader is its answer.
        return {"by": by, "error": f"{type(error).__name__}: {error}"}


def answer(request):
    data, name = base64.b64decode(request["data"]), request["name"]
    accepted = "served" in request
    readers = WHEEL if name.endswith(".whl") else SDIST
    # What nobody vouched for is not unpacked to disk.
    safe = {by: read for by, read in readers.items() if accepted or read is not by_pip_sdist}
    readings = [reading(by, read, data, name) for by, read in safe.items()]
    if accepted:
        readings.append(reading("served name", by_served_name, request["served"]))
        readings.append(reading("packaging", lambda text: {"normal": str(Version(text))}, request["spelled"]))
    return readings


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
    sys.stdout.flush()
