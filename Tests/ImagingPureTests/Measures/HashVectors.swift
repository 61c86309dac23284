/// Values made by other implementations; origin and recipe in `Tests/Fixtures/hashes/README.md`.
enum HashVectors {
    struct Blur: Sendable {
        let pattern: TestPattern
        let width: Int
        let height: Int
        let components: (x: Int, y: Int)
        let text: String

        init(_ pattern: TestPattern, _ width: Int, _ height: Int, components: (Int, Int), _ text: String) {
            (self.pattern, self.width, self.height, self.components, self.text) = (
                pattern, width, height, components, text
            )
        }
    }

    struct Thumb: Sendable {
        let pattern: TestPattern
        let width: Int
        let height: Int
        let hex: String

        init(_ pattern: TestPattern, _ width: Int, _ height: Int, _ hex: String) {
            (self.pattern, self.width, self.height, self.hex) = (pattern, width, height, hex)
        }
    }

    struct Likeness: Sendable {
        let one: TestPattern
        let two: TestPattern
        let width: Int
        let height: Int
        let ssim: Double

        init(_ one: TestPattern, _ two: TestPattern, _ width: Int, _ height: Int, _ ssim: Double) {
            (self.one, self.two, self.width, self.height, self.ssim) = (one, two, width, height, ssim)
        }
    }

    static let blurHashes: [Blur] = [
        Blur(.gradient, 32, 24, components: (4, 3), "L$HewS2jwzX5l?WGjue;gKfkfQfj"),
        Blur(
            .gradient,
            7,
            5,
            components: (9, 9),
            "|yIF6o3KWm%LFE-pFD-pFDy{NIa}nQSNrtSNrtSNeAe?fRe:fSe.fSe.fS%yOla{oySKt6SKt6SKdsesfReo"
                + "fSeofSeofS%{Ola{oySKt6SKt6SKdsesfReofSeofSeofS%yOla{oySKt6SKt6SKeAe?fRe:fSe.fSe.fS"
        ),
        Blur(.checks, 32, 32, components: (4, 4), "U3JZG{}_fQ}_}_GHfQC7fQfQfQfQ}_C7fQC8"),
        Blur(.flat, 16, 16, components: (4, 3), "LBM|T9}XfQ}X}XoLfQoLfQfQfQfQ"),
        Blur(.flat, 1, 1, components: (1, 1), "00M|T9"),
        Blur(.scatter, 20, 30, components: (3, 4), "TAHV6m-nV;$%nzW8m$WOi=$,i+nW"),
        Blur(.scatter, 33, 17, components: (9, 1), "87HV6n-6nc-PVo%Dn0y|Tj"),
        Blur(.scatter, 17, 33, components: (1, 9), "=BHenDxZrlxaV$%Dob%2R#"),
        Blur(.disc, 24, 24, components: (5, 5), "ezIy~cfQ0+fQR,fQfQfQfQfQ0+fQ$}fQ$#fQfQfQfQfQR,fQ$#fQNJ"),
    ]

    static let thumbHashes: [Thumb] = [
        Thumb(.gradient, 32, 24, "1ff80d0d9a80878771778888877888788f8008f877"),
        Thumb(.gradient, 24, 32, "1f080e0d1a8187708887777887887888808f08f877"),
        Thumb(.checks, 32, 32, "9f36020702787888c8d8f88788777d7e87f8877880880808"),
        Thumb(.flat, 16, 16, "1dcb02070067693b89878870788787787779f7b427088f04"),
        Thumb(.flat, 1, 1, "1dcb3acf3208f708888788708f7088f80888808008088800"),
        Thumb(.scatter, 100, 75, "e00702058063b0588286613616197939dd5fd8c4fa"),
        Thumb(.scatter, 20, 100, "1ff801010053752425675307fb87aaf3ea"),
        Thumb(.scatter, 100, 9, "1f080209805340174a253588bbb2ffc6bb"),
        Thumb(.disc, 48, 48, "5f6c861d02270c6a8778808a670c87c0700804677788708a68"),
        Thumb(.disc, 60, 36, "9a5b862384250bb98778830b87b3703804b78778838b78"),
    ]

    static let similarities: [Likeness] = [
        Likeness(.gradient, .gradient, 40, 32, 1.000000000000),
        Likeness(.gradient, .scatter, 40, 32, 0.021134171007),
        Likeness(.gradient, .checks, 37, 29, 0.143850910937),
        Likeness(.flat, .gradient, 64, 64, 0.505857204057),
        Likeness(.scatter, .checks, 3, 5, -0.267768652964),
        Likeness(.flat, .checks, 9, 100, 0.324841057578),
    ]
}
