import Fleet
import HTTPSemantics
import Publication
import Wire

/// The settings of what delivers settings.
struct SettingsConfiguration: Sendable {
    /// The setting that picture experiments are read from.
    struct PictureExperiment: Sendable, Equatable {
        var app: String
        var setting: String
    }

    struct Shadow: Sendable {
        var target: UpstreamTarget
        /// Of the requests, 0…1.
        var share: Double
    }

    var poll: Duration
    /// Where an edge without an origin in the same process learns of settings; `nil` for nowhere.
    var origin: UpstreamTarget?
    var rate: RatePolicy?
    var streamsMax: Int
    /// `nil` for the origin's store, else `DATA/users`.
    var stateStore: StoreLocation?
    var stateCacheBytes: Int
    var stateTimeout: Duration
    var exposureWindow: Duration
    var usageLogBytes: Int
    var pictureExperiment: PictureExperiment?
    var viewerCookie: String
    var shadow: Shadow?

    init(reading reader: inout ParameterReader, upstream: UpstreamTarget?) {
        poll = reader.duration("settings-poll")
        origin = Self.origin(&reader, upstream: upstream)
        let perSecond = reader.number("settings-rate")
        let burst = reader.integer("settings-burst")
        rate = perSecond > 0 ? RatePolicy(name: "settings", perSecond: perSecond, burst: burst) : nil
        streamsMax = reader.integer("settings-streams")
        stateStore = StoreLocation(reading: &reader, named: "state-store")
        stateCacheBytes = reader.bytes("state-cache")
        stateTimeout = reader.duration("state-timeout")
        exposureWindow = reader.duration("exposure-window")
        usageLogBytes = reader.bytes("usage-log-size")
        pictureExperiment = Self.pictureExperiment(&reader)
        viewerCookie = reader.text("viewer-cookie") ?? "vid"
        if viewerCookie.isEmpty || !viewerCookie.utf8.allSatisfy(Self.isTokenByte) {
            reader.complain("viewer-cookie", "is not a cookie's name")
        }
        shadow = Self.shadow(&reader)
    }

    private static func pictureExperiment(_ reader: inout ParameterReader) -> PictureExperiment? {
        guard let text = reader.text("picture-experiment"), !text.isEmpty else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, AppName(parts[0]) != nil else {
            reader.complain("picture-experiment", "is not APP/SETTING")
            return nil
        }
        return PictureExperiment(app: String(parts[0]), setting: String(parts[1]))
    }

    private static func shadow(_ reader: inout ParameterReader) -> Shadow? {
        let share = reader.number("shadow-share")
        guard share > 0, let target = target("shadow-url", &reader) else { return nil }
        return Shadow(target: target, share: share)
    }

    private static func origin(_ reader: inout ParameterReader, upstream: UpstreamTarget?) -> UpstreamTarget? {
        switch reader.text("settings-origin") {
        case nil, "": upstream
        case "none": nil
        default: target("settings-origin", &reader)
        }
    }

    private static func target(_ name: String, _ reader: inout ParameterReader) -> UpstreamTarget? {
        guard let text = reader.text(name), !text.isEmpty else { return nil }
        do throws(FleetError) {
            let node = try Node(peer: text.hasSuffix("/") ? String(text.dropLast()) : text)
            return UpstreamTarget(host: node.host, port: node.port, isTLS: node.scheme == .https)
        } catch {
            reader.complain(name, "is not http(s)://HOST[:PORT]")
            return nil
        }
    }

    /// RFC 6265 §4.1.1: a cookie's name is a token (RFC 9110 §5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
