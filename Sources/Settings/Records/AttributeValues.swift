import JSON

/// How often conditions name a value of `platform` or `country`.
struct AttributeValues {
    private static let attributes: Set<ExactString> = ["platform", "country"]
    /// Values of one attribute that are counted.
    private static let valuesMax = 10_000

    private let savedGroups: JSONObject
    private var counts: [ExactString: [ExactString: Int]] = [:]

    init(savedGroups: JSONObject) {
        self.savedGroups = savedGroups
    }

    mutating func collect(_ condition: JSONValue) {
        switch condition {
        case .array(let parts):
            for part in parts { collect(part) }
        case .object(let object):
            for member in object.members {
                if Self.attributes.contains(member.key) {
                    count(member.value, of: member.key)
                } else if member.key.text.hasPrefix("$") {
                    collect(member.value)
                }
            }
        default: break
        }
    }

    /// The values of an attribute, the most named first, equally named ones in order.
    func mostNamed(_ attribute: ExactString) -> [ExactString] {
        (counts[attribute] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    private mutating func count(_ operand: JSONValue, of attribute: ExactString) {
        switch operand {
        case .string(let value):
            guard counts[attribute, default: [:]].count < Self.valuesMax else { return }
            counts[attribute, default: [:]][value, default: 0] += 1
        case .array(let values):
            for value in values { count(value, of: attribute) }
        case .object(let operators):
            for member in operators.members {
                switch member.key {
                case "$eq", "$ne", "$in", "$nin", "$not": count(member.value, of: attribute)
                case "$inGroup", "$notInGroup":
                    if let name = member.value.string, let group = savedGroups[name] { count(group, of: attribute) }
                default: break
                }
            }
        default: break
        }
    }
}
