import Edge
import Fleet
import Glibc
import HTTPTypes
import NIOCore
import NIOPosix
import Wire

/// What the edge needs of a machine: a folder and space for the disk tier, descriptors, an upstream that answers.
enum EdgeCheck {
    static func findings(_ configuration: ServeConfiguration) async -> [DoctorCommand.Finding] {
        var findings: [DoctorCommand.Finding] = []
        if configuration.edge.diskBytes > 0 { findings.append(disk(configuration)) }
        findings.append(descriptors(configuration))
        var targets: [(name: String, target: UpstreamTarget)] = []
        if let upstream = configuration.edge.upstream { targets.append(("upstream", upstream)) }
        for peer in configuration.edge.peers where peer.id != configuration.edge.node {
            let target = UpstreamTarget(host: peer.host, port: peer.port, isTLS: peer.scheme == .https)
            targets.append(("peer \(peer.id)", target))
        }
        for (name, target) in targets { findings.append(await reached(name, target)) }
        return findings
    }

    private static func disk(_ configuration: ServeConfiguration) -> DoctorCommand.Finding {
        let folder = configuration.dataFolder + "/cache"
        var finding = FolderCheck.finding("disk cache", folder)
        guard finding.isGood, let free = freeBytes(folder) else { return finding }
        finding.detail += ", \(free / 1_048_576) MiB free of \(configuration.edge.diskBytes / 1_048_576) MiB wanted"
        if free < configuration.edge.diskBytes {
            finding.remedy = "unless the cache is full already: a smaller --disk-cache, or a larger disk"
        }
        return finding
    }

    private static func freeBytes(_ folder: String) -> Int? {
        var status = statvfs()
        // SAFETY: the path lives during the call, which fills the structure and keeps neither.
        guard unsafe statvfs(folder, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// A connection of a viewer may need another one upstream; workers, logs and the disk tier need some more.
    private static func descriptors(_ configuration: ServeConfiguration) -> DoctorCommand.Finding {
        var limit = rlimit()
        // SAFETY: the call fills the structure and keeps nothing.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return DoctorCommand.Finding(name: "descriptors", isGood: false, detail: "the limit cannot be read")
        }
        let allowed = Int(clamping: limit.rlim_max)
        let wanted = configuration.serverLimits.connections + configuration.edge.upstreamConnections + 512
        let isGood = allowed >= wanted
        return DoctorCommand.Finding(
            name: "descriptors",
            isGood: isGood,
            detail: "\(allowed) allowed, \(wanted) wanted for --max-connections and upstream",
            remedy: isGood ? "" : "ulimit -n \(wanted), LimitNOFILE=\(wanted) in the unit, or fewer --max-connections"
        )
    }

    /// Any answer will do: what is asked is whether somebody speaks HTTP there.
    private static func reached(_ name: String, _ target: UpstreamTarget) async -> DoctorCommand.Finding {
        var finding = DoctorCommand.Finding(name: name, isGood: true, detail: "\(target)")
        var timeouts = UpstreamTimeouts()
        timeouts.whole = .seconds(5)
        do {
            let pool = try UpstreamPool(group: MultiThreadedEventLoopGroup.singleton)
            let request = HTTPRequest(method: .head, scheme: nil, authority: target.authority, path: "/")
            do throws(UpstreamError) {
                let response = try await pool.exchange(request, to: target, timeouts: timeouts)
                response.body.cancel()
                finding.detail += " answers (\(response.head.status.code) for /)"
            } catch {
                finding.isGood = false
                finding.detail += " does not answer: \(error.detail)"
                finding.remedy = "start it, or correct the address and what stands between"
            }
            await pool.shutdown()
        } catch {
            finding.isGood = false
            finding.detail += ": \(error)"
        }
        return finding
    }
}
