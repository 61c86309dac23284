import DeliveryTypes
import HTTPTypes
import JSON
import NIOCore

extension SettingsCall {
    /// `GET /api/features/{key}`.
    func features(_ key: String) async throws(SettingsProblem) -> SettingsAnswer {
        let caller = try app(ofKey: key)
        guard caller.seesRules else { throw .keyIsPublic }
        let app = caller.app
        let state = AppState(app, now: now)
        let tag = "\"\(app.engine.record.hex.prefix(32))-\(state.id)\""
        var head = fields(of: app)
        head[.xSSESupport] = "enabled"
        if ResultTag.isKnown(tag, to: fields[.ifNoneMatch]) {
            head[.contentType] = nil
            head[.eTag] = tag
            let response = HTTPResponse(status: .notModified, headerFields: head)
            return count(app, .notModified, SettingsAnswer(head: response, body: .bytes(ByteBuffer())))
        }
        guard let text = await app.engine.payload(at: now) else { throw .notLoaded }
        return count(app, .whole, encoded(head, ByteBuffer(bytes: text.bytes), tag: tag))
    }

    /// `POST /api/eval/{key}`.
    func remote(_ key: String) async throws(SettingsProblem) -> SettingsAnswer {
        let app = try app(ofKey: key).app
        let body = try await body()
        let asked = try SettingsRequest(remote: Array(body.readableBytesView), limits: parts.limits)
        let result = await evaluated(asked, for: app)
        var head = fields(of: app, partition: result.evaluation.partition, isIncomplete: result.isIncomplete)
        head[.xSSESupport] = "enabled"
        return count(app, .whole, encoded(head, ByteBuffer(bytes: result.evaluation.remote())))
    }

    /// `GET /sub/{key}`.
    func subscription(_ key: String) throws(SettingsProblem) -> SettingsAnswer {
        let caller = try app(ofKey: key)
        return try events(of: caller.app, caller.seesRules ? .features : .updated)
    }
}
