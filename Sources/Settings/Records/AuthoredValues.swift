import JSON

/// The texts of a document's values as their author spelled them, without the white space.
struct AuthoredValues {
    private let source: [UInt8]
    private let features: (value: JSONObject, extent: JSONExtent)?

    init(_ source: [UInt8], _ parsed: JSONDocument) {
        self.source = source
        if let root = parsed.root.object, let place = root.position(of: "features"),
            case .object(let features) = root.members[place].value, parsed.extent.children.indices.contains(place)
        {
            self.features = (features, parsed.extent.children[place])
        } else {
            features = nil
        }
    }

    /// The texts of a setting's candidates, parallel to `AuthoredFeature.candidates`; empty for a missing one.
    func texts(_ feature: Int, _ authored: AuthoredFeature, _ document: FeaturesDocument) -> [[UInt8]] {
        let extent = features.flatMap { features in
            features.extent.children.indices.contains(feature) ? features.extent.children[feature] : nil
        }
        let rules = Self.member("rules", of: authored.source, extent)
        var texts = [text(authored.defaultValue, Self.member("defaultValue", of: authored.source, extent), document)]
        for (index, rule) in authored.rules.enumerated() {
            let place = rules.flatMap { $0.children.indices.contains(index) ? $0.children[index] : nil }
            if let force = rule.force {
                texts.append(text(force, Self.member("force", of: rule.source, place), document))
            }
            // What is no list is taken apart by the reader; then the parsed values must do.
            let name = AuthoredRule.variationsKey(of: rule.source)
            let list = rule.source[name]?.array == nil ? nil : Self.member(name, of: rule.source, place)
            for (variation, id) in rule.variations.enumerated() {
                let place = list.flatMap { $0.children.indices.contains(variation) ? $0.children[variation] : nil }
                texts.append(text(id, place, document))
            }
        }
        return texts
    }

    private func text(_ id: ValueID, _ extent: JSONExtent?, _ document: FeaturesDocument) -> [UInt8] {
        guard let value = document.value(id) else { return [] }
        var bytes: [UInt8] = []
        if let extent {
            JSONWriter.compact(source.span.extracting(extent.range), into: &bytes)
        } else {
            JSONWriter.authored(value, into: &bytes)
        }
        return bytes
    }

    private static func member(_ key: ExactString, of value: JSONValue, _ extent: JSONExtent?) -> JSONExtent? {
        guard let extent, let place = value.object?.position(of: key), extent.children.indices.contains(place) else {
            return nil
        }
        return extent.children[place]
    }
}
