/// A name in a folder.
struct FolderEntry: Sendable {
    enum Kind: Sendable {
        case file
        case folder
        case other
    }

    /// UTF-8, if whoever made the name kept to it.
    var name: [UInt8]
    var kind: Kind
}
