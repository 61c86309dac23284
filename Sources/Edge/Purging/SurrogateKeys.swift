import HTTPSemantics
import HTTPTypes

/// The tags that an origin gives its responses, for purging: `Surrogate-Key` (separated by spaces) and `Cache-Tag`
/// (separated by commas).
///
/// A tag has 1 to 1,024 bytes; a response at most `tagsMax` of them, more are left out.
enum SurrogateKeys {
    static let tagsMax = 256
    static let tagBytesMax = 1_024

    static let names: [HTTPField.Name] = ["Surrogate-Key", "Cache-Tag"].compactMap { HTTPField.Name($0) }

    static func tags(of fields: HTTPFields) -> [String] {
        var tags: [String] = []
        for line in fields[values: names[0]] {
            tags += line.split { $0 == " " || $0 == "\t" }.map(String.init)
        }
        tags += FieldList.members(of: fields[values: names[1]]).map(String.init)
        return Array(tags.filter { $0.utf8.count <= tagBytesMax }.prefix(tagsMax))
    }
}
