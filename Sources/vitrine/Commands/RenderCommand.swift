import ArgumentParser
import DeliveryTypes
import FoundationEssentials
import Glibc
import HTTPSemantics
import NIOCore
import Origin
import Rendering

/// `vitrine render IN OUT --options …`: one rendition without a server, through the same sandboxed worker.
struct RenderCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "render", abstract: "Render one file to another.")
    static let usage = "render IN OUT [--options rs:fill:300:200/q:80] [--json]"
    static let ownFlags = [(name: "options", help: "Options as in a URL, such as rs:fill:300:200/q:80.")]
    static let ownSwitches = [(name: "json", help: "Print facts about the result as one JSON object.")]
    static let shownParameters: Set<String>? = [
        "quality", "format-quality", "max-src-resolution", "max-src-file-size", "max-animation-frames",
        "max-result-dimension", "render-deadline", "worker-memory", "presets", "avif-effort", "jxl-effort",
        "webp-effort",
    ]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        guard flags.operands.count == 2 else {
            throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
        let (input, output) = (flags.operands[0], flags.operands[1])
        let configuration = try ServeConfiguration(parameters)
        let transformation = try Self.transformation(flags, output: output, configuration: configuration)
        let source: SharedBytes
        do throws(SharedBytesError) {
            source = try SharedBytes(openingFile: input)
        } catch {
            throw CommandFailure(message: "cannot read \(input): \(error)")
        }
        var settings = configuration.pool
        settings.workerCount = 1
        let job = RenderJob(
            task: .rendition(transformation, transformation.format.map(RenditionTarget.format) ?? .negotiated([])),
            limits: configuration.origin.limits,
            defaults: configuration.origin.defaults
        )
        let result: RenderResult
        do {
            result = try await CommandPool.withPool(settings) { pool in
                try await pool.run(job, sources: [source], tenant: TenantID("command"))
            }
        } catch RenderingError.failed(let failure) {
            throw CommandFailure(message: "\(input): \(failure.message)")
        }
        try Self.write(result.bytes, to: output)
        if flags.own["json"] != nil { Terminal.say(Self.facts(result)) }
    }

    /// Reads the options; the result's format is that of OUT's extension where the options name none.
    private static func transformation(
        _ flags: FlagParser,
        output: String,
        configuration: ServeConfiguration
    ) throws -> Transformation {
        do {
            let options = (flags.own["options"] ?? "").split(separator: "/", omittingEmptySubsequences: true)
            var transformation = try Transformation(parsing: options, presets: configuration.origin.presets)
            if transformation.format == nil, let dot = output.lastIndex(of: "."), !output[dot...].contains("/") {
                guard let format = ImageFormat(name: output[output.index(after: dot)...]), format.isWritable else {
                    throw CommandFailure(message: "\(output) does not end in a format that is written", exitCode: 64)
                }
                transformation.format = format
            }
            guard transformation.layerSources.isEmpty, transformation.watermark == nil else {
                throw CommandFailure(message: "render takes no watermark and no picture layers", exitCode: 64)
            }
            return transformation
        } catch let error as TransformationError {
            throw CommandFailure(message: error.description, exitCode: 64)
        }
    }

    /// Writes beside the target and renames, so that no half-written file is ever seen.
    private static func write(_ bytes: [UInt8], to path: String) throws {
        let temporary = path + ".\(getpid()).tmp"
        do {
            try Data(bytes).write(to: URL(filePath: temporary))
        } catch {
            throw CommandFailure(message: "cannot write \(path): \(error)")
        }
        // SAFETY: both strings live for the duration of the call, which keeps no pointer.
        if unsafe rename(temporary, path) != 0 {
            let reason = errno
            // SAFETY: as above.
            _ = unsafe unlink(temporary)
            throw CommandFailure(message: "cannot write \(path): errno \(reason)")
        }
    }

    private static func facts(_ result: RenderResult) -> String {
        let head = result.head
        return "{\"format\":\(JSONText.quoted(head.format?.rawValue ?? "")),\"width\":\(head.size?.width ?? 0),"
            + "\"height\":\(head.size?.height ?? 0),\"bytes\":\(result.bytes.count),\"frames\":\(head.frames),"
            + "\"quality\":\(head.quality.map(String.init) ?? "null"),\"worker_ms\":"
            + "\(Double(head.workerMicroseconds) / 1000)}"
    }
}
