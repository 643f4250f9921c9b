-- Sends the requests of the file that COFFER_BENCH_LOAD names, one after the other and over again, and prints the outcome as JSON.
-- In the file: a line with the name of the file that is the body, empty for none; a line with "each" or "thread"; then each request's
-- head behind a line with its length. "thread": each thread, which has one connection, sends one request only, put together once,
-- since a large body keeps the load generator busy.
local heads = {}
local body = ""
local sent = 0
local threads = 0

function setup(thread)
  thread:set("threadNumber", threads)
  threads = threads + 1
end

function init()
  local file = assert(io.open(os.getenv("COFFER_BENCH_LOAD"), "rb"))
  local bodyName = file:read("*l")
  local isOnePerThread = file:read("*l") == "thread"
  for length in function() return file:read("*l") end do
    heads[#heads + 1] = file:read(tonumber(length))
  end
  file:close()
  if bodyName ~= "" then
    local bodyFile = assert(io.open(bodyName, "rb"))
    body = bodyFile:read("*a")
    bodyFile:close()
  end
  if isOnePerThread then
    heads = { heads[threadNumber % #heads + 1] .. body }
    body = ""
  end
end

function request()
  sent = sent + 1
  return heads[(sent - 1) % #heads + 1] .. body
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"failed":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)
  ))
end
