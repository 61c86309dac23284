/// Why a list of peers cannot be used; the one who wrote it has to mend it.
package enum FleetError: Error, Hashable {
    /// What is wrong with one entry.
    package enum Problem: String, Hashable, Sendable {
        case tooLong = "is longer than 512 bytes"
        case missingID = "has nothing before \"=\""
        case badID = "has an id that is not 1 to 63 letters, digits, \".\", \"-\" or \"_\""
        case badScheme = "is not an http:// or https:// URL"
        case badHost = "has no valid host: a name, an IPv4 address or an IPv6 address in brackets"
        case badPort = "has a port that is not a number from 1 to 65535"
        case notABareURL = "has more than scheme, host and port; leave user, path, query and fragment out"
        case badWeight = "has a weight that is not a whole number from 1 to 1000"
        case badParameter = "has something after \";\" that is not weight=NUMBER"
    }

    case badPeer(entry: String, Problem)
    case duplicateID(String)
    case duplicateAddress(String)
    case tooManyNodes(count: Int, max: Int)
    /// The list does not have the node that reads it.
    case ourselvesMissing(id: String)
}

extension FleetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badPeer(let entry, let problem): "the peer \"\(entry.prefix(80))\" \(problem.rawValue)"
        case .duplicateID(let id): "two peers have the id \"\(id)\""
        case .duplicateAddress(let address): "two peers have the address \(address)"
        case .tooManyNodes(let count, let max): "\(count) peers; a region has at most \(max) nodes"
        case .ourselvesMissing(let id): "this node, \"\(id)\", is not in the list of peers"
        }
    }
}
