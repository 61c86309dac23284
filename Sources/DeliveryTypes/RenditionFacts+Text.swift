import FoundationEssentials

extension RenditionFacts {
    /// `nil` for facts that are too long to send.
    package var text: String? {
        var plain = head
        plain.decodeMicroseconds = 0
        plain.encodeMicroseconds = 0
        plain.cpuMicroseconds = 0
        plain.queueMicroseconds = 0
        plain.workerMicroseconds = 0
        // Numbers and texts always encode; facts that did not would only mean that nothing is derived.
        guard let data = try? JSONEncoder().encode(plain) else { return nil }
        let text = data.base64EncodedString().filter { $0 != "=" }
            .map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return text.count <= Self.textBytesMax ? String(text) : nil
    }

    /// `nil` for anything that `text` did not write.
    package init?(text: String) {
        guard text.utf8.count <= Self.textBytesMax else { return nil }
        var plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while plain.utf8.count % 4 != 0 { plain += "=" }
        guard let data = Data(base64Encoded: plain) else { return nil }
        // What a strange upstream sends is no account of a rendition.
        guard let head = try? JSONDecoder().decode(RenderResult.Head.self, from: data) else { return nil }
        self.init(head)
    }
}
