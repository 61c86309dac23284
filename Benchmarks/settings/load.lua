-- POSTs the lines of the file USERS to the URL, one after the other, with the fields of FIELDS ("Name: value" by line),
-- and prints what came of it as one line of JSON.
local asked, at = {}, 0
function init(arguments)
   local fields = { ["Content-Type"] = "application/json" }
   for name, value in (os.getenv("FIELDS") or ""):gmatch("([^:\n]+): ([^\n]*)") do fields[name] = value end
   for line in io.lines(os.getenv("USERS")) do asked[#asked + 1] = wrk.format("POST", wrk.path, fields, line) end
end
function request()
   at = at % #asked + 1
   return asked[at]
end
local result = '\nRESULT {"requests": %d, "seconds": %.4f, "p50_ms": %.3f, "p99_ms": %.3f, "errors": %d}\n'
function done(summary, latency)
   local errors = summary.errors
   io.write(result:format(summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000,
      latency:percentile(99) / 1000, errors.status + errors.connect + errors.read + errors.timeout))
end
