-- Sends the requests of the file REQUESTS (of each the number of its bytes, four, little-endian, and the bytes) in turn,
-- and prints what came of it as one line of JSON.
local asked, at = {}, 0
function init(arguments)
   local file = io.open(os.getenv("REQUESTS"), "rb")
   while true do
      local size = file:read(4)
      if not size then break end
      local a, b, c, d = size:byte(1, 4)
      asked[#asked + 1] = file:read(a + b * 256 + c * 65536 + d * 16777216)
   end
   file:close()
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
