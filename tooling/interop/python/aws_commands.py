"""Runs commands of the AWS CLI one after the other in one process, so that its libraries are loaded once.

Each line of standard input is a command as JSON: its arguments and the directory it runs in. For each, a line with its exit code
and what it printed is written. This is what the `aws` program does with its arguments.
"""

import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver


def run(arguments):
    try:
        return create_clidriver().main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


def captured(command):
    os.chdir(command["cwd"])
    printed, said = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
        code = run(command["args"])
    return {"code": code, "stdout": text(printed), "stderr": text(said)}


def text(stream):
    return stream.buffer.getvalue().decode("utf-8", "replace")


for line in sys.stdin:
    print(json.dumps(captured(json.loads(line))), flush=True)
