import HTTPTypes

extension StoredResponse {
    /// `VTSR`.
    private static let mark: UInt32 = 0x5654_5352
    private static let version: UInt16 = 1
    /// The longest encoding that is written or read, in bytes.
    package static let encodedBytesMax = 1_048_576

    /// The form for the disk tier, see `docs/formats/stored-response.md`.
    ///
    /// `nil` if it is not to be stored, has a field that is not UTF-8, or is longer than ``encodedBytesMax``: it then
    /// lives in memory only.
    package func encoded() -> [UInt8]? {
        guard policy.storability == .store, head.fields.count <= UInt16.max else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96 + head.fields.count * 48)
        append(Self.mark, to: &bytes)
        append(Self.version, to: &bytes)
        append(policy.flags.rawValue, to: &bytes)
        append(UInt16(head.status.code), to: &bytes)
        append(UInt16(head.fields.count), to: &bytes)
        for time in [
            policy.responseMilliseconds, policy.ageAtResponseMilliseconds, policy.freshUntilMilliseconds,
            policy.staleWhileRevalidateUntilMilliseconds, policy.staleIfErrorUntilMilliseconds,
            policy.graceUntilMilliseconds,
        ] {
            append(time, to: &bytes)
        }
        append(Int64(partial?.range.lowerBound ?? 0), to: &bytes)
        append(Int64(partial?.range.upperBound ?? 0), to: &bytes)
        append(Int64(partial?.completeLength ?? 0), to: &bytes)
        guard append(head.status.reasonPhrase, lengthAs: UInt16.self, to: &bytes),
            append(replayedRange ?? "", lengthAs: UInt16.self, to: &bytes)
        else { return nil }
        for field in head.fields {
            // Comparing with what the text makes again finds bytes that are not UTF-8 and would be lost.
            guard HTTPField(name: field.name, value: field.value) == field,
                append(field.name.rawName, lengthAs: UInt16.self, to: &bytes),
                append(field.value, lengthAs: UInt32.self, to: &bytes), bytes.count <= Self.encodedBytesMax
            else { return nil }
        }
        return bytes
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: ``StoredResponseError`` for whatever else is given; never more memory than a small multiple of the
    ///   bytes.
    package init(decoding bytes: ArraySlice<UInt8>) throws(StoredResponseError) {
        guard bytes.count <= Self.encodedBytesMax else { throw .malformed }
        var reader = ByteReader(bytes)
        guard try reader.integer() == Self.mark else { throw .malformed }
        guard try reader.integer() == Self.version else { throw .unknownVersion }
        let flags = ResponsePolicy.Flags(rawValue: try reader.integer())
        let code = Int(try reader.integer(UInt16.self))
        let count = Int(try reader.integer(UInt16.self))
        var times: [Int64] = []
        for _ in 0..<9 {
            let time: Int64 = try reader.integer()
            // Far in the future already, and safe to add to.
            guard time >= 0, time < 1 << 60 else { throw .malformed }
            times.append(time)
        }
        let reason = try reader.text(Int(try reader.integer(UInt16.self)))
        let range = try reader.text(Int(try reader.integer(UInt16.self)))
        guard StatusClass.isStorable(code), HTTPField.isValidValue(reason), HTTPField.isValidValue(range),
            flags.contains(.isPartial) == (times[8] > 0 || !range.isEmpty), times[8] == 0 || range.isEmpty
        else { throw .malformed }
        replayedRange = range.isEmpty ? nil : range
        head = StoredHead(
            status: HTTPResponse.Status(code: code, reasonPhrase: reason),
            fields: try Self.fields(count, from: &reader)
        )
        guard reader.isAtEnd else { throw .malformed }
        policy = ResponsePolicy(
            storability: .store,
            flags: flags,
            responseMilliseconds: times[0],
            ageAtResponseMilliseconds: times[1],
            freshUntilMilliseconds: times[2],
            staleWhileRevalidateUntilMilliseconds: times[3],
            staleIfErrorUntilMilliseconds: times[4],
            graceUntilMilliseconds: times[5]
        )
        if times[8] > 0 {
            guard times[6] < times[7], times[7] <= times[8] else { throw .malformed }
            partial = PartialContent(range: Int(times[6])..<Int(times[7]), completeLength: Int(times[8]))
        } else if times[6] != 0 || times[7] != 0 {
            throw .malformed
        }
    }

    private static func fields(_ count: Int, from reader: inout ByteReader) throws(StoredResponseError) -> HTTPFields {
        var fields = HTTPFields()
        for _ in 0..<count {
            let name = try reader.text(Int(try reader.integer(UInt16.self)))
            let value = try reader.text(Int(try reader.integer(UInt32.self)))
            guard let known = HTTPField.Name(name), HTTPField.isValidValue(value) else { throw .malformed }
            fields.append(HTTPField(name: known, value: value))
        }
        return fields
    }

    private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Appends a length and the text; `false` if the text is too long for the length.
    private func append<Length: FixedWidthInteger>(
        _ text: String,
        lengthAs type: Length.Type,
        to bytes: inout [UInt8]
    ) -> Bool {
        guard let length = Length(exactly: text.utf8.count) else { return false }
        append(length, to: &bytes)
        bytes.append(contentsOf: text.utf8)
        return true
    }
}
