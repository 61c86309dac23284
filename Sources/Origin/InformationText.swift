import DeliveryTypes
import HTTPSemantics

/// The JSON answer of `/info`.
enum InformationText {
    static func json(_ head: RenderResult.Head) -> String {
        let facts = head.source
        var members = [
            "\"format\":" + JSONText.quoted(facts.format.rawValue),
            "\"width\":\(facts.orientedSize.width)",
            "\"height\":\(facts.orientedSize.height)",
            "\"bytes\":\(facts.bytes)",
            "\"size\":\(facts.bytes)",
            "\"mime_type\":" + JSONText.quoted(facts.format.mediaType),
            "\"orientation\":\(facts.orientation)",
            "\"frames\":\(facts.frames)",
            "\"alpha\":\(facts.hasAlpha)",
        ]
        if let text = head.blurHash { members.append("\"blurhash\":" + JSONText.quoted(text)) }
        if let text = head.thumbHash { members.append("\"thumbhash\":" + JSONText.quoted(text)) }
        if let color = head.dominantColor {
            let hex = [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            members.append("\"dominant_color\":" + JSONText.quoted("#" + hex))
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }
}
