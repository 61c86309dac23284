import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import ObjectStorage

/// What each `PublicationError` is to the one who asked.
enum AdminProblem {
    static func answer(_ error: PublicationError) -> SettingsAdminAnswer {
        let (problem, issues, latest) = described(error)
        let view = AdminViews.Problem(
            type: "https://vitrine.invalid/problems/" + problem.slug,
            title: problem.title,
            status: problem.status.code,
            detail: problem.detail,
            issues: issues,
            latest: latest
        )
        do throws(PublicationError) {
            let body = try StoredJSON.encode(view)
            return SettingsAdminAnswer(problem.status, mediaType: "application/problem+json", body: body)
        } catch {
            // Texts and numbers can be encoded; the plain document says nearly as much.
            return SettingsAdmin.answer(problem)
        }
    }

    private static func described(
        _ error: PublicationError
    ) -> (problem: ProblemDocument, issues: [PublicationIssue]?, latest: PublishedEntry?) {
        let text = error.description
        let detail = text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
        func problem(_ slug: String, _ status: HTTPResponse.Status, _ title: String) -> ProblemDocument {
            ProblemDocument(slug, status: status, title: title, detail: detail)
        }
        switch error {
        case .invalidRequest: return (problem("bad-request", .badRequest, "Bad request"), nil, nil)
        case .invalidDocument(let issues):
            return (problem("settings-invalid", .unprocessableContent, "The features file has errors"), issues, nil)
        case .conflict(_, _, let latest):
            return (problem("settings-conflict", .conflict, "Another number is in force"), nil, latest)
        case .unknownApp: return (problem("settings-unknown-app", .notFound, "Unknown app"), nil, nil)
        case .unknownNumber: return (problem("settings-unknown-number", .notFound, "Unknown number"), nil, nil)
        case .gone: return (problem("settings-gone", .gone, "The records were swept"), nil, nil)
        case .damaged: return (problem("internal", .internalServerError, "Damaged in the store"), nil, nil)
        case .storage, .unreachable, .cancelled:
            return (problem("store-failed", .serviceUnavailable, "Storage failed"), nil, nil)
        }
    }
}
