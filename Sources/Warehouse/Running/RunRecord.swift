import FoundationEssentials
import JSON

/// What a run wrote about itself: `runs/NUMBER.json` (docs/operations/usage.md).
package struct RunRecord: Equatable, Sendable {
    package let number: Int
    /// One JSON object on one line, as it was written.
    package let json: String
    /// Its scalar members in their order with their texts, those of objects in it included.
    package let members: [Member]

    package struct Member: Equatable, Sendable {
        package var name: String
        package var value: String
    }

    /// `nil` for what is no JSON object.
    package init?(number: Int, text: [UInt8]) {
        // Whatever is wrong with it, it is no record.
        guard let value = try? JSONParser(limits: JSONLimits(bytesMax: 4 << 20)).value(from: text),
            case .object(let object) = value
        else { return nil }
        self.number = number
        json = String(decoding: value.stringified, as: UTF8.self)
        members = Self.scalars(of: object, depth: 2)
    }

    private static func scalars(of object: JSONObject, depth: Int) -> [Member] {
        object.members.flatMap { member -> [Member] in
            let text: String
            switch member.value {
            case .string(let string): text = ProjectLine.clean(string.text)
            case .number(let number): text = Self.text(number.double)
            case .bool(let flag): text = flag ? "yes" : "no"
            case .object(let object): return depth > 0 ? scalars(of: object, depth: depth - 1) : []
            case .null, .array: return []
            }
            return [Member(name: ProjectLine.clean(member.key.text), value: text)]
        }
    }

    /// The members for people, one a line.
    package var lines: [String] {
        let width = (members.map(\.name.count).max() ?? 0) + 2
        return members.map { member in
            member.name + String(repeating: " ", count: width - member.name.count) + member.value
        }
    }

    /// A member's text; `nil` if there is none, or no scalar.
    package subscript(name: String) -> String? { members.first { $0.name == name }?.value }

    /// The last record in a folder; `nil` without one.
    ///
    /// Blocks.
    ///
    /// - Throws: `disk` if the folder or the record cannot be read.
    package static func latest(in folder: String) throws(WarehouseError) -> RunRecord? {
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw WarehouseError(.disk, "\(folder) cannot be read: \(error)")
        }
        let numbers = names.compactMap { name in
            name.hasSuffix(".json") ? Int(name.dropLast(5)).map { (number: $0, name: name) } : nil
        }
        guard let last = numbers.max(by: { $0.number < $1.number }) else { return nil }
        let path = folder + "/" + last.name
        guard let data = FileManager.default.contents(atPath: path),
            let record = RunRecord(number: last.number, text: Array(data))
        else { throw WarehouseError(.disk, "\(path) is no record of a run") }
        return record
    }

    private static func text(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return UsageProgress.grouped(whole) }
        return "\(Double(Int((number * 1000).rounded())) / 1000)"
    }
}
