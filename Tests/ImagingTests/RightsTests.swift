import Testing

@testable import Imaging

@Suite struct RightsTests {
    private static func packet(_ inside: String) -> String? {
        let xmp = "<x:xmpmeta><rdf:RDF><rdf:Description>\(inside)</rdf:Description></rdf:RDF></x:xmpmeta>"
        return CopyrightPacket.packet(from: Array(xmp.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("elements of rights are copied, others are not")
    func copiesRights() throws {
        let rights = "<xmpRights:Owner><rdf:Bag><rdf:li>Ada</rdf:li></rdf:Bag></xmpRights:Owner>"
        let packet = try #require(Self.packet("<xmp:Tool>x</xmp:Tool>\(rights)<photoshop:City>Paris</photoshop:City>"))
        #expect(packet.contains(rights))
        #expect(!packet.contains("Paris") && !packet.contains("xmp:Tool"))
    }

    @Test(
        "nothing is made of nothing, and nothing rides along",
        arguments: [
            "", "<dc:title>x</dc:title>", "<dc:rightsOfWay>x</dc:rightsOfWay>", "<dc:rights>never closed",
            "<dc:rights><exif:GPSLatitude>51</exif:GPSLatitude></dc:rights>",
            "<dc:rights>\(String(repeating: "x", count: 5_000))</dc:rights>",
        ]
    )
    func leavesOutTheRest(_ inside: String) { #expect(Self.packet(inside) == nil) }

    @Test("EXIF holds the texts, short and long")
    func writesEXIF() throws {
        #expect(Rights.exif(artist: nil, copyright: nil) == nil)
        let block = try #require(Rights.exif(artist: Array("Ada".utf8), copyright: Array("(c) Ada".utf8)))
        // "Ada" and its zero lie in the entry, the other text behind the directory.
        #expect(block[18..<22].elementsEqual("Ada\0".utf8))
        #expect(block.suffix(8).elementsEqual("(c) Ada\0".utf8))
        #expect(block[30..<34].elementsEqual([0, 0, 0, 38]))
        #expect(block.count == 46)
    }

    @Test("a WebP without EXIF is left as it is")
    func leavesPlainWebP() {
        let plain = Array("RIFF\u{8}\0\0\0WEBPVP8 ".utf8) + [UInt8](repeating: 1, count: 40)
        #expect(WebPContainer.withoutEXIF(plain) == plain)
    }
}
