import DeliveryTypes
import FoundationEssentials
import Logging
import Origin
import Originals
import Rendering
import Telemetry
import Wire

/// The settings of `vitrine serve` as typed values, checked as a whole.
struct ServeConfiguration: Sendable {
    struct Listener: Sendable {
        var host: String
        var port: Int

        var isLoopback: Bool { AccessPolicy.isLoopback(authority: host.contains(":") ? "[\(host)]" : host) }
    }

    var dataFolder: String
    var store: StoreLocation
    /// What the buckets of `s3://` sources are read from; `nil` without credentials.
    var sourceService: S3Service?
    var sourceBuckets: [String]
    var roles: Set<Role>
    var listener: Listener
    var adminListener: Listener
    var isUnsafe: Bool
    var signatureSize: Int
    var trustedSignatures: [String]
    /// As configured; where empty, `DATA/secrets.json` is used.
    var keys: [String]
    var salts: [String]
    var tokens: [String]
    var origin: OriginSettings
    var edge: EdgeConfiguration
    var settings: SettingsConfiguration
    var usage: UsageConfiguration
    var serverLimits: ServerLimits
    var sources: SourceConfiguration
    var pool: RenderPoolConfiguration
    var logLevel: Logger.Level
    var logFormat: LogFormat
    var idleTimeout: Duration
    var shutdownGrace: Duration

    /// - Throws: `ConfigurationError` with everything that is wrong.
    init(_ parameters: ResolvedParameters) throws(ConfigurationError) {
        var reader = ParameterReader(parameters)
        dataFolder = reader.text("data") ?? "./vitrine-data"
        store = StoreLocation(reading: &reader, dataFolder: dataFolder)
        sourceService = S3Service(reading: &reader)
        sourceBuckets = reader.list("s3-sources")
        if !sourceBuckets.isEmpty, sourceService == nil {
            reader.complain("s3-sources", "needs s3-access-key and s3-secret-key")
        }
        if case .bucket(let location) = store, sourceBuckets.contains(location.bucket) {
            reader.complain("s3-sources", "names the bucket of the originals, private ones included")
        }
        roles = Role.read(&reader)
        let address = reader.address("listen")
        listener = Listener(host: address.host, port: address.port)
        let adminAddress = reader.address("admin-listen")
        adminListener = Listener(host: adminAddress.host, port: adminAddress.port)
        isUnsafe = reader.switched("unsafe")
        signatureSize = reader.integer("signature-size")
        trustedSignatures = reader.list("trusted-signatures")
        keys = reader.list("key")
        salts = reader.list("salt")
        tokens = reader.list("token")
        if keys.count != salts.count {
            reader.complain("salt", "has \(salts.count) entries while key has \(keys.count); they come in pairs")
        }
        origin = OriginSettings(reading: &reader)
        edge = EdgeConfiguration(reading: &reader)
        settings = SettingsConfiguration(reading: &reader, upstream: edge.upstream)
        usage = UsageConfiguration(reading: &reader, dataFolder: dataFolder)
        serverLimits = ServerLimits(reading: &reader)
        sources = SourceConfiguration(reading: &reader)
        pool = RenderPoolConfiguration(reading: &reader)
        logLevel = Logger.Level(rawValue: reader.text("log-level") ?? "info") ?? .info
        if Logger.Level(rawValue: reader.text("log-level") ?? "info") == nil {
            reader.complain(
                "log-level",
                "is not one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        logFormat = LogFormat(rawValue: reader.text("log-format") ?? "json") ?? .json
        if LogFormat(rawValue: reader.text("log-format") ?? "json") == nil {
            reader.complain("log-format", "is not json or text")
        }
        idleTimeout = reader.duration("idle-timeout")
        shutdownGrace = reader.duration("shutdown-grace")
        pool.drainLimit = shutdownGrace
        if !roles.contains(.origin), roles.contains(.edge), edge.upstream == nil {
            reader.complain("upstream", "is needed by an edge without an origin in the same process")
        }
        checkKeys(&reader)
        try reader.finish()
    }

    /// A malformed key shows at once, not at the first request.
    private func checkKeys(_ reader: inout ParameterReader) {
        guard keys.count == salts.count else { return }
        do throws(SignatureKeyringError) {
            _ = try SignatureKeyring(keys: keys, salts: salts, signatureSize: max(1, signatureSize))
        } catch {
            reader.complain("key", "cannot be used: \(error)")
        }
    }

    /// The keyring and the tokens in force; made and kept in the data folder where none are configured.
    func secrets() throws(ConfigurationError) -> (keyring: SignatureKeyring, tokens: [String]) {
        var keys = keys
        var salts = salts
        var tokens = tokens
        if keys.isEmpty || tokens.isEmpty {
            let kept = try Secrets.loadOrCreate(folder: dataFolder)
            if keys.isEmpty { (keys, salts) = (kept.keys, kept.salts) }
            if tokens.isEmpty { tokens = kept.tokens }
        }
        do throws(SignatureKeyringError) {
            let keyring = try SignatureKeyring(
                keys: keys,
                salts: salts,
                signatureSize: signatureSize,
                trustedSignatures: trustedSignatures
            )
            return (keyring, tokens)
        } catch {
            throw ConfigurationError(problems: ["the signature keys cannot be used: \(error)"])
        }
    }
}
