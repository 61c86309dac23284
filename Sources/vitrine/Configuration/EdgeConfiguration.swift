import Caching
import Edge
import Fleet
import HTTPSemantics
import NIOCore
import Wire

/// The settings of the edge role.
struct EdgeConfiguration: Sendable {
    var upstream: UpstreamTarget?
    var timeouts = UpstreamTimeouts()
    var upstreamConnections: Int
    var concurrency: Int
    var queue: Int
    var memoryBytes: Int
    var diskBytes: Int
    var storedBytesMax: Int
    var leaderAge: Duration
    var patience: Duration
    var followersMax: Int
    /// `nil` for a random one.
    var node: String?
    var peers: [Node] = []
    var clientRate: RatePolicy?
    var tenantRate: RatePolicy?
    var derives: Bool
    var auditInterval: Int
    var accessLogFormat: AccessLogFormat

    init(reading reader: inout ParameterReader) {
        upstream = Self.upstream(&reader)
        timeouts.head = Self.amount(reader.duration("upstream-timeout"))
        timeouts.stall = Self.amount(reader.duration("upstream-stall"))
        timeouts.connect = Self.amount(reader.duration("upstream-connect-timeout"))
        upstreamConnections = reader.integer("upstream-connections")
        concurrency = reader.integer("upstream-concurrency")
        queue = reader.integer("upstream-queue")
        memoryBytes = reader.bytes("memory-cache")
        diskBytes = reader.bytes("disk-cache")
        storedBytesMax = reader.bytes("max-stored-size")
        leaderAge = reader.duration("collapse-leader-age")
        patience = reader.duration("collapse-patience")
        followersMax = reader.integer("collapse-followers")
        derives = reader.switched("derive")
        auditInterval = reader.integer("derive-audit")
        node = reader.text("node").flatMap { $0.isEmpty ? nil : $0 }
        if let node, !node.utf8.allSatisfy(Self.isNameByte) || node.utf8.count > 63 {
            reader.complain("node", "is not a name of up to 63 letters, digits, hyphens, dots and underscores")
        }
        let format = reader.text("access-log-format") ?? "json"
        accessLogFormat = AccessLogFormat(rawValue: format) ?? .json
        if AccessLogFormat(rawValue: format) == nil { reader.complain("access-log-format", "is not json or combined") }
        clientRate = Self.rate("client", &reader)
        tenantRate = Self.rate("tenant", &reader)
        do throws(FleetError) {
            for entry in reader.list("peers") { peers.append(try Node(peer: entry)) }
            if !peers.isEmpty {
                _ = try PeerSet(peers, ourselves: node ?? "")
            }
        } catch {
            reader.complain("peers", "cannot be used: \(error); --node names this one")
        }
    }

    private static func rate(_ name: String, _ reader: inout ParameterReader) -> RatePolicy? {
        let perSecond = reader.number(name + "-rate")
        let burst = reader.integer(name + "-burst")
        guard perSecond > 0 else { return nil }
        return RatePolicy(name: name, perSecond: perSecond, burst: burst)
    }

    private static func amount(_ duration: Duration) -> TimeAmount {
        .nanoseconds(Int64(duration / .nanoseconds(1)))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// `http://host[:port]`, nothing after it.
    private static func upstream(_ reader: inout ParameterReader) -> UpstreamTarget? {
        guard let text = reader.text("upstream"), !text.isEmpty else { return nil }
        do throws(FleetError) {
            let node = try Node(peer: text.hasSuffix("/") ? String(text.dropLast()) : text)
            return UpstreamTarget(host: node.host, port: node.port, isTLS: node.scheme == .https)
        } catch {
            reader.complain("upstream", "is not http(s)://HOST[:PORT]")
            return nil
        }
    }
}
