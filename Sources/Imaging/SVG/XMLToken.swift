import DeliveryTypes

/// What is left of a document when comments, processing instructions and document types are passed over.
enum XMLToken {
    case start(name: String, attributes: [XMLAttribute], isEmpty: Bool)
    case end(name: String)
    /// Characters with references resolved, from text or a CDATA section.
    case text([UInt8])
}
