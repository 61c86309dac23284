package import JSON

/// A user's stored assignments: read before evaluating, changed by it.
package struct StickyDocuments: Sendable {
    /// By ``StickyDocument/key``.
    package private(set) var documents: [ExactString: StickyDocument] = [:]
    /// The keys of documents that evaluation made or changed, in that order; each once.
    package private(set) var changed: [ExactString] = []

    package init(_ documents: [StickyDocument] = []) {
        for document in documents { self.documents[document.key] = document }
    }

    package var isEmpty: Bool { documents.isEmpty }

    package subscript(key: ExactString) -> StickyDocument? { documents[key] }

    /// All documents, by their keys' order.
    package var all: [StickyDocument] { documents.keys.sorted().compactMap { documents[$0] } }

    /// The documents to be stored.
    package var toStore: [StickyDocument] { changed.compactMap { documents[$0] } }

    /// Notes a new assignment.
    package mutating func save(_ document: StickyDocument) {
        let key = document.key
        documents[key] = document
        if !changed.contains(key) { changed.append(key) }
    }
}
