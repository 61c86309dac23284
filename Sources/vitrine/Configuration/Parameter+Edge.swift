extension Parameter {
    static let edge: [Parameter] = [
        Parameter("upstream", .text, nil, "URL of the origin behind the edge, http(s)://HOST[:PORT]. Default: none."),
        Parameter("upstream-timeout", .duration, "30s", "Time to an upstream's answer head.", bounds: 10...3_600_000),
        Parameter("upstream-stall", .duration, "15s", "Longest pause in an answer's body.", bounds: 10...3_600_000),
        Parameter("upstream-connect-timeout", .duration, "3s", "Time to connect upstream.", bounds: 10...60_000),
        Parameter("upstream-connections", .integer, "256", "Connections to one upstream.", bounds: 1...65_536),
        Parameter("upstream-concurrency", .integer, "256", "Requests upstream at once.", bounds: 1...65_536),
        Parameter(
            "upstream-queue",
            .integer,
            "2048",
            "Requests that wait for that; past it 503.",
            bounds: 0...1_000_000
        ),
        Parameter("memory-cache", .bytes, "256MiB", "Memory for stored responses.", bounds: 0...1_099_511_627_776),
        Parameter(
            "disk-cache",
            .bytes,
            "2GiB",
            "Disk for stored responses in DATA/cache; 0 for none.",
            bounds: 0...1_125_899_906_842_624
        ),
        Parameter("max-stored-size", .bytes, "64MiB", "Largest response that is stored.", bounds: 0...1_073_741_824),
        Parameter(
            "collapse-leader-age",
            .duration,
            "5s",
            "Age at which a fetch without an answer is doubled.",
            bounds: 10...600_000
        ),
        Parameter(
            "collapse-patience",
            .duration,
            "30s",
            "Time a request waits for another's fetch.",
            bounds: 10...600_000
        ),
        Parameter("collapse-followers", .integer, "10000", "Requests that may share one fetch.", bounds: 0...1_000_000),
        Parameter("derive", .switched, "true", "Make renditions from larger cached ones instead of asking the origin."),
        Parameter(
            "derive-audit",
            .integer,
            "200",
            "Of so many derived renditions, one is compared; 0 for none.",
            bounds: 0...1_000_000
        ),
        Parameter("node", .text, nil, "Name of this node in CDN-Loop, Via and --peers. Default: random."),
        Parameter("peers", .list, nil, "Nodes of the region, this one too: NAME=http://HOST:PORT,…"),
        Parameter(
            "client-rate",
            .number,
            "0",
            "Misses a second for one client address; 0 for no limit.",
            bounds: 0...1_000_000
        ),
        Parameter("client-burst", .integer, "100", "Misses that a client may make at once.", bounds: 1...1_000_000),
        Parameter(
            "tenant-rate",
            .number,
            "0",
            "Misses a second for one host name; 0 for no limit.",
            bounds: 0...1_000_000
        ),
        Parameter("tenant-burst", .integer, "1000", "Misses for one host name at once.", bounds: 1...1_000_000),
    ]

    static let connections: [Parameter] = [
        Parameter("max-connections", .integer, "20000", "Open connections in all.", bounds: 1...1_000_000),
        Parameter(
            "max-connections-per-client",
            .integer,
            "16000",
            "Open connections of one client address.",
            bounds: 1...1_000_000
        ),
        Parameter("max-header-size", .bytes, "32KiB", "Bytes of a request head.", bounds: 512...1_048_576),
        Parameter("max-header-fields", .integer, "100", "Field lines of a request head.", bounds: 4...256),
        Parameter("max-body-size", .bytes, "1GiB", "Bytes of a request body.", bounds: 0...1_099_511_627_776),
        Parameter("header-timeout", .duration, "10s", "Time for a whole request head.", bounds: 10...600_000),
        Parameter(
            "body-timeout",
            .duration,
            "20s",
            "Longest time without progress of a request body.",
            bounds: 10...600_000
        ),
        Parameter(
            "write-timeout",
            .duration,
            "30s",
            "Longest time without progress of an answer.",
            bounds: 10...600_000
        ),
    ]
}
