/// One member of an object.
package struct JSONMember: Sendable {
    package let key: ExactString
    package var value: JSONValue

    package init(key: ExactString, value: JSONValue) {
        self.key = key
        self.value = value
    }
}
