import JSON

/// A user's state as one JSON object in the store; the page `docs/formats/user-state.md` has the table.
enum UserStateDocument {
    /// Longer documents are not read.
    static let bytesMax = 1 << 20

    private static let version = 1

    /// Why a document is not read.
    enum Failure: Error, Hashable {
        /// It is no such object: as if there were none.
        case damaged
        /// A later program wrote it: it is left alone.
        case newer
    }

    static func bytes(of state: UserState) -> [UInt8] {
        var object = JSONObject()
        object["version"] = .number(version)
        object["updated"] = .number(Int(state.updatedMilliseconds))
        object["assignments"] = .object(state.assignments.object)
        object["remembered"] = .object(state.remembered)
        var bytes: [UInt8] = []
        JSONWriter.authored(.object(object), into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    static func state(from bytes: [UInt8]) throws(Failure) -> UserState {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser(limits: JSONLimits(bytesMax: bytesMax, valuesMax: 100_000)).value(from: bytes)
        } catch {
            throw .damaged
        }
        guard let version = value["version"]?.double, version >= 1 else { throw .damaged }
        if version > Double(Self.version) { throw .newer }
        guard let assignments = value["assignments"]?.object, let remembered = value["remembered"]?.object,
            let updated = value["updated"]?.double, let milliseconds = Int64(exactly: updated)
        else { throw .damaged }
        return UserState(
            assignments: StickyAssignments(assignments),
            remembered: remembered,
            updatedMilliseconds: milliseconds
        )
    }
}
