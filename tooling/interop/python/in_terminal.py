"""Runs a command as if it had been typed into a terminal.

What it prints goes to standard output. When standard input ends, Ctrl-C is pressed. Exits as the command does: with its status, or with
128 and the number of the signal that ended it.
"""

import os
import pty
import select
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])

watched = [terminal, sys.stdin.fileno()]
while terminal in watched:
    ready, _, _ = select.select(watched, [], [])
    if sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 1024):
        watched.remove(sys.stdin.fileno())
        os.write(terminal, b"\x03")
    if terminal in ready:
        try:
            said = os.read(terminal, 65536)
        except OSError:  # the last process of the terminal has ended
            said = b""
        if not said:
            watched.remove(terminal)
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()

status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
