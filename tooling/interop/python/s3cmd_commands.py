"""Runs commands of s3cmd one after the other, each in a process of its own that has its program and libraries loaded already.

The first argument is the program. Each line of standard input is a command as JSON: its arguments, the directory it runs in and,
in base64, its standard input. For each, a line with its exit code and what it printed, in base64, is written.
"""

import base64
import importlib
import json
import os
import sys
import tempfile

PROGRAM = sys.argv[1]
with open(PROGRAM, encoding="utf-8") as source:
    CODE = compile(source.read(), PROGRAM, "exec")
for name in ("S3", "Crypto", "FileLists", "MultiPart", "CloudFront", "Progress"):
    importlib.import_module(f"S3.{name}")


def run(command, streams):
    """What is left of the process: it becomes the command."""
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    os.chdir(command["cwd"])
    sys.argv = [PROGRAM, *command["args"]]
    try:
        exec(CODE, {"__name__": "__main__", "__file__": PROGRAM})
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def captured(command):
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        given.write(base64.b64decode(command["stdin"]))
        given.seek(0)
        child = os.fork()
        if child == 0:
            run(command, (given, printed, said))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {"code": code, "stdout": content(printed), "stderr": content(said)}


def content(file):
    file.seek(0)
    return base64.b64encode(file.read()).decode()


for line in sys.stdin:
    print(json.dumps(captured(json.loads(line))), flush=True)
