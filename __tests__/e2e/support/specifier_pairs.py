"""Prints generated pairs of a version and a specifier, and whether pip's own library says that they fit.

Usage: specifier_pairs.py SEED COUNT

Two habits of that library are left out, which are not in the specification: it pads no version that has a suffix
(`2.post1` is not `==2.0.*` to it), and it does not know an epoch of 0 that is written out.
"""

import json
import random
import sys

from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from pip._vendor.packaging.version import Version

seed, count = map(int, sys.argv[1:])
chance = random.Random(seed)
OPERATORS = ("==", "!=", "<=", ">=", "<", ">", "~=", "===", "==*", "!=*")


def numbers(least, most):
    return ".".join(str(chance.choice((0, 0, 1, 1, 2, 3, 10))) for _ in range(chance.randint(least, most)))


def version(local):
    text = f"{chance.randint(1, 2)}!" if chance.random() < 0.1 else ""
    text += numbers(1, 4)
    if chance.random() < 0.3:
        text += chance.choice(("a", "b", "rc")) + str(chance.randint(0, 2))
    if chance.random() < 0.2:
        text += f".post{chance.randint(0, 2)}"
    if chance.random() < 0.2:
        text += f".dev{chance.randint(0, 2)}"
    if local and chance.random() < 0.2:
        text += "+" + chance.choice(("1", "cu12", "abc.1", "2.0"))
    return text


def pair():
    operator = chance.choice(OPERATORS)
    if operator.endswith("*"):
        candidate, wanted = version(True), numbers(1, 3)
        own = Version(candidate).base_version.split("!")[-1].split(".")
        if len(own) < len(wanted.split(".")):
            return None
        specifier = f"{operator[:2]}{wanted}.*"
    else:
        wanted = version(operator in ("==", "!=", "==="))
        candidate = wanted if chance.random() < 0.4 else version(True)
        specifier = operator + wanted
    try:
        fits = SpecifierSet(specifier).contains(Version(candidate), prereleases=True)
    except InvalidSpecifier:
        return None
    return [candidate, specifier, fits]


pairs = []
while len(pairs) < count:
    made = pair()
    if made:
        pairs.append(made)
json.dump(pairs, sys.stdout)
