"""Tells what an installer has against a file from what it has against this machine, or against other files."""

import re

#: Texts of uv that say nothing about the file: that the Python at hand is not the one it needs (Requires-Python), that
#: wheels are for another platform or Python (their tags), that a URL is refused where a registry is asked for a project.
UV_ELSEWHERE = re.compile(
    r"does not satisfy Python[<>=~!]|requires Python [<>=~!]"
    r"|is incompatible with the current platform"
    r"|has no wheels with a matching"
    r"|was included as a URL dependency"
)
#: Other Pythons to install for, as an old or a new wheel may be for one of these alone.
OTHER_PYTHONS = ("3.14", "2.7")


def uv_needs_another_python(text):
    return "does not satisfy Python" in text


def against_the_file_by_uv(text, project):
    if UV_ELSEWHERE.search(text):
        return False
    # Only the file itself lies in the folder, so none of what it requires is found: for the resolver it then can't be
    # used either, and it says so with the chain of requirements. Metadata that it can't read has a hint of its own.
    chain = re.compile(rf"of {re.escape(project)} depend on|{re.escape(project)}==\S+ depends on|Because only .* (?:is|are) available")
    return "invalid metadata" in text or not ("No solution found" in text and chain.search(text))


def against_the_file_by_pip(text, project, folder):
    # What the file requires is not in the folder, and pip names who requires it.
    if re.search(rf"No matching distribution found for .*\(from {re.escape(project)}", text, re.IGNORECASE):
        return False
    # What it requires lies at a URL or in a repository (which must not be fetched), or at a path of a machine.
    if re.search(r"error: (?:proxy-)?connection-failed|No connection adapters|error: subprocess-exited-with-error|Cannot find command", text):
        return False
    missing = re.search(r"(?:No such file or directory|does not exist|neither 'setup.py').*?: '?(/[^'\n]*)", text)
    return missing is None or missing[1].startswith(str(folder))
