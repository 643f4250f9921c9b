"""Runs the b2 tool with X-Bz-Test-Mode in every request. The tool has no option for the header; the SDK below it has a hook.

Usage: b2_in_test_mode.py FAULT ARGUMENT...
"""

import sys

import sdk_transfers
from b2._internal.b2v4.registry import main
from b2sdk._internal.b2http import B2Http

fault = sys.argv.pop(1)
initialise = B2Http.__init__


def initialise_with_header(http, *args, **options):
    initialise(http, *args, **options)
    http.add_callback(sdk_transfers.TestModeHeader(fault))


B2Http.__init__ = initialise_with_header
main()
