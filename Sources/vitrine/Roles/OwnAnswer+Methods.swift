import Edge
import HTTPSemantics
import HTTPTypes

extension OwnAnswer {
    /// 405, with the methods that the path takes.
    init(wrongMethod allowed: [HTTPRequest.Method]) {
        let allowed = allowed.map(\.rawValue).joined(separator: ", ")
        self.init(
            ProblemDocument(
                "method",
                status: .methodNotAllowed,
                title: "Method not allowed",
                detail: "This path takes \(allowed)."
            )
        )
        head.headerFields[.allow] = allowed
    }
}
