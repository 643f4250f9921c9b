#!/usr/bin/env bash
# Builds the server and becomes it, so that a Ctrl-C reaches it alone. The arguments are those of `coffer serve`.
# What the build has to say is shown only where it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1

log=node_modules/.start-build.log
echo 'Building the server (a minute the first time) …'
turbo run build --filter=@coffer/server --output-logs=errors-only >"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
exec node apps/server/dist/main.js serve "$@"
