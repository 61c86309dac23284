import ArgumentParser
import Settings

/// `vitrine settings conformance`: answers the cases of GrowthBook's cross-SDK suite, a line for a line.
struct SettingsConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Answer cases of GrowthBook's cross-SDK suite from standard input, one JSON object per line.",
        discussion: """
            {"id":1,"section":"hash","input":["seed","value",2]} is answered with {"id":1,"output":…}, or with
            {"id":1,"skip":"why"} where it is no case.
            """
    )

    func run() throws {
        let run = ConformanceRun()
        while let line = readLine(strippingNewline: true) {
            if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            Terminal.say(run.answer(line: line))
        }
    }
}
