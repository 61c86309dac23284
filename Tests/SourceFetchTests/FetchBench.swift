import DeliveryTypes
import NIOCore
import Originals
import Rendering
import Synchronization
import Testing

/// May reach the hostile origin's address, and nothing else on this machine.
func configured(_ change: (inout SourceConfiguration) -> Void = { _ in }) -> SourceConfiguration {
    var remote = RemoteConfiguration()
    remote.addresses.exceptions = [AddressBlock(HostileOrigin.address)].compactMap(\.self)
    var configuration = SourceConfiguration(allowed: SourceAllowList(["*"]), remote: remote)
    change(&configuration)
    return configuration
}

func withFetcher(
    _ configuration: SourceConfiguration = configured(),
    resolver: any HostResolver = ScriptedResolver([:]),
    _ body: (SourceFetcher) async throws -> Void
) async throws {
    let fetcher = SourceFetcher(configuration: configuration, resolver: resolver)
    do {
        try await body(fetcher)
    } catch {
        await fetcher.shutdown()
        throw error
    }
    await fetcher.shutdown()
}

extension FetchedSource {
    func text() throws -> String { String(buffer: try bytes.read(at: 0, count: bytes.count)) }
}

extension SourceFetcher {
    /// The bytes behind a URL, as text.
    func text(_ url: String, limits: FetchLimits? = nil) async throws -> String {
        try await fetch(.remote(url), limits: limits).text()
    }

    func expect(
        _ expected: String,
        at url: String,
        limits: FetchLimits? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let text = try await text(url, limits: limits)
        #expect(text == expected, sourceLocation: sourceLocation)
    }
}

/// A name server that gives each name's answers one after the other, and the last for ever.
final class ScriptedResolver: HostResolver {
    private let answers: Mutex<[String: [[String]]]>
    private let asked = Mutex<[String]>([])

    /// Names that were looked up, in order.
    var lookups: [String] { asked.withLock { $0 } }

    init(_ answers: [String: [[String]]]) {
        self.answers = Mutex(answers)
    }

    func addresses(of host: String) async throws(SourceError) -> [IPAddress] {
        asked.withLock { $0.append(host) }
        let answer = answers.withLock { answers -> [String]? in
            guard let all = answers[host], let first = all.first else { return nil }
            if all.count > 1 { answers[host] = Array(all.dropFirst()) }
            return first
        }
        guard let answer else { throw .unreachable }
        return answer.compactMap { IPAddress($0) }
    }
}

/// A name server that never answers, but notices cancellation.
struct HangingResolver: HostResolver {
    func addresses(of host: String) async throws(SourceError) -> [IPAddress] {
        let (never, source) = AsyncStream.makeStream(of: Void.self)
        // Ends only when the task is cancelled.
        for await _ in never {}
        source.finish()
        throw .cancelled
    }
}
