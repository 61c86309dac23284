-- Every request asks for a rendition that no one asked for before: a cachebuster counts up.
-- URLS is the path up to the counter and after it, separated by a star.
local before, after = os.getenv("URLS"):match("^(.-)%*(.*)$")
local accept = os.getenv("ACCEPT") or "*/*"
local start = tonumber(os.getenv("START") or "0")
local thread_count = 0
function setup(thread) thread:set("offset", thread_count * 100000000); thread_count = thread_count + 1 end
local n = 0
function request()
   n = n + 1
   return wrk.format("GET", before .. (start + offset + n) .. after, { ["Accept"] = accept })
end
local bad = 0
function response(status) if status ~= 200 then bad = bad + 1; wrk.thread:set("bad", bad) end end
function done(summary, latency)
   io.write(string.format(
      '\nRESULT {"requests": %d, "seconds": %.4f, "bytes": %d, "p50_ms": %.2f, "p99_ms": %.2f, "max_ms": %.2f, "errors": %d}\n',
      summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
      latency:percentile(99) / 1000, latency.max / 1000,
      summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
