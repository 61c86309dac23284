import Caching
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Logging
import NIOCore
import Rendering

extension EdgeParts {
    /// The origin for a fetch: a larger cached rendition, where there is one that will do.
    func deriving(_ mission: FetchRun.Mission, otherwise origin: any OriginConnector) -> any OriginConnector {
        guard let derivations, let picture = mission.picture, mission.validated == nil, mission.known == nil,
            mission.request.method == .get, picture.transformation.filename == nil,
            !picture.transformation.returnAttachment, picture.transformation.expires == nil,
            let (parent, plan) = derivations.parent(for: picture, usable: { self.usableParent($0) })
        else { return origin }
        return DerivedOrigin(
            book: derivations,
            parent: parent,
            plan: plan,
            picture: picture,
            origin: origin,
            nowMilliseconds: nowMilliseconds
        ) { derived in
            self.nursery.start { await self.compare(derived, with: mission, from: origin) }
        }
    }

    /// A stored rendition that is fresh, not purged, and that no file name was asked for with.
    private func usableParent(_ key: EntryKey) -> CachedResponse? {
        guard let response = store.memory.peek(key), response.policy.isFresh(at: nowMilliseconds()),
            response.name.hasSuffix(" -i"), board.verdict(for: response) == .live
        else { return nil }
        return response
    }

    /// Renders a sample directly as well, and remembers how alike the two are.
    private func compare(
        _ derived: ByteBuffer,
        with mission: FetchRun.Mission,
        from origin: any OriginConnector
    ) async {
        guard let derivations else { return }
        let sink = CollectingSink(bytesMax: settings.storedBytesMax)
        do {
            try await origin.fetch(mission.upstreamRequest, body: nil, into: sink)
            guard let direct = sink.body else { return derivations.recordFailure() }
            let result = try await derivations.pool.run(
                RenderJob(task: .similarity, limits: derivations.limits, defaults: derivations.defaults),
                sources: [SharedBytes(copying: derived), SharedBytes(copying: direct)],
                tenant: TenantID("audit")
            )
            guard let similarity = result.head.similarity else { return derivations.recordFailure() }
            if derivations.recordSimilarity(similarity) {
                Logger(label: "vitrine.edge").notice(
                    "a derived rendition is less alike than promised",
                    metadata: ["similarity": "\(similarity)", "resource": "\(mission.name.text)"]
                )
            }
        } catch {
            // Shed load or a failing origin: the sample is lost, and counted.
            derivations.recordFailure()
        }
    }
}
