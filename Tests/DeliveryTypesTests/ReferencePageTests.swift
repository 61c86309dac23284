import DeliveryTypes
import Testing

@Suite("The reference of the URL grammar")
struct ReferencePageTests {
    /// The names in backticks of every third-level heading below a second-level heading.
    private static func headings(under section: String) throws -> [[String]] {
        var isInside = false
        var headings: [[String]] = []
        for line in try FixtureFile.text("docs/formats/url.md").split(separator: "\n") {
            if line.hasPrefix("## ") { isInside = line == "## \(section)" }
            guard isInside, line.hasPrefix("### ") else { continue }
            headings.append(
                line.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            )
        }
        return headings
    }

    @Test("has a heading with all names for every option of a rendition, and no other")
    func renditionOptions() throws {
        let documented = try Self.headings(under: "Options")
        #expect(documented.sorted(by: Self.byName) == URLOption.rendition.map(\.names).sorted(by: Self.byName))
    }

    @Test("has a heading with all names for every option of information, and no other")
    func informationOptions() throws {
        let documented = try Self.headings(under: "Information options")
        #expect(documented.sorted(by: Self.byName) == URLOption.information.map(\.names).sorted(by: Self.byName))
    }

    @Test("gives only examples that the parser reads")
    func examples() throws {
        let presets = try Presets(["sharp=sh:1"])
        let page = try FixtureFile.text("docs/formats/url.md")
        let sections = page.split(separator: "## Information options")
        var count = 0
        for (section, purpose) in zip(sections, [DeliveryPath.Purpose.rendition, .information]) {
            for line in section.split(separator: "Example:").dropFirst() {
                let options = line.split(separator: "`")[1]
                let path = options.hasPrefix("/img") ? String(options.dropFirst(4)) : "/s/\(options)/plain/http://h/a"
                _ = try DeliveryPath(parsing: path, purpose: purpose, presets: presets)
                count += 1
            }
        }
        #expect(count >= URLOption.rendition.count)
    }

    @Test("states the limits that hold")
    func limits() throws {
        let page = try FixtureFile.text("docs/formats/url.md")
        let rows = [
            "| path from the signature on | \(Self.grouped(GrammarLimits.pathBytesMax)) bytes |",
            "| options, those of presets included | \(GrammarLimits.optionsMax) |",
            "| arguments of one option | \(GrammarLimits.argumentsMax) |",
            "| presets inside one another | \(GrammarLimits.presetDepthMax) deep; "
                + "\(Self.grouped(GrammarLimits.presetsMax)) presets |",
            "| text and picture layers | \(GrammarLimits.layersMax) |",
            "| one text / font name | \(Self.grouped(GrammarLimits.textBytesMax)) / "
                + "\(GrammarLimits.fontBytesMax) bytes |",
            "| source, decoded | \(Self.grouped(GrammarLimits.sourceBytesMax)) bytes |",
            "| file name, cache buster | \(GrammarLimits.filenameBytesMax) bytes |",
        ]
        for row in rows { #expect(page.contains(row), "\(row)") }
        #expect(GrammarLimits.filenameBytesMax == GrammarLimits.cacheBusterBytesMax)
    }

    private static func byName(_ first: [String], _ second: [String]) -> Bool { first[0] < second[0] }

    /// 16384 as 16,384.
    private static func grouped(_ number: Int) -> String {
        number < 1_000 ? "\(number)" : grouped(number / 1_000) + "," + String(number % 1_000 + 1_000).dropFirst()
    }
}
