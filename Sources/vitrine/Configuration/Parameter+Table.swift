extension Parameter {
    /// Every setting, in the order in which the help shows them.
    static let all: [Parameter] =
        place + edge + settings + usage + trust + sources + limits + connections + pictures + workers + operation

    static let place: [Parameter] = [
        Parameter("data", .text, "./vitrine-data", "Folder for everything that the server keeps on this machine."),
        Parameter("store", .text, nil, "Where originals live: file:DIR or s3://BUCKET/PREFIX. Default: DATA/store."),
        Parameter("listen", .address, "127.0.0.1:8080", "Address of the public listener."),
        Parameter("admin-listen", .address, "127.0.0.1:9090", "Address of the admin listener (metrics, purge, drain)."),
        Parameter("roles", .list, "all", "Roles to run: all, or some of edge, origin, console, collector."),
        Parameter("s3-endpoint", .text, nil, "URL of the S3 server; default is AWS's for the region."),
        Parameter("s3-region", .text, "us-east-1", "Region used in S3 signatures."),
        Parameter("s3-access-key", .text, nil, "S3 access key.", secret: true),
        Parameter("s3-secret-key", .text, nil, "S3 secret key.", secret: true),
        Parameter("s3-path-style", .switched, nil, "Address buckets by path. Default: with an s3-endpoint."),
        Parameter("s3-sources", .list, nil, "Buckets that s3:// source URLs may name, with the same credentials."),
    ]

    static let trust: [Parameter] = [
        Parameter(
            "key",
            .list,
            nil,
            "Signature keys in hex; several for rotation, the first signs. Default: generated into DATA/secrets.json.",
            secret: true
        ),
        Parameter("salt", .list, nil, "Signature salts in hex, one for each key.", secret: true),
        Parameter("signature-size", .integer, "32", "Bytes kept of a signature.", bounds: 8...32),
        Parameter("trusted-signatures", .list, nil, "Signatures accepted without a check.", secret: true),
        Parameter(
            "token",
            .list,
            nil,
            "Bearer tokens that may upload, list and sign. Default: generated into DATA/secrets.json.",
            secret: true
        ),
        Parameter(
            "unsafe",
            .switched,
            "false",
            "Accept the signature \"unsafe\" and requests without a token, on a loopback listener only. For demos."
        ),
    ]

    static let sources: [Parameter] = [
        Parameter(
            "allowed-sources",
            .list,
            nil,
            "Prefixes of http(s) source URLs that may be fetched, * matches within a host or path. Default: none."
        ),
        Parameter("allow-loopback-sources", .switched, "false", "Let sources resolve to loopback addresses."),
        Parameter("allow-link-local-sources", .switched, "false", "Let sources resolve to link-local addresses."),
        Parameter("allow-private-sources", .switched, "false", "Let sources resolve to private addresses."),
        Parameter("local-root", .text, nil, "Folder behind local:/// sources. Default: such sources are refused."),
        Parameter("fetch-timeout", .duration, "10s", "Time for the whole fetch of one source.", bounds: 100...600_000),
        Parameter("connect-timeout", .duration, "3s", "Time to connect to a source.", bounds: 50...60_000),
        Parameter("max-redirects", .integer, "5", "Redirects followed for one source.", bounds: 0...20),
    ]

    static let limits: [Parameter] = [
        Parameter("max-upload-size", .bytes, "100MiB", "Largest original.", bounds: 1...1_099_511_627_776),
        Parameter("max-src-file-size", .bytes, "100MiB", "Largest source.", bounds: 1...2_147_483_647),
        Parameter("max-src-resolution", .number, "50", "Megapixels of a source frame.", bounds: 0.01...1_000),
        Parameter("max-animation-frames", .integer, "64", "Frames read from an animation.", bounds: 1...10_000),
        Parameter(
            "max-animation-frame-resolution",
            .number,
            "16",
            "Megapixels of a frame of an animated source.",
            bounds: 0.01...1_000
        ),
        Parameter(
            "max-animation-resolution",
            .number,
            "256",
            "Megapixels of all frames read from an animation together.",
            bounds: 0.01...100_000
        ),
        Parameter("max-result-dimension", .integer, "8192", "Longest side of a result.", bounds: 1...65_535),
    ]

    static let pictures: [Parameter] = [
        Parameter("quality", .integer, "80", "Quality where a URL gives none.", bounds: 1...100),
        Parameter("format-quality", .list, "webp=79,avif=60,jxl=77", "Quality by format, FORMAT=N."),
        Parameter("negotiate", .list, "avif,webp", "Formats negotiated from Accept, best first."),
        Parameter("client-hints", .switched, "true", "Follow Sec-CH-DPR, Sec-CH-Width and Save-Data."),
        Parameter("strip-metadata", .switched, "true", "Remove metadata where a URL does not say."),
        Parameter("keep-copyright", .switched, "true", "Keep copyright fields when metadata is removed."),
        Parameter("strip-color-profile", .switched, "true", "Convert to sRGB and drop the profile."),
        Parameter("avif-effort", .integer, "1", "Effort of the AV1 encoder.", bounds: 0...9),
        Parameter("jxl-effort", .integer, "4", "Effort of the JPEG XL encoder.", bounds: 1...9),
        Parameter("webp-effort", .integer, "4", "Effort of the WebP encoder.", bounds: 0...6),
        Parameter("progressive-jpeg", .switched, "false", "Write progressive JPEG."),
        Parameter("presets", .list, nil, "Presets as NAME=OPTIONS; \"default\" applies to every URL."),
        Parameter("watermark", .text, nil, "Source URL of the watermark for the wm option, such as original://ID."),
        Parameter(
            "max-age",
            .duration,
            "365d",
            "Freshness of renditions in Cache-Control.",
            bounds: 0...315_360_000_000
        ),
    ]

    static let workers: [Parameter] = [
        Parameter("workers", .integer, "0", "Render workers; 0 takes one for each core.", bounds: 0...256),
        Parameter("queue", .integer, "64", "Jobs that may wait for a worker; past it 503.", bounds: 0...10_000),
        Parameter("render-deadline", .duration, "20s", "Time for one job in a worker.", bounds: 100...600_000),
        Parameter("queue-deadline", .duration, "20s", "Time that a job may wait for a worker.", bounds: 10...600_000),
        Parameter(
            "worker-memory",
            .bytes,
            "2GiB",
            "Memory limit of one worker.",
            bounds: 134_217_728...68_719_476_736
        ),
        Parameter("worker-jobs", .integer, "2000", "Jobs after which a worker is replaced.", bounds: 1...1_000_000),
    ]

    static let operation: [Parameter] = [
        Parameter("log-level", .text, "info", "trace, debug, info, notice, warning, error or critical."),
        Parameter("log-format", .text, "json", "json (one object a line) or text."),
        Parameter("access-log", .switched, "true", "One line for each request."),
        Parameter("access-log-format", .text, "json", "json (like the log) or combined, as Apache and nginx write."),
        Parameter(
            "idle-timeout",
            .duration,
            "60s",
            "Time after which an idle connection is closed.",
            bounds: 100...3_600_000
        ),
        Parameter("shutdown-grace", .duration, "20s", "Time to finish requests on SIGTERM.", bounds: 0...600_000),
    ]
}
