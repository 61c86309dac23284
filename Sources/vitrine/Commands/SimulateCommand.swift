import ArgumentParser
import Caching

/// `vitrine simulate TRACE`: what the cache's policy and others would have missed.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay a trace of requests against eviction policies.",
        discussion: """
            Prints object, byte and cost-weighted miss ratios. TRACE may end in .xz, .zst or .gz (unpacked with the \
            program of that name), or be - for standard input. "vitrine" is the policy in use, "belady" knows the \
            future.
            """
    )

    @Argument(help: "File of requests.") var trace: String
    @Option(help: "oracleGeneral, csv, be32 or be64; otherwise told by the file's name.") var format: String?
    @Option(help: "Columns of a CSV trace, such as obj-id-col=2,obj-size-col=3,cost-col=4,has-header=true.")
    var columns = ""
    @Option(help: "Policies, separated by commas: lru, fifo, sieve, s3fifo, wtinylfu, vitrine, belady [all].")
    var policy: String?
    @Option(help: "Cache sizes, separated by commas: shares of the footprint or bytes.") var size = "1%,10%"
    @Flag(help: "Let every object count as one; sizes are numbers of objects then.") var unitSize = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        do {
            let report = try report()
            Terminal.say(json ? report.json : report.text)
        } catch let error as TraceError {
            throw CommandFailure(message: "\(trace): \(error)", exitCode: Self.isWrongCall(error) ? 64 : 1)
        }
    }

    private func report() throws -> SimulationReport {
        let sizes = try size.split(separator: ",").map { try CacheSize(parsing: String($0)) }
        let policies = try policy?.split(separator: ",").map { try SimulatedPolicy(named: String($0)) }
        let layout = try CSVLayout(parsing: columns)
        let told = format.map { TraceFormat(name: $0, layout: layout) } ?? TraceFormat(fileName: trace, layout: layout)
        guard let told else {
            let names = TraceFormat.names.joined(separator: ", ")
            throw CommandFailure(message: "--format is one of \(names)", exitCode: 64)
        }
        var requests = Trace()
        var reader = TraceReader(format: told)
        try TraceFile.read(trace) { chunk in
            try reader.feed(chunk) { requests.append($0) }
        }
        try reader.finish { requests.append($0) }
        return try TraceSimulator(requests, hasUnitSize: unitSize || !told.hasSizes)
            .run(policies: policies ?? SimulatedPolicy.allCases, sizes: sizes)
    }

    private static func isWrongCall(_ error: TraceError) -> Bool {
        switch error {
        case .badLayout, .badSize, .unknownPolicy: true
        case .truncated, .badLine, .tooLong, .empty: false
        }
    }
}
