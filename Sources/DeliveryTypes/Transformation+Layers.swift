extension Transformation {
    /// The pictures needed besides the source, in the order in which a render worker receives them: the watermark's
    /// (when the URL or the server names one) comes first, then one for each picture layer.
    ///
    /// A watermark without a `source` here must be resolved to the server's before the job is sent.
    package var layerSources: [SourceReference] {
        var sources: [SourceReference] = []
        if let source = watermark?.source { sources.append(source) }
        for layer in layers {
            if case .picture(let source) = layer.content { sources.append(source) }
        }
        return sources
    }
}
