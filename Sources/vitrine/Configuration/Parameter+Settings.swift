extension Parameter {
    static let settings: [Parameter] = [
        Parameter(
            "settings-poll",
            .duration,
            "10s",
            "How often changed settings are looked for where no push comes.",
            bounds: 50...3_600_000
        ),
        Parameter(
            "settings-origin",
            .text,
            nil,
            "Vitrine origin whose settings an edge serves, http(s)://HOST[:PORT], or none. Default: the upstream."
        ),
        Parameter(
            "settings-rate",
            .number,
            "0",
            "Settings requests a second for one app; 0 for no limit.",
            bounds: 0...1e6
        ),
        Parameter("settings-burst", .integer, "1000", "Settings requests for one app at once.", bounds: 1...1_000_000),
        Parameter(
            "settings-streams",
            .integer,
            "10000",
            "Open event streams; past it 503.",
            bounds: 0...1_000_000
        ),
        Parameter(
            "state-store",
            .text,
            nil,
            "Where users' assignments live, as for --store. Default: the origin's store, else DATA/users."
        ),
        Parameter("state-cache", .bytes, "64MiB", "Memory for users' assignments.", bounds: 0...1_099_511_627_776),
        Parameter(
            "state-timeout",
            .duration,
            "50ms",
            "Longest wait for a user's assignments; then settings come without.",
            bounds: 1...60_000
        ),
        Parameter(
            "exposure-window",
            .duration,
            "24h",
            "Time in which a user's exposure to an experiment counts once.",
            bounds: 1_000...2_678_400_000
        ),
        Parameter(
            "usage-log-size",
            .bytes,
            "1GiB",
            "Disk for this node's usage events in DATA/usage; past it exposures are lost, and counted.",
            bounds: 1_048_576...1_125_899_906_842_624
        ),
        Parameter(
            "picture-experiment",
            .text,
            nil,
            "APP/SETTING whose value is the viewer's picture format and quality."
        ),
        Parameter("viewer-cookie", .text, "vid", "Cookie that names a viewer to picture experiments."),
        Parameter(
            "shadow-url",
            .text,
            nil,
            "Endpoint that gets a copy of some settings requests, http(s)://HOST[:PORT]."
        ),
        Parameter("shadow-share", .number, "0.01", "Share of settings requests that are copied.", bounds: 0...1),
    ]
}
