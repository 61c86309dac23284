import DeliveryTypes
import HTTPTypes
import Wire

extension EdgeParts {
    /// Counts an answer of the ordinary path, if it delivered a picture: exactly when its line of the access log says
    /// so, with the same time and bytes.
    func countDelivery(to viewer: Viewer, at now: Int64) {
        guard let deliveries, PictureTarget.isDelivery(status: viewer.sentStatus),
            viewer.request.method == .get || viewer.request.method == .head,
            let content = content(of: viewer.exchange.request.path ?? "*", viewer.name)
        else { return }
        let isRelayed = RelayMark.isPresent(in: viewer.exchange.request.headerFields)
        deliveries.count(content, status: viewer.sentStatus, bytes: viewer.sentBytes, isRelayed: isRelayed, at: now)
    }

    /// What deliveries of a target are counted under; `nil` if it is no picture's, or nobody counts.
    func content(of target: String, _ name: ResourceName?) -> DeliveredContent? {
        guard deliveries != nil, PictureTarget.isPicture(target.utf8) else { return nil }
        return DeliveredContent(name?.content ?? source(of: target) ?? AccessLine.redacted(target))
    }

    /// The source of a picture whose signature this node cannot judge, but whose origin has answered it.
    private func source(of target: String) -> String? {
        guard target.hasPrefix("/img/") else { return nil }
        do throws(TransformationError) {
            let signed = try SignedPath(splitting: target.dropFirst("/img".utf8.count))
            return try DeliveryPath(signed, purpose: .rendition, presets: naming?.presets ?? Presets.none).source.text
        } catch {
            // Not a URL of ours: what answers below `/img/` there has names of its own.
            return nil
        }
    }
}
