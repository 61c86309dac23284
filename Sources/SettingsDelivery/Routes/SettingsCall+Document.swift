import Assignments
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore

extension SettingsCall {
    /// A request that was evaluated.
    struct Result: Sendable {
        let app: ServedApp
        let evaluation: any SettingsEvaluation
        let isIncomplete: Bool
    }

    /// Evaluates every setting, records what is new of the user, and reports the experiments.
    func evaluated(_ asked: SettingsRequest, for app: ServedApp) async -> Result {
        let user = await KnownUser(asked, of: app, in: parts.states)
        let request = user.completing(asked)
        let evaluation = app.engine.evaluate(request, user.knowledge, now: now)
        user.record(evaluation.newAssignments, of: asked, app, in: parts.states, now: now)
        parts.exposures?.record(mark: evaluation.exposureMark, context: exposureContext(app)) {
            evaluation.exposures.map { exposure($0) }
        }
        if user.knowledge.isIncomplete { parts.metrics.countIncompleteUser() }
        return Result(app: app, evaluation: evaluation, isIncomplete: user.knowledge.isIncomplete)
    }

    func report(_ exposures: [ExperimentExposure], of app: ServedApp) {
        guard let recorder = parts.exposures, !exposures.isEmpty else { return }
        recorder.record(exposures.map { exposure($0) }, context: exposureContext(app))
    }

    private func exposure(_ exposure: ExperimentExposure) -> Exposure {
        Exposure(
            experiment: exposure.experiment,
            variation: exposure.variation,
            attribute: exposure.attribute,
            unit: exposure.unit
        )
    }

    private func exposureContext(_ app: ServedApp) -> ExposureContext {
        ExposureContext(
            app: app.name,
            record: app.engine.record,
            timeMilliseconds: now,
            traceparent: fields[.traceparent]
        )
    }

    /// `POST /v1/settings/{app}`.
    func document(_ name: String) async throws(SettingsProblem) -> SettingsAnswer {
        let app = try app(inPath: name).app
        let body = try await body()
        let asked = try SettingsRequest(document: Array(body.readableBytesView), limits: parts.limits)
        let result = await evaluated(asked, for: app)
        let evaluation = result.evaluation
        var head = fields(of: app, partition: evaluation.partition, isIncomplete: result.isIncomplete)
        let state = evaluation.state
        if !state.isEmpty { head[.vitrineState] = state }
        if let dictionary = app.engine.dictionary {
            head[.link] = "</v1/settings/\(app.name)/dictionary/\(dictionary.digest)>; rel=\"compression-dictionary\""
        }
        let tag = evaluation.etag
        if ResultTag.isKnown(tag, to: fields[.ifNoneMatch]) {
            head[.contentType] = nil
            head[.eTag] = tag
            head[.vary] = "Accept-Encoding, Available-Dictionary"
            let answer = SettingsAnswer(
                head: HTTPResponse(status: .notModified, headerFields: head),
                body: .bytes(ByteBuffer())
            )
            return count(app, .notModified, answer)
        }
        if let held = fields[.vitrineState], let delta = evaluation.delta(since: held) {
            head[.vitrineDelta] = "1"
            return count(app, .delta, encoded(head, delta, tag: tag))
        }
        return whole(evaluation, head, tag, app)
    }

    private func whole(
        _ evaluation: any SettingsEvaluation,
        _ head: HTTPFields,
        _ tag: String,
        _ app: ServedApp
    ) -> SettingsAnswer {
        if let draft { draft.keep(document: evaluation.document()) }
        let encoded = parts.encoder.encode(
            for: fields,
            dictionary: app.engine.dictionary,
            packed: { evaluation.packed($0, compress: $1) },
            body: { evaluation.document() }
        )
        var answer = answer(head, encoded, tag: tag)
        answer.head.headerFields[.vary] = "Accept-Encoding, Available-Dictionary"
        return count(app, encoded.isPacked ? .packed : .whole, answer)
    }

    /// `GET /v1/settings/{app}/dictionary/{sha256}`; whoever knows the name has been told it.
    func dictionary(_ name: String, _ digest: String) throws(SettingsProblem) -> SettingsAnswer {
        let app = parts.directory.app(key: name, now: now)?.app ?? parts.directory.app(named: name)
        guard let app, let dictionary = app.engine.dictionary, dictionary.digest == digest.lowercased() else {
            throw .dictionaryUnknown
        }
        var head = fields(of: app)
        head[.cacheControl] = "public, max-age=31536000, immutable"
        head[.useAsDictionary] = "match=\"/v1/settings/\(app.name)\", type=raw"
        head[.eTag] = "\"\(dictionary.digest)\""
        let answer = encoded(head, ByteBuffer(bytes: dictionary.bytes), tag: "\"\(dictionary.digest)\"")
        return count(app, .whole, answer)
    }
}
