-- Sends one kind of request, as described by the Lua table in the file that COFFER_BENCH_LOAD names, and prints the outcome as
-- JSON. Uploads of small bodies get a name and the next token each; the request of a large body is put together only once, with the
-- token of its thread, which has one connection.
local load = dofile(os.getenv("COFFER_BENCH_LOAD"))
local fixed = {}
local sent = 0
local threads = 0

function setup(thread)
  thread:set("threadNumber", threads)
  threads = threads + 1
end

local function authorize(number)
  if load.tokens then
    load.headers["Authorization"] = load.tokens[number % #load.tokens + 1]
  end
end

function init()
  if load.body then
    local file = assert(io.open(load.body, "rb"))
    wrk.body = file:read("*a")
    file:close()
  end
  authorize(threadNumber)
  if load.nameHeader then
    return
  end
  for index, path in ipairs(load.paths) do
    fixed[index] = wrk.format(load.method, path, load.headers, wrk.body)
  end
end

function request()
  sent = sent + 1
  if not load.nameHeader then
    return fixed[sent % #fixed + 1]
  end
  authorize(sent)
  load.headers[load.nameHeader] = "bench/" .. sent
  return wrk.format(load.method, load.paths[sent % #load.paths + 1], load.headers, wrk.body)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"failed":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)
  ))
end
