import JSON

/// One CloudEvent in the JSON event format, on one line; the page `docs/formats/usage-log.md` has the table.
extension UsageEvent {
    /// The event as one JSON object in UTF-8, without line feeds.
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320 + data.utf8.count)
        bytes += #"{"specversion":"1.0""#.utf8
        Self.write("id", id, into: &bytes)
        Self.write("source", source, into: &bytes)
        Self.write("type", type, into: &bytes)
        Self.write("time", EventTime.text(timeMilliseconds), into: &bytes)
        Self.write("tenant", tenant, into: &bytes)
        Self.write("node", node, into: &bytes)
        Self.write("subject", subject, into: &bytes)
        Self.write("traceparent", traceparent, into: &bytes)
        bytes += #","datacontenttype":"application/json","data":"#.utf8
        bytes += data.utf8
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads what `json` writes; members that are not known are passed over.
    ///
    /// - Throws: `AssignmentsError.invalidEvent` with what is wrong.
    package init(json: [UInt8]) throws(AssignmentsError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONParser().document(from: json)
        } catch {
            throw .invalidEvent(reason: "no JSON text: \(error)")
        }
        guard let object = document.root.object, try Self.text("specversion", in: object) == "1.0" else {
            throw .invalidEvent(reason: "not a CloudEvent of version 1.0")
        }
        guard let time = EventTime.milliseconds(try Self.required("time", in: object)) else {
            throw .invalidEvent(reason: "time is no UTC time with milliseconds")
        }
        guard let position = object.position(of: "data") else { throw .invalidEvent(reason: "data is missing") }
        try self.init(
            id: try Self.required("id", in: object),
            source: try Self.required("source", in: object),
            type: try Self.required("type", in: object),
            timeMilliseconds: time,
            tenant: try Self.required("tenant", in: object),
            node: try Self.required("node", in: object),
            subject: try Self.text("subject", in: object),
            traceparent: try Self.text("traceparent", in: object),
            data: String(decoding: json[document.extent.children[position].range], as: UTF8.self)
        )
    }

    private static func write(_ name: String, _ text: String?, into bytes: inout [UInt8]) {
        guard let text else { return }
        bytes += ",\"\(name)\":".utf8
        JSONWriter.string(ExactString(text), into: &bytes)
    }

    private static func required(_ name: String, in object: JSONObject) throws(AssignmentsError) -> String {
        guard let text = try text(name, in: object) else { throw .invalidEvent(reason: "\(name) is missing") }
        return text
    }

    private static func text(_ name: String, in object: JSONObject) throws(AssignmentsError) -> String? {
        guard let value = object[ExactString(name)] else { return nil }
        guard let text = value.string?.wellFormed else { throw .invalidEvent(reason: "\(name) is no text") }
        return text
    }
}
