package import HTTPTypes

extension HTTPField {
    /// A field of another name with the same value, byte for byte, also where it is no UTF-8.
    package func renamed(_ name: HTTPField.Name) -> HTTPField {
        var bytes: [UInt8] = []
        // SAFETY: the bytes are copied inside the closure.
        unsafe withUnsafeBytesOfValue { value in
            for index in 0..<value.count { unsafe bytes.append(value[index]) }
        }
        return HTTPField(name: name, lenientValue: bytes)
    }
}
