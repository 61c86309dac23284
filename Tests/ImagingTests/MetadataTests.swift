import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct MetadataTests {
        static let rights = "(c) 2026 Ada Example"
        static let artist = "Ada Example"
        static let targets = ImageFormat.allCases.filter { $0.isWritable && $0 != .gif }

        private static func source() throws -> [UInt8] {
            let packet = """
                <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
                <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
                xmlns:exif="http://ns.adobe.com/exif/1.0/"><exif:GPSLatitude>51,28.67N</exif:GPSLatitude>\
                <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">All rights with Ada</rdf:li></rdf:Alt></dc:rights>\
                </rdf:Description></rdf:RDF></x:xmpmeta>
                """
            let plain = ExifBlock.insertedXMP(packet, into: try Samples.still(.jpeg))
            let block = ExifBlock(orientation: 1, copyright: rights, artist: artist, hasPosition: true)
            return block.inserted(into: plain)
        }

        @Test("the source of these tests says what is to be removed")
        func sourceHasAll() throws {
            let source = try Self.source()
            #expect(source.holds(Self.rights) && source.holds(ExifBlock.latitude) && source.holds("51,28.67N"))
            let kept = try render(source, as: .format(.jpeg)) { $0.stripMetadata = false }
            #expect(kept.bytes.holds(ExifBlock.latitude), "libvips reads the position")
        }

        @Test("stripping leaves nothing", arguments: targets)
        func stripsAll(_ target: ImageFormat) throws {
            let bytes = try render(Self.source(), as: .format(target)) { $0.keepCopyright = false }.bytes
            for text in [Self.rights, Self.artist, "51,28.67N", "Ada", "Exif", "xmpmeta"] {
                #expect(!bytes.holds(text), "\(text)")
            }
            #expect(!bytes.holds(ExifBlock.latitude))
        }

        @Test("copyright is kept without the place", arguments: targets)
        func keepsCopyright(_ target: ImageFormat) throws {
            let bytes = try render(Self.source(), as: .format(target)).bytes
            #expect(bytes.holds(Self.rights) && bytes.holds(Self.artist))
            #expect(!bytes.holds("51,28.67N") && !bytes.holds(ExifBlock.latitude))
            #expect(!bytes.holds("GPS"))
        }

        @Test("rights in XMP are kept, the rest of it is not", arguments: [ImageFormat.jpeg, .webp, .avif])
        func keepsRightsInXMP(_ target: ImageFormat) throws {
            let bytes = try render(Self.source(), as: .format(target)).bytes
            #expect(bytes.holds("All rights with Ada"))
            #expect(!bytes.holds("exif:GPSLatitude"))
        }

        @Test("a picture without metadata gets none", arguments: targets)
        func addsNothing(_ target: ImageFormat) throws {
            let bytes = try render(Samples.still(.png), as: .format(target)).bytes
            #expect(!bytes.holds("Exif") && !bytes.holds("xmpmeta"))
        }

        @Test("a profile is kept on demand, with the pixels it describes")
        func keepsProfile() throws {
            let source = try Samples.fixture("display-p3.jpg")
            let kept = try render(source, as: .format(.png)) { $0.stripColorProfile = false }.bytes
            let converted = try render(source, as: .format(.png)).bytes
            #expect(kept.holds("iCCP") && !converted.holds("iCCP"))
            #expect(distance(try ReadPicture(kept).quadrants, Samples.quadrants) <= 6)
            #expect(distance(try ReadPicture(converted).quadrants, Samples.quadrants) <= 6)
        }
    }
}

extension [UInt8] {
    func holds(_ text: String) -> Bool { holds(Array(text.utf8)) }

    func holds(_ needle: [UInt8]) -> Bool {
        guard count >= needle.count else { return false }
        return (0...(count - needle.count)).contains {
            self[$0] == needle[0] && self[$0..<($0 + needle.count)].elementsEqual(needle)
        }
    }
}
