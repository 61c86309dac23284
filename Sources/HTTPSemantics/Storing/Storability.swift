/// Whether a shared cache stores a response.
package enum Storability: Hashable, Sendable {
    case store
    case no(StoringRefusal)

    package var isStored: Bool { self == .store }
}
