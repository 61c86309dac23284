import Testing

/// Drawings that want memory, time, files or the network.
enum HostileDrawing: String, CaseIterable, CustomTestStringConvertible {
    case huge, hugeViewBox, negative, zero, percent, deep, entities, uses, externalEntity, externalImage, script
    case filter, manyPaths, notClosed

    var testDescription: String { rawValue }

    var bytes: [UInt8] { Array(text.utf8) }

    private var text: String {
        let open = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
        return switch self {
        case .huge: "\(open) width='1000000000' height='1000000000'><rect width='9' height='9'/></svg>"
        case .hugeViewBox: "\(open) viewBox='0 0 1e30 1e30'><rect width='1e30' height='1e30'/></svg>"
        case .negative: "\(open) width='-5' height='-5'/>"
        case .zero: "\(open) width='0' height='0'/>"
        case .percent: "\(open) width='100%' height='100%'><rect width='9' height='9'/></svg>"
        case .deep:
            "\(open) width='9' height='9'>" + String(repeating: "<g>", count: 60_000)
                + String(repeating: "</g>", count: 60_000) + "</svg>"
        case .entities:
            "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
                + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
                + "\(open) width='9' height='9'><text>&d;&d;&d;&d;</text></svg>"
        case .uses:
            "\(open) width='9' height='9'><defs><g id='a0'><rect width='1' height='1'/></g>"
                + (1..<30).map { level in
                    "<g id='a\(level)'>"
                        + String(repeating: "<use xlink:href='#a\(level - 1)'/>", count: 10) + "</g>"
                }.joined() + "</defs><use xlink:href='#a29'/></svg>"
        case .externalEntity:
            "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                + "\(open) width='64' height='64'><text>&x;</text></svg>"
        case .externalImage:
            "\(open) width='64' height='64'><image width='64' height='64' xlink:href='file:///etc/passwd'/></svg>"
        case .script: "\(open) width='64' height='64' onload='alert(1)'><script>alert(1)</script></svg>"
        case .filter:
            "\(open) width='64' height='64'><filter id='f' x='-1000' y='-1000' width='1e6' height='1e6'>"
                + "<feGaussianBlur stdDeviation='1e5'/></filter><rect width='64' height='64' filter='url(#f)'/></svg>"
        case .manyPaths:
            "\(open) width='64' height='64'>" + String(repeating: "<path d='M0 0L9 9'/>", count: 20_000) + "</svg>"
        case .notClosed: "\(open) width='64' height='64'><rect"
        }
    }
}
