import ArgumentParser
import DeliveryTypes
import FoundationEssentials
import Glibc
import HTTPSemantics
import Origin

/// `vitrine url SOURCE`: a signed delivery URL.
struct URLCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "url", abstract: "Sign a delivery URL.")
    static let usage = "url SOURCE [--options rs:fill:300:200/q:80] [--format webp] [--base http://host] [--info]"
    static let ownFlags = [
        (name: "options", help: "Options as in a URL, such as rs:fill:300:200/q:80."),
        (name: "format", help: "Extension of the result; none leaves it to negotiation."),
        (name: "base", help: "Scheme and host to put in front."),
        (name: "expires-in", help: "Seconds until the URL expires; private originals need it."),
    ]
    static let ownSwitches = [
        (name: "info", help: "A URL for /info instead of a picture."),
        (name: "base64", help: "Write the source in Base64 instead of plain."),
        (name: "json", help: "Print one JSON object."),
    ]
    static let shownParameters: Set<String>? = ["data", "key", "salt", "signature-size", "presets"]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        guard flags.operands.count == 1 else {
            throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
        let configuration = try ServeConfiguration(parameters)
        let keyring = try configuration.secrets().keyring
        var options = flags.own["options"] ?? ""
        if let text = flags.own["expires-in"] {
            guard let seconds = Int64(text), seconds > 0 else {
                throw CommandFailure(message: "--expires-in is a positive number of seconds", exitCode: 64)
            }
            options += (options.isEmpty ? "" : "/") + "exp:\(Int64(time(nil)) + seconds)"
        }
        let path = try Self.signedPath(options: options, flags: flags, configuration: configuration)
        guard let signed = keyring.sign(path) else { throw CommandFailure(message: "there is no signature key") }
        let url = (flags.own["base"] ?? "") + (flags.own["info"] == nil ? "/img" : "/info") + signed
        Terminal.say(flags.own["json"] == nil ? url : "{\"url\":\(JSONText.quoted(url))}")
    }

    /// The path to sign, read back as the server would read it, so that a bad option shows here.
    private static func signedPath(
        options: String,
        flags: FlagParser,
        configuration: ServeConfiguration
    ) throws -> String {
        do {
            let source = try SourceReference(parsing: flags.operands[0])
            var format: ImageFormat?
            if let name = flags.own["format"] {
                guard let known = ImageFormat(name: name) else {
                    throw CommandFailure(message: "\"\(name)\" is not a picture format", exitCode: 64)
                }
                format = known
            }
            let path = DeliveryPath.signedPart(
                options: options,
                source: source,
                format: format,
                form: flags.own["base64"] == nil ? .plain : .base64
            )
            let purpose: DeliveryPath.Purpose = flags.own["info"] == nil ? .rendition : .information
            _ = try DeliveryPath(parsing: "/x" + path, purpose: purpose, presets: configuration.origin.presets)
            return path
        } catch let error as TransformationError {
            throw CommandFailure(message: error.description, exitCode: 64)
        }
    }
}
