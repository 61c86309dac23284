/// An attribute, or a member of `data`, that has no column.
struct EventMember {
    enum Kind {
        case null, bool, number, text, array, object
    }

    let key: EventText
    let kind: Kind
    /// The value's bytes in the body.
    let value: Range<Int>
    /// Whether two events that differ in it are different events.
    var isContent = true
    /// Of `data`; else an attribute.
    var isOfData = false
}
