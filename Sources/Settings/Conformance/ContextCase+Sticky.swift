import JSON

extension ContextCase {
    /// The result of the experiment behind a setting, and the stored assignments afterwards.
    func stickyBucket(_ stored: JSONValue?, _ key: JSONValue?) throws(EvaluationFault) -> JSONValue {
        var service: [ExactString: StickyDocument] = [:]
        for source in (stored?.array ?? [])
            + ScriptValue.spread(options["stickyBucketAssignmentDocs"]).members.map(\.value)
        {
            if let document = StickyDocument(json: source) { service[document.key] = document }
        }
        var context = self
        let evaluator = evaluator()
        // The reference looks up one document for each attribute that experiments hash.
        var found: [StickyDocument] = []
        for name in evaluator.tables.stickyAttributes {
            let value = RuleTables.stickyText(name, self.context.attributes)
            if let document = service[StickyDocument.key(name, value)] { found.append(document) }
        }
        context.context.sticky = StickyDocuments(found)
        var scratch = EvaluationScratch()
        let result = try context.result(ScriptValue.text(key), evaluator, &scratch)
        var documents = JSONObject()
        for document in scratch.sticky?.all ?? [] { documents[document.key] = document.json }
        return ["experimentResult": result["experimentResult"] ?? .null, "assignmentDocs": .object(documents)]
    }
}
