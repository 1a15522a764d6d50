"""Downloads files of an index by their names, with pip's own configuration.

Usage: published.py LIST FOLDER

LIST has a project and the name of one of its files in each line. `pip download` would choose a file by itself, take only
those for this machine, and build an sdist to read its metadata. So only pip's finder and session are used.
"""

import hashlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pip._internal.commands import create_command
from pip._internal.index.collector import parse_links
from pip._internal.models.link import Link

LINES = 8
local = threading.local()


def tools():
    """A session and a collector for each thread, as sessions are not made to be shared."""
    if not hasattr(local, "tools"):
        command = create_command("download")
        options, _ = command.parse_args(["--quiet", "--quiet", "nothing"])
        session = command._build_session(options)
        local.tools = session, command._build_package_finder(options, session)
    return local.tools


def links(project):
    _, finder = tools()
    for url in finder.search_scope.get_index_urls_locations(project):
        page = finder._link_collector.fetch_response(Link(url))
        for link in parse_links(page) if page else ():
            yield link.filename, link


def download(project, names, folder):
    session, _ = tools()
    found = dict(links(project))
    for name in names:
        if name not in found:
            raise SystemExit(f"the index has no {name} of {project}")
        link = found[name]
        # As stored: some servers would pack an archive once more, or unpack it.
        answer = session.get(link.url_without_fragment, headers={"Accept-Encoding": "identity"})
        answer.raise_for_status()
        if link.hash and hashlib.new(link.hash_name, answer.content).hexdigest() != link.hash:
            raise SystemExit(f"{name} is not what the index says")
        (folder / name).write_bytes(answer.content)


def main():
    projects = {}
    for line in Path(sys.argv[1]).read_text().splitlines():
        project, name = line.split()
        projects.setdefault(project, []).append(name)
    with ThreadPoolExecutor(LINES) as pool:
        tasks = [pool.submit(download, project, names, Path(sys.argv[2])) for project, names in projects.items()]
        for task in tasks:
            task.result()


main()
