"""Reads values of core metadata as pip does, for the test of our grammars.

Standard input has one JSON object a line, with `field` and `text`; standard output answers each with `null`, or with
what Python says against the value. The first line of all is the version of `packaging`. Nothing here knows our grammars.
"""

import json
import sys

from pip._vendor import packaging
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.specifiers import SpecifierSet


def read(field: str, text: str) -> None:
    if field == "Requires-Python":
        SpecifierSet(text)
        return
    requirement = Requirement(text.strip())
    if requirement.marker:
        for extra in ("", "a"):
            requirement.marker.evaluate({"extra": extra})


print(json.dumps(packaging.__version__), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        read(request["field"], request["text"])
        answer = None
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    print(json.dumps(answer), flush=True)
