"""Runs a command in a pseudo-terminal of its own, and types Ctrl-C where it is told to.

Usage: terminal.py PRESSES COMMAND...

Each line of output that begins with "ready" is answered by one Ctrl-C, as long as PRESSES are left. Prints a JSON object:
`code` as a shell would have it, and `output`, all that was shown.
"""

import json
import os
import pty
import sys
import time

presses = int(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
output = b""
answered = 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    output += chunk
    lines = output.count(b"ready")
    while answered < min(lines, presses):
        # As a person would: signals of one kind that come at once are one signal.
        time.sleep(0.3)
        os.write(terminal, b"\x03")
        answered += 1
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
json.dump({"code": code if code >= 0 else 128 - code, "output": output.decode()}, sys.stdout)
