package import JSON

/// OpenFeature's remote evaluation, version 0.3.0: its answers as JSON.
package enum FlagText {
    /// One resolved setting: `key`, `reason` and `variant` always, `value` unless the code's default counts.
    ///
    /// A setting that could not be evaluated has `errorCode` and `errorDetails` instead.
    package static func write(_ flag: FlagResolution, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"key":"#.utf8)
        JSONWriter.string(flag.name, into: &bytes)
        if let failure = flag.failure {
            bytes.append(contentsOf: #","errorCode":"GENERAL","errorDetails":"#.utf8)
            JSONWriter.string(ExactString(failure), into: &bytes)
            bytes.append(UInt8(ascii: "}"))
            return
        }
        if let value = flag.value {
            bytes.append(contentsOf: #","value":"#.utf8)
            bytes.append(contentsOf: value)
        }
        bytes.append(contentsOf: #","reason":""#.utf8)
        bytes.append(contentsOf: flag.reason.rawValue.utf8)
        bytes.append(contentsOf: #"","variant":"#.utf8)
        JSONWriter.string(flag.variant, into: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// The bulk answer.
    ///
    /// `stream`: Where changes are announced; absolute when the node knows its address.
    /// `version`: The number of the publish.
    package static func bulk(_ flags: [FlagResolution], stream: StreamAddress?, metadata: Metadata) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(flags.reduce(256) { $0 + 96 + ($1.value?.count ?? 0) })
        bytes.append(contentsOf: #"{"flags":["#.utf8)
        for (index, flag) in flags.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(flag, into: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        if let stream {
            bytes.append(contentsOf: #","eventStreams":[{"type":"sse","#.utf8)
            stream.write(into: &bytes)
            bytes.append(contentsOf: #","inactivityDelaySec":120}]"#.utf8)
        }
        bytes.append(contentsOf: #","metadata":{"app":"#.utf8)
        JSONWriter.string(ExactString(metadata.app), into: &bytes)
        bytes.append(contentsOf: #","version":"\#(metadata.number)","#.utf8)
        bytes.append(contentsOf: #""flagConfigLastModified":\#(metadata.publishedMilliseconds / 1_000)}}"#.utf8)
        return bytes
    }

    /// A failed request: `errorCode` and `errorDetails`, and the setting's name where one was asked for.
    package static func failure(_ code: String, _ details: String, name: ExactString?) -> [UInt8] {
        var bytes: [UInt8] = Array("{".utf8)
        if let name {
            bytes.append(contentsOf: #""key":"#.utf8)
            JSONWriter.string(name, into: &bytes)
            bytes.append(UInt8(ascii: ","))
        }
        bytes.append(contentsOf: #""errorCode":"\#(code)","errorDetails":"#.utf8)
        JSONWriter.string(ExactString(details), into: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The event that tells providers to ask again: always a `message`, the kind is in the data.
    package static func refetch(id: String, configuration: String, sinceMilliseconds: Int64) -> ServerSentEvent {
        var data: [UInt8] = Array(#"{"type":"refetchEvaluation","etag":"#.utf8)
        JSONWriter.string(ExactString(configuration), into: &data)
        data.append(contentsOf: #","lastModified":\#(sinceMilliseconds / 1_000)}"#.utf8)
        return ServerSentEvent(id: id, name: "message", data: [data])
    }

    /// What a bulk answer says of itself.
    package struct Metadata: Sendable {
        package var app: String
        package var number: Int
        package var publishedMilliseconds: Int64

        package init(app: String, number: Int, publishedMilliseconds: Int64) {
            self.app = app
            self.number = number
            self.publishedMilliseconds = publishedMilliseconds
        }
    }
}
