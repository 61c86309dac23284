import JSON

extension SettingsRequest {
    /// Reads a body of `POST /v1/settings/{app}`: the attributes, or an object with them under `attributes`.
    ///
    /// An empty body has no attributes.
    ///
    /// - Throws: `malformed` or `unsuitable`.
    package init(document bytes: [UInt8], limits: SettingsLimits) throws(SettingsProblem) {
        guard !bytes.isEmpty else {
            self.init(attributes: JSONObject())
            return
        }
        let object = try Self.object(bytes, limits)
        if case .object? = object["attributes"] {
            try self.init(envelope: object, limits: limits)
        } else {
            self.init(attributes: try Self.checked(object, "attributes", limits))
        }
    }

    /// Reads a body of `POST /api/eval/{key}`: `attributes`, `forcedVariations`, `forcedFeatures`, `url`, all optional.
    ///
    /// - Throws: `malformed` or `unsuitable`.
    package init(remote bytes: [UInt8], limits: SettingsLimits) throws(SettingsProblem) {
        try self.init(envelope: bytes.isEmpty ? JSONObject() : try Self.object(bytes, limits), limits: limits)
    }

    /// Reads a body of OpenFeature's remote evaluation: `{"context":{"targetingKey":"…",…}}`.
    ///
    /// The context's members are the attributes. `targetingKey` is the attribute `id` too, where the context has none
    /// of that name, for `id` is what rules hash by when they do not say otherwise.
    ///
    /// - Throws: `malformed`, `unsuitable` or `targetingKeyMissing`.
    package init(openFeature bytes: [UInt8], limits: SettingsLimits) throws(SettingsProblem) {
        let object = bytes.isEmpty ? JSONObject() : try Self.object(bytes, limits)
        guard let context = object["context"] else { throw .targetingKeyMissing }
        guard case .object(let members) = context else { throw .unsuitable("\"context\" is not an object.") }
        var attributes = try Self.checked(members, "context", limits)
        guard case .string(let unit)? = attributes["targetingKey"], !unit.isEmpty else { throw .targetingKeyMissing }
        if attributes["id"] == nil { attributes["id"] = .string(unit) }
        self.init(attributes: attributes)
    }

    private init(envelope object: JSONObject, limits: SettingsLimits) throws(SettingsProblem) {
        self.init(
            attributes: try Self.checked(try Self.member("attributes", of: object), "attributes", limits)
        )
        forcedVariations = try Self.checked(
            try Self.member("forcedVariations", of: object),
            "forcedVariations",
            limits
        )
        forcedFeatures = try Self.checked(try Self.pairs("forcedFeatures", of: object), "forcedFeatures", limits)
        switch object["url"] {
        case .string(let text)?: url = text
        case nil, .null?: break
        default: throw .unsuitable("\"url\" is not a text.")
        }
        qaMode = try Self.flag("qaMode", of: object) ?? false
        isEnabled = try Self.flag("enabled", of: object) ?? true
    }

    private static func object(_ bytes: [UInt8], _ limits: SettingsLimits) throws(SettingsProblem) -> JSONObject {
        let parser = JSONParser(
            limits: JSONLimits(bytesMax: limits.bodyBytes, depthMax: limits.depth, valuesMax: limits.values)
        )
        let value: JSONValue
        do throws(JSONError) {
            value = try parser.value(from: bytes)
        } catch {
            throw .malformed(error.description)
        }
        guard case .object(let object) = value else { throw .unsuitable("The body is not a JSON object.") }
        return object
    }

    private static func checked(
        _ object: JSONObject,
        _ name: String,
        _ limits: SettingsLimits
    ) throws(SettingsProblem) -> JSONObject {
        guard object.count <= limits.attributes else {
            throw .unsuitable("\"\(name)\" has \(object.count) members; \(limits.attributes) are allowed.")
        }
        return object
    }

    private static func member(_ name: String, of object: JSONObject) throws(SettingsProblem) -> JSONObject {
        switch object[ExactString(name)] {
        case .object(let member)?: return member
        case nil, .null?: return JSONObject()
        default: throw .unsuitable("\"\(name)\" is not an object.")
        }
    }

    /// An object, or the list of pairs that GrowthBook's clients make of a map.
    private static func pairs(_ name: String, of object: JSONObject) throws(SettingsProblem) -> JSONObject {
        guard case .array(let list)? = object[ExactString(name)] else { return try member(name, of: object) }
        var pairs = JSONObject()
        for element in list {
            guard case .array(let pair) = element, pair.count == 2, case .string(let key) = pair[0] else {
                throw .unsuitable("\"\(name)\" is not a list of pairs of a name and a value.")
            }
            pairs[key] = pair[1]
        }
        return pairs
    }

    private static func flag(_ name: String, of object: JSONObject) throws(SettingsProblem) -> Bool? {
        switch object[ExactString(name)] {
        case .bool(let value)?: return value
        case nil, .null?: return nil
        default: throw .unsuitable("\"\(name)\" is neither true nor false.")
        }
    }
}
