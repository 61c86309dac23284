import Crypto
import DeliveryTypes
import HTTPTypes
import JSON
import NIOCore

extension SettingsCall {
    /// `POST /ofrep/v1/evaluate/flags`.
    func flags() async throws(SettingsProblem) -> SettingsAnswer {
        let caller = try appOfFields()
        let app = caller.app
        let body = try await body()
        let asked = try SettingsRequest(openFeature: Array(body.readableBytesView), limits: parts.limits)
        let result = await evaluated(asked, for: app)
        let bytes = FlagText.bulk(
            result.evaluation.flags(),
            stream: StreamAddress(channel: caller.channel, publicOrigin: parts.publicOrigin, request: request),
            metadata: FlagText.Metadata(
                app: app.name,
                number: app.number,
                publishedMilliseconds: app.engine.publishedMilliseconds
            )
        )
        var head = fields(of: app, partition: result.evaluation.partition, isIncomplete: result.isIncomplete)
        // Of the body itself: a reason may change where no value does.
        let tag = "\"" + ContentDigest(bytes: Array(SHA256.hash(data: bytes))).hex.prefix(32) + "\""
        if allowsNotModified(app), ResultTag.isKnown(tag, to: fields[.ifNoneMatch]) {
            head[.contentType] = nil
            head[.eTag] = tag
            let response = HTTPResponse(status: .notModified, headerFields: head)
            return count(app, .notModified, SettingsAnswer(head: response, body: .bytes(ByteBuffer())))
        }
        return count(app, .whole, encoded(head, ByteBuffer(bytes: bytes), tag: tag))
    }

    /// Whether the client may be told that nothing has changed: not when an event has told it of a configuration that
    /// is not this node's.
    private func allowsNotModified(_ app: ServedApp) -> Bool {
        guard let told = QueryText.value("flagConfigEtag", of: request.path ?? "") else { return true }
        return told == app.configuration(now: now)
    }

    /// `POST /ofrep/v1/evaluate/flags/{key}`.
    func flag(_ name: ExactString) async throws(SettingsProblem) -> SettingsAnswer {
        let app = try appOfFields().app
        let body = try await body()
        let asked = try SettingsRequest(openFeature: Array(body.readableBytesView), limits: parts.limits)
        let user = await KnownUser(asked, of: app, in: parts.states)
        let found = app.engine.flag(name, user.completing(asked), user.knowledge, now: now)
        let head = fields(of: app, isIncomplete: user.knowledge.isIncomplete)
        guard let found else {
            let text = FlagText.failure("FLAG_NOT_FOUND", "There is no setting of this name.", name: name)
            let response = HTTPResponse(status: .notFound, headerFields: head)
            return count(app, .refused, SettingsAnswer(head: response, body: .bytes(ByteBuffer(bytes: text))))
        }
        user.record(found.newAssignments, of: asked, app, in: parts.states, now: now)
        report(found.exposures, of: app)
        var bytes: [UInt8] = []
        FlagText.write(found.flag, into: &bytes)
        let isFailed = found.flag.failure != nil
        let response = HTTPResponse(status: isFailed ? .internalServerError : .ok, headerFields: head)
        let answer = SettingsAnswer(head: response, body: .bytes(ByteBuffer(bytes: bytes)))
        return count(app, isFailed ? .refused : .whole, answer)
    }

    /// `GET /ofrep/v1/events/{channel}`.
    func flagEvents(_ channel: String) throws(SettingsProblem) -> SettingsAnswer {
        if let app = parts.directory.app(channel: channel, now: now) { return try events(of: app, .refetch) }
        guard parts.acceptsNames, let app = parts.directory.app(named: channel) else { throw .keyUnknown }
        return try events(of: app, .refetch)
    }

    /// An open stream of an app's changes.
    func events(of app: ServedApp, _ flavour: EventFlavour) throws(SettingsProblem) -> SettingsAnswer {
        var head = fields(of: app, mediaType: "text/event-stream")
        head[.cacheControl] = "no-store, no-transform"
        head[.xAccelBuffering] = "no"
        let response = HTTPResponse(status: .ok, headerFields: head)
        if request.method == .head { return SettingsAnswer(head: response, body: .bytes(ByteBuffer())) }
        let lastEventID = fields[.lastEventID]
        guard let stream = hub.subscribe(app: app.name, flavour, lastEventID: lastEventID, now: now) else {
            throw .tooManySubscribers
        }
        return count(app, .whole, SettingsAnswer(head: response, body: .events(stream)))
    }
}
