/// One option of the URL grammar: its names, how many arguments it takes, and what it does to a transformation.
///
/// The options are a table (`rendition` and `information`, filled in the files beside this one), so that the parser,
/// its tests and the reference in `docs/formats/url.md` speak of the same names.
package struct URLOption: Sendable {
    typealias Application =
        @Sendable (inout TransformationDraft, OptionArguments) throws(TransformationError) -> Void

    /// The full name first, then its short forms.
    package let names: [String]
    /// How many arguments may be written; the first is always there, but may be empty where an option says so.
    package let arity: ClosedRange<Int>
    let apply: Application

    init(_ names: String..., arity: ClosedRange<Int> = 1...1, apply: @escaping Application) {
        self.names = names
        self.arity = arity
        self.apply = apply
    }

    /// What a rendition's URL may hold.
    package static let rendition: [URLOption] =
        size + region + look + layers + metadata + encoding + delivery + limits + [preset]
    /// What an information URL (`/info`) may hold.
    package static let information: [URLOption] = facts + sharedDelivery + limits

    static let renditionByName = index(rendition)
    static let informationByName = index(information)

    private static func index(_ options: [URLOption]) -> [String: URLOption] {
        var byName: [String: URLOption] = [:]
        for option in options {
            for name in option.names {
                precondition(byName.updateValue(option, forKey: name) == nil, "two options are called \(name)")
            }
        }
        return byName
    }
}
