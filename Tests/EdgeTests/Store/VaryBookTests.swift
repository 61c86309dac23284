import Caching
import HTTPSemantics
import HTTPTypes
import Testing

@testable import Edge

@Suite("What is remembered of resources")
struct VaryBookTests {
    private static func key(_ number: Int) -> EntryKey { EntryKey(of: "\(number)".utf8) }

    @Test("a rule is remembered until it is replaced or forgotten")
    func remembers() {
        let book = VaryBook()
        let rule = VaryRule.fields([.accept])
        book.set(rule, for: Self.key(1))
        #expect(book.rule(for: Self.key(1)) == rule && book.rule(for: Self.key(2)) == nil)
        book.set(.fields([.acceptLanguage]), for: Self.key(1))
        #expect(book.rule(for: Self.key(1)) == .fields([.acceptLanguage]))
        book.set(nil, for: Self.key(1))
        #expect(book.rule(for: Self.key(1)) == nil)
    }

    @Test("rules are bounded, and the newest is always there")
    func boundsRules() {
        let book = VaryBook(rulesMax: 64, stripeCount: 4)
        for number in 0..<2_000 {
            book.set(.fields([.accept]), for: Self.key(number))
            #expect(book.rule(for: Self.key(number)) != nil)
        }
        #expect((0..<2_000).count { book.rule(for: Self.key($0)) != nil } <= 64)
    }

    @Test("a mark of what cannot be shared ends by itself, by hand, and by being one too many")
    func passes() {
        let book = PassBook(marksMax: 10)
        book.mark(Self.key(1), untilMilliseconds: 100, nowMilliseconds: 0)
        #expect(book.contains(Self.key(1), nowMilliseconds: 99) && !book.contains(Self.key(2), nowMilliseconds: 0))
        #expect(!book.contains(Self.key(1), nowMilliseconds: 100))
        #expect(!book.contains(Self.key(1), nowMilliseconds: 50))
        book.mark(Self.key(1), untilMilliseconds: 100, nowMilliseconds: 0)
        book.clear(Self.key(1))
        #expect(!book.contains(Self.key(1), nowMilliseconds: 0))
        for number in 0..<1_000 {
            book.mark(Self.key(number), untilMilliseconds: 100, nowMilliseconds: 0)
            #expect(book.contains(Self.key(number), nowMilliseconds: 0))
        }
        #expect((0..<1_000).count { book.contains(Self.key($0), nowMilliseconds: 0) } <= 10)
    }
}
