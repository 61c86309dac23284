import Fleet
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import Wire

/// One request to a surface.
struct SettingsCall: Sendable {
    let exchange: Exchange
    let place: SettingsPath
    let parts: SettingsParts
    let hub: EventHub
    /// Set where the request was drawn for the shadow measurement.
    var draft: ShadowDraft?

    var request: HTTPRequest { exchange.request }
    var fields: HTTPFields { exchange.request.headerFields }
    /// Milliseconds since 1970.
    var now: Int64 { exchange.receivedMilliseconds }

    func answer() async throws(SettingsProblem) -> SettingsAnswer {
        try checkMethod()
        switch place {
        case .document(let app): return try await document(app)
        case .dictionary(let app, let digest): return try dictionary(app, digest)
        case .flags: return try await flags()
        case .flag(let name): return try await flag(ExactString(name))
        case .flagEvents(let channel): return try flagEvents(channel)
        case .features(let key): return try await features(key)
        case .remote(let key): return try await remote(key)
        case .subscription(let key): return try subscription(key)
        }
    }

    private func checkMethod() throws(SettingsProblem) {
        let takesBody = place.methods == "POST"
        let isRight =
            takesBody ? request.method == .post : request.method == .get || request.method == .head
        if !isRight { throw .method(allowed: place.methods + ", OPTIONS") }
    }

    // MARK: Who asks

    /// The app of a key in the path.
    func app(ofKey key: String) throws(SettingsProblem) -> KeyedApp {
        if let found = parts.directory.app(key: key, now: now) { return try admitted(found) }
        guard parts.acceptsNames, let app = parts.directory.app(named: key) else {
            throw parts.directory.isStarting ? .notLoaded : .keyUnknown
        }
        return try admitted(KeyedApp(app: app, seesRules: true, channel: app.name))
    }

    /// The app of the key in the request's fields.
    func appOfFields() throws(SettingsProblem) -> KeyedApp {
        guard let key = PresentedKey.inFields(fields) else { throw .keyRequired }
        return try app(ofKey: key)
    }

    /// The app that a path names, by its name and a key in the fields, or by its key alone.
    func app(inPath name: String) throws(SettingsProblem) -> KeyedApp {
        if PresentedKey.inFields(fields) != nil {
            let found = try appOfFields()
            guard name == found.app.name || PresentedKey.inFields(fields) == name else { throw .keyOfAnotherApp }
            return found
        }
        if let found = parts.directory.app(key: name, now: now) { return try admitted(found) }
        guard parts.acceptsNames else { throw .keyRequired }
        guard let app = parts.directory.app(named: name) else {
            throw parts.directory.isStarting ? .notLoaded : .appUnknown(name)
        }
        return try admitted(KeyedApp(app: app, seesRules: true, channel: app.name))
    }

    private func admitted(_ found: KeyedApp) throws(SettingsProblem) -> KeyedApp {
        if case .refused(let seconds) = parts.admits(found.app.name, now) {
            throw .tooManyRequests(retryAfterSeconds: seconds)
        }
        return found
    }

    // MARK: What is asked

    /// The request's body.
    func body() async throws(SettingsProblem) -> ByteBuffer {
        try MediaTypeCheck.check(fields)
        let limit = parts.limits.bodyBytes
        if case .length(let length) = exchange.framing, length > limit { throw .bodyTooLarge(limit: limit) }
        do throws(ExchangeError) {
            let body = try await exchange.body.collect(upTo: limit)
            draft?.keep(body: body)
            return body
        } catch {
            throw SettingsProblem(error, limit: limit)
        }
    }

    // MARK: Answers

    /// The fields that every evaluated answer has.
    func fields(
        of app: ServedApp,
        mediaType: String = "application/json",
        partition: String? = nil,
        isIncomplete: Bool = false
    ) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = mediaType
        fields[.cacheControl] = "private, no-cache"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.vitrineSettings] = ReleaseField.value(
            of: app,
            partition: partition,
            isIncomplete: isIncomplete,
            now: now
        )
        return fields
    }

    /// An answer with a body in the best coding the client takes.
    func encoded(_ fields: HTTPFields, _ body: ByteBuffer, tag: String? = nil) -> SettingsAnswer {
        draft?.keep(document: body)
        return answer(fields, parts.encoder.encode(for: request.headerFields) { body }, tag: tag)
    }

    /// An answer with an encoded body.
    func answer(_ fields: HTTPFields, _ encoded: AnswerEncoder.Encoded, tag: String?) -> SettingsAnswer {
        var fields = fields
        fields[.vary] = "Accept-Encoding"
        fields[.contentEncoding] = encoded.coding
        if let tag { fields[.eTag] = ResultTag.value(tag, coding: encoded.coding) }
        return SettingsAnswer(head: HTTPResponse(status: .ok, headerFields: fields), body: .bytes(encoded.body))
    }

    /// What was refused, in the form of the protocol at the path.
    func refusal(_ problem: SettingsProblem) -> SettingsAnswer {
        let document = problem.document
        var fields = document.fields
        if case .method(let allowed) = problem { fields[.allow] = allowed }
        var text = ByteBuffer(string: document.json)
        switch place {
        case .flags, .flag, .flagEvents:
            var name: ExactString?
            if case .flag(let text) = place { name = ExactString(text) }
            fields[.contentType] = "application/json"
            let details = problem == .targetingKeyMissing ? document.detail : "\(document.title): \(document.detail)"
            text = ByteBuffer(bytes: FlagText.failure(problem.openFeatureCode, details, name: name))
        default: break
        }
        parts.metrics.count(app: nil, place.surface, .refused, bytes: text.readableBytes)
        return SettingsAnswer(head: HTTPResponse(status: document.status, headerFields: fields), body: .bytes(text))
    }

    func count(_ app: ServedApp, _ outcome: SettingsMetrics.Outcome, _ answer: SettingsAnswer) -> SettingsAnswer {
        parts.metrics.count(app: app.name, place.surface, outcome, bytes: answer.byteCount)
        return answer
    }
}

extension SettingsPath {
    /// The row of the counters.
    var surface: SettingsMetrics.Surface {
        switch self {
        case .document: .document
        case .dictionary: .dictionary
        case .flags: .flags
        case .flag: .flag
        case .features: .features
        case .remote: .remote
        case .flagEvents, .subscription: .events
        }
    }
}
