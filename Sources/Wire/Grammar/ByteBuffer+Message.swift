package import HTTPTypes
package import NIOCore

/// Writing the parts of an HTTP/1.1 message.
extension ByteBuffer {
    /// Writes one field line with its CR LF, name and value as given.
    ///
    /// A value that could end the line (CR, LF, NUL) is impossible in an `HTTPField`; should one come nevertheless, a
    /// space is written in its place.
    package mutating func writeField(_ field: HTTPField) {
        writeString(field.name.rawName)
        writeStaticString(": ")
        // SAFETY: the bytes are read inside the closure only.
        unsafe field.withUnsafeBytesOfValue { value in
            let start = writerIndex
            unsafe writeBytes(value)
            for index in 0..<value.count {
                let byte = unsafe value[index]
                if byte == Octet.lineFeed || byte == Octet.carriageReturn || byte == 0 {
                    setInteger(Octet.space, at: start + index)
                }
            }
        }
        writeStaticString("\r\n")
    }

    /// Writes a number in decimal digits.
    package mutating func writeDecimal(_ number: Int64) {
        precondition(number >= 0)
        if number < 10 {
            writeInteger(UInt8(truncatingIfNeeded: number) &+ 0x30)
            return
        }
        writeDecimal(number / 10)
        writeInteger(UInt8(truncatingIfNeeded: number % 10) &+ 0x30)
    }

    /// Writes the line before a chunk's data: its size in hexadecimal digits.
    package mutating func writeChunkSize(_ size: Int) {
        precondition(size > 0)
        writeString(String(size, radix: 16))
        writeStaticString("\r\n")
    }
}
