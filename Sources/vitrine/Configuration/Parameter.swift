/// One setting of the server: a flag `--name`, an environment variable `VITRINE_NAME` and a YAML key `name`.
///
/// The table `Parameter.all` is the only list of them: flags, `config print`, the help and
/// docs/operations/parameters.md are made from it.
struct Parameter: Sendable {
    enum Kind: String, Sendable {
        case text
        case switched = "on/off"
        case integer
        case number
        /// `512`, `64KiB`, `100MiB`, `1GiB`.
        case bytes
        /// `250ms`, `10s`, `5m`, `1h`, `30d`.
        case duration
        /// Comma-separated, or a YAML sequence.
        case list
        /// `HOST:PORT`; port 0 takes a free one.
        case address
    }

    var name: String
    var kind: Kind
    /// Text of the default; `nil` is "none".
    var fallback: String?
    var help: String
    var isSecret: Bool
    /// Bounds for numbers, bytes (in bytes) and durations (in milliseconds).
    var bounds: ClosedRange<Double>?

    init(
        _ name: String,
        _ kind: Kind,
        _ fallback: String?,
        _ help: String,
        bounds: ClosedRange<Double>? = nil,
        secret: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.fallback = fallback
        self.help = help
        self.bounds = bounds
        isSecret = secret
    }

    /// The environment variable of the same name: upper case, dashes as underscores.
    var environmentName: String {
        "VITRINE_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
}
