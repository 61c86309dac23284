/// The names of a node's files: twenty digits of the segment's number, and what the file is.
enum SegmentName: Hashable {
    /// Lines as they came, in `open`.
    case part(UInt64, UInt32)
    /// The compressed lines, in `sealed`.
    case body(UInt64)
    /// The manifest that is to be put, in `sealed`.
    case manifest(UInt64)
    /// Says in `sealed` that the number was shipped.
    case shipped(UInt64)

    private static let numberDigits = 20
    private static let partDigits = 10

    var text: String {
        switch self {
        case .part(let number, let part): "\(Self.digits(number))-\(Self.padded(part, Self.partDigits)).lines"
        case .body(let number): "\(Self.digits(number)).csv.zst"
        case .manifest(let number): "\(Self.digits(number)).json"
        case .shipped(let number): "\(Self.digits(number)).shipped"
        }
    }

    /// `nil` for any other file.
    init?(_ text: String) {
        guard let number = UInt64(text.prefix(Self.numberDigits)) else { return nil }
        let rest = text.dropFirst(Self.numberDigits)
        let name: SegmentName
        switch rest {
        case ".csv.zst": name = .body(number)
        case ".json": name = .manifest(number)
        case ".shipped": name = .shipped(number)
        default:
            guard rest.hasSuffix(".lines"), let part = UInt32(rest.dropFirst().dropLast(6)) else { return nil }
            name = .part(number, part)
        }
        // Written back, another spelling is another name.
        guard number > 0, name.text.utf8.elementsEqual(text.utf8) else { return nil }
        self = name
    }

    var number: UInt64 {
        switch self {
        case .part(let number, _), .body(let number), .manifest(let number), .shipped(let number): number
        }
    }

    /// Twenty digits.
    static func digits(_ number: UInt64) -> String { padded(number, numberDigits) }

    private static func padded(_ number: some FixedWidthInteger, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
