import ArgumentParser
import DeliveryTypes
import Imaging
import Origin
import Originals
import Rendering

/// `vitrine import PATH…`: files and folders into the store of originals, resumable.
struct ImportCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store pictures from files and folders as originals."
    )
    static let usage = "import PATH… [--owner NAME] [--private] [--json] [settings]"
    static let ownFlags = [
        (name: "owner", help: "Creator that the pictures belong to."),
        (name: "jobs", help: "Files in work at once [4]."),
        (name: "journal", help: "File that remembers what is done [DATA/import.ndjson]."),
    ]
    static let ownSwitches = [
        (name: "private", help: "Deliver only under signed URLs that expire."),
        (name: "json", help: "Print one JSON line for each file; without it only failures and the sum are shown."),
        (name: "no-journal", help: "Look at every file again."),
        (name: "follow-links", help: "Follow symbolic links below the paths."),
    ]
    static let shownParameters: Set<String>? = [
        "data", "store", "max-upload-size", "max-src-resolution", "max-animation-frames", "workers",
    ]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        guard !flags.operands.isEmpty else {
            throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
        let configuration = try ServeConfiguration(parameters)
        guard let jobs = Int(flags.own["jobs"] ?? "4"), (1...64).contains(jobs) else {
            throw CommandFailure(message: "--jobs is a number from 1 to 64", exitCode: 64)
        }
        let attributes = IngestAttributes(
            owner: flags.own["owner"],
            visibility: flags.own["private"] == nil ? .public : .private
        )
        let isJSON = flags.own["json"] != nil
        let stores = try await StoreAssembly(configuration)
        let originals = stores.originals
        let journal = flags.own["journal"] ?? configuration.dataFolder + "/import.ndjson"
        let journalPath = flags.own["no-journal"] == nil ? journal : nil
        let followsLinks = flags.own["follow-links"] != nil
        let operands = flags.operands
        let limits = configuration.origin.limits
        let progress = try await CommandPool.withPool(configuration.pool) { pool in
            let inspection = PictureInspection(pool: pool, limits: limits)
            var run = ImportRun(
                originals: originals,
                isPicture: { FormatSniffer.finding(for: $0.span) != nil },
                inspect: { try await inspection.facts(of: $0, tenant: TenantID("import")) }
            )
            run.attributes = attributes
            run.journalPath = journalPath
            run.concurrency = jobs
            run.followsLinks = followsLinks
            let display = ImportDisplay(isJSON: isJSON)
            defer { display.finish() }
            return try await run.run(paths: operands) { result, progress in display.show(result, progress) }
        }
        await stores.shutdown()
        if !isJSON {
            Terminal.say(
                "\(progress.stored) stored, \(progress.existed) existed, \(progress.skipped) skipped, "
                    + "\(progress.failed) failed"
            )
        }
        if progress.failed > 0 {
            throw CommandFailure(message: "\(progress.failed) of \(progress.filesDone) files failed")
        }
    }
}
