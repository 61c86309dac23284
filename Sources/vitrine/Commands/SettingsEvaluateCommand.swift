import ArgumentParser
import FoundationEssentials
import HTTPTypes

/// `vitrine settings evaluate`: what a user with these attributes gets from a running node, and why.
struct SettingsEvaluateCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Show what a user with these attributes gets, and why."
    )
    static let usage = "settings evaluate --app NAME (--attributes JSON | attributes.json) [--admin URL]"
    static let ownFlags = [
        SettingsDesk.appFlag,
        (name: "attributes", help: "A JSON object such as {\"id\":\"u1\",\"country\":\"DE\"}."),
        AdminClient.adminFlag,
    ]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...1, usage: Self.usage)
        let attributes: [UInt8]
        switch (flags.own["attributes"], flags.operands.first) {
        case (let text?, nil): attributes = Array(text.utf8)
        case (nil, let path?): attributes = try FeaturesFile.read(path)
        default: throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
        let answer = try await desk.ask(.post, "/\(try desk.app())/evaluate", body: attributes)
        Terminal.say(String(decoding: answer, as: UTF8.self).trimmingSuffix { $0 == "\n" })
    }
}

extension String {
    /// Without the characters at the end that `isOmitted` says yes to.
    fileprivate func trimmingSuffix(_ isOmitted: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, isOmitted(last) { text.removeLast() }
        return String(text)
    }
}
