extension Parameter {
    static let usage: [Parameter] = [
        Parameter(
            "usage-segment-size",
            .bytes,
            "64MiB",
            "Usage events, as lines, after which a segment is sealed.",
            bounds: 4_096...1_073_741_824
        ),
        Parameter(
            "usage-segment-age",
            .duration,
            "10s",
            "Age of its first event at which a segment is sealed.",
            bounds: 100...86_400_000
        ),
        Parameter(
            "usage-waiting",
            .bytes,
            "64MiB",
            "Usage events that may wait for the disk; past it 429.",
            bounds: 65_536...17_179_869_184
        ),
        Parameter(
            "usage-disk",
            .bytes,
            "16GiB",
            "Disk for usage events that are not shipped yet, in DATA/usage; past it 503.",
            bounds: 1_048_576...1_125_899_906_842_624
        ),
        Parameter(
            "usage-salvage",
            .switched,
            "false",
            "Ship what is left of a damaged segment, instead of waiting for somebody to look at it."
        ),
        Parameter(
            "usage-collector",
            .text,
            nil,
            "Collector that an edge without that role sends its usage events to: http(s)://HOST[:PORT]."
        ),
        Parameter(
            "usage-delivery-window",
            .duration,
            "10s",
            "How long deliveries of pictures are added up before they are on the disk.",
            bounds: 100...3_600_000
        ),
        Parameter(
            "service-database",
            .text,
            nil,
            "Counts and payouts: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Default: in DATA/usage.",
            secret: true
        ),
        Parameter(
            "unload-rate",
            .integer,
            "20000",
            "Rows a second into the service database, at most.",
            bounds: 1...10_000_000
        ),
        Parameter(
            "unload-share",
            .number,
            "25",
            "Percent of the time that writing into the service database may take.",
            bounds: 1...100
        ),
    ]
}
