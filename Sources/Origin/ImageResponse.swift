import DeliveryTypes
import HTTPTypes

/// Field values shared by deliveries of pictures.
enum ImageResponse {
    /// The `Content-Disposition` of a picture (RFC 6266): an ASCII fallback and the exact name in UTF-8.
    ///
    /// `stem` is the file name without extension; `nil` or empty gives "image".
    static func disposition(stem: String?, format: ImageFormat?, isAttachment: Bool) -> String {
        let stem = (stem?.isEmpty == false ? stem : nil) ?? "image"
        let name = format.map { stem + "." + $0.fileExtension } ?? stem
        let kind = isAttachment ? "attachment" : "inline"
        let ascii = String(
            decoding: name.utf8.map { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C ? $0 : 0x5F },
            as: UTF8.self
        )
        if ascii == name { return "\(kind); filename=\"\(ascii)\"" }
        return "\(kind); filename=\"\(ascii)\"; filename*=UTF-8''\(percentEncoded(name))"
    }

    /// RFC 8187 `attr-char`s stay, everything else becomes %XX.
    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var out = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isASCIIHexDigit || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || "!#$&+-.^_`|~".unicodeScalars.contains(scalar)
            {
                out.unicodeScalars.append(scalar)
            } else {
                out += "%"
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 15)])
            }
        }
        return out
    }

    /// Fields that keep a stored document from acting as a page of this server: an SVG could hold a script.
    static func harden(_ fields: inout HTTPFields, format: ImageFormat?) {
        fields[.xContentTypeOptions] = "nosniff"
        if format == nil || format == .svg {
            fields[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        }
    }
}
