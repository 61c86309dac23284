-- Asks for /k/0, /k/1, … /k/KEYS-1 in a scattered order, and prints what came of it as one line of JSON.
local keys = tonumber(os.getenv("KEYS") or "0")
local asked, at = {}, 0
function init(arguments)
   for key = 0, keys - 1 do asked[key + 1] = wrk.format("GET", "/k/" .. (key * 7919) % keys) end
   if keys == 0 then asked[1] = wrk.format("GET", wrk.path) end
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
