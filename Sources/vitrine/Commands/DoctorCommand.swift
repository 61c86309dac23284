import ArgumentParser
import DeliveryTypes
import FoundationEssentials
import HTTPSemantics
import Imaging
import Logging
import Origin
import Rendering

/// `vitrine doctor`: tries what a server needs on this machine and names what is missing and the remedy.
struct DoctorCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check this machine: libraries, formats, fonts, sandbox, folders, descriptors, upstream."
    )
    static let usage = "doctor [--json]"
    static let ownSwitches = [(name: "json", help: "Print one JSON object.")]
    static let shownParameters: Set<String>? = [
        "data", "workers", "worker-memory", "roles", "disk-cache", "max-connections", "upstream", "peers",
    ]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    struct Finding: Sendable {
        var name: String
        var isGood: Bool
        var detail: String
        /// What to do about it; empty when all is well.
        var remedy = ""
    }

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let configuration = try ServeConfiguration(parameters)
        var findings = [library()] + CompressionCheck.findings()
        var settings = configuration.pool
        settings.workerCount = 1
        findings += try await CommandPool.withPool(settings, logLevel: .error) { pool in
            var findings = await Self.formats(pool)
            findings.append(Self.sandbox(pool.statistics.sandbox))
            return findings
        }
        findings.append(FolderCheck.finding("data folder", configuration.dataFolder))
        if configuration.roles.contains(.edge) { findings += await EdgeCheck.findings(configuration) }
        findings += try await UsageCheck.findings(dataFolder: configuration.dataFolder)
        if flags.own["json"] != nil {
            Terminal.say("[" + findings.map(Self.json).joined(separator: ",\n ") + "]")
        } else {
            let width = (findings.map(\.name.count).max() ?? 0) + 2
            for finding in findings {
                let name = finding.name + String(repeating: " ", count: width - finding.name.count)
                Terminal.say((finding.isGood ? "ok       " : "MISSING  ") + name + finding.detail)
                if !finding.remedy.isEmpty {
                    Terminal.say(String(repeating: " ", count: 9 + width) + "→ " + finding.remedy)
                }
            }
        }
        if findings.contains(where: { !$0.isGood }) {
            throw CommandFailure(message: "something is missing on this machine; the remedies are above")
        }
    }

    private func library() -> Finding {
        let version = ImagingEngine.libraryVersion
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let isGood = parts.count >= 2 && (parts[0], parts[1]) >= (8, 14)
        return Finding(
            name: "libvips",
            isGood: isGood,
            detail: version,
            remedy: isGood ? "" : "needs 8.14 or later: apt-get install libvips-dev, then build again"
        )
    }

    /// Writes a small picture in every format and reads it back, in a worker.
    private static func formats(_ pool: RenderPool) async -> [Finding] {
        var findings: [Finding] = []
        for format in ImageFormat.allCases where format.isWritable {
            var finding = Finding(name: format.rawValue, isGood: true, detail: "read and written")
            do {
                var transformation = Transformation()
                transformation.format = format
                transformation.background = Color(red: 255, green: 255, blue: 255)
                let written = try await pool.run(
                    RenderJob(task: .rendition(transformation, .format(format))),
                    sources: [try SharedBytes(copying: Array(sample.utf8))],
                    tenant: TenantID("doctor")
                )
                let read = try await pool.run(
                    RenderJob(task: .inspect),
                    sources: [try SharedBytes(copying: written.bytes)],
                    tenant: TenantID("doctor")
                )
                guard read.head.source.format == format else {
                    throw CommandFailure(message: "came back as \(read.head.source.format.rawValue)")
                }
            } catch {
                finding.isGood = false
                finding.detail = "\(error)"
                finding.remedy = "apt-get install libvips42 libheif1 libjxl0.7"
            }
            findings.append(finding)
        }
        return findings
    }

    private static func sandbox(_ report: SandboxReport?) -> Finding {
        guard let report else {
            return Finding(
                name: "sandbox",
                isGood: false,
                detail: "no worker started",
                remedy: "see the messages above"
            )
        }
        let isFull = report.level == .full
        return Finding(
            name: "sandbox",
            isGood: isFull,
            detail: "\(report)",
            remedy: isFull ? "" : "run on a kernel with landlock and seccomp; containers may have to allow them"
        )
    }

    private static func json(_ finding: Finding) -> String {
        "{\"name\":\(JSONText.quoted(finding.name)),\"ok\":\(finding.isGood),"
            + "\"detail\":\(JSONText.quoted(finding.detail)),\"remedy\":\(JSONText.quoted(finding.remedy))}"
    }

    /// A picture with text, so that fonts are tried as well.
    private static let sample = """
        <svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"><rect width="48" height="32" fill="#c62"/>\
        <circle cx="24" cy="16" r="10" fill="#26c"/></svg>
        """
}
