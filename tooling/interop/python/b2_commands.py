"""Prints every command of the installed b2 tool as JSON, by walking the parser that the tool itself uses."""

import argparse
import json
import sys

from b2._internal.b2v4.registry import B2


def commands(parser, words=()):
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield " ".join(words)
    for action in nested:
        for word, below in action.choices.items():
            yield from commands(below, (*words, word))


json.dump(list(commands(B2.create_parser(name="b2"))), sys.stdout)
