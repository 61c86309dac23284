/// Documented imgproxy semantics as numbers.
///
/// Each group begins with the rule that its numbers follow from.
///
/// Rounding: sizes round halves away from zero; the middle of a rest of `d` pixels lies at `(d + 1) / 2`, halves to the
/// even neighbour; offsets and padding round halves to the even neighbour.
enum GeometryTable {
    static let resizing = """
        # fit: the ratio is kept, inside the box, never larger than the source: scale = min(W/w, H/h, 1)
        4000x3000 rs:fit:800:800 -> 800x600 scaled=800x600 cut=none crop=none jpeg=4 dpr=1
        4000x3000 rs:fit:800:300 -> 400x300 jpeg=8
        4000x3000 rs:fit:640:0 -> 640x480 jpeg=4
        4000x3000 rs:fit:0:600 -> 800x600 jpeg=4
        4000x3000 rs:fit:2000:2000 -> 2000x1500 jpeg=2
        4000x3000 rs:fit:2001:2001 -> 2001x1501 jpeg=1
        4000x3000 rs:fit:0:0 -> 4000x3000 scaled=4000x3000 jpeg=1
        4000x3000 rs:fit:4000:3000 -> 4000x3000
        4000x3000 rs:fit:5000:5000 -> 4000x3000
        3000x4000 rs:fit:800:800 -> 600x800
        1000x999 rs:fit:100:100 -> 100x100
        1000x667 rs:fit:300:0 -> 300x200
        333x500 rs:fit:100:100 -> 67x100
        200x101 rs:fit:100:0 -> 100x51
        7x5 rs:fit:3:3 -> 3x2
        # no side ever becomes 0
        1000x1 rs:fit:10:10 -> 10x1
        1x1000 rs:fit:10:10 -> 1x10
        1x1 rs:fit:100:100 -> 1x1
        30000x2 rs:fit:100:0 -> 100x1 scaled=100x1
        # fit with enlarge: scale = min(W/w, H/h)
        200x100 rs:fit:300:300:1 -> 300x150
        200x100 rs:fit:300:125:1 -> 250x125
        200x100 rs:fit:0:200:1 -> 400x200
        200x100 rs:fit:300:0:1 -> 300x150
        200x100 rs:fit:50:50:1 -> 50x25
        1x1 rs:fit:100:50:1 -> 50x50
        # fill: the ratio is kept, the box covered (scale = max(W/w, H/h)), what stands out is cut, from the middle
        4000x3000 rs:fill:300:200 -> 300x200 scaled=300x225 cut=0,13,300x200 jpeg=8
        4000x3000 rs:fill:200:300 -> 200x300 scaled=400x300 cut=100,0,200x300
        4000x3000 rs:fill:400:300 -> 400x300 scaled=400x300 cut=none
        200x100 rs:fill:50:50 -> 50x50 scaled=100x50 cut=26,0,50x50
        200x100 rs:fill:50:0 -> 50x25 cut=none
        200x100 rs:fill:0:50 -> 100x50 cut=none
        200x100 rs:fill:0:0 -> 200x100 cut=none
        # fill without enlarge: a source that is too small keeps its size; only what stands out is cut
        200x100 rs:fill:300:300 -> 200x100 scaled=200x100 cut=none
        200x100 rs:fill:300:50 -> 200x50 scaled=200x100 cut=0,26,200x50
        200x100 rs:fill:100:300 -> 100x100 scaled=200x100 cut=50,0,100x100
        # fill with enlarge: always exactly the box
        200x100 rs:fill:300:300:1 -> 300x300 scaled=600x300 cut=150,0,300x300
        200x100 rs:fill:300:125:1 -> 300x125 scaled=300x150 cut=0,13,300x125
        3x2 rs:fill:1000:10:1 -> 1000x10 scaled=1000x667 cut=0,329,1000x10
        # fill-down: as fill, but a source that is too small is cut to the box's ratio
        200x100 rs:fill-down:50:50 -> 50x50 scaled=100x50
        200x100 rs:fill-down:300:300 -> 100x100 scaled=200x100 cut=50,0,100x100
        200x100 rs:fill-down:300:125 -> 200x83 cut=0,9,200x83
        200x100 rs:fill-down:250:300 -> 83x100 cut=59,0,83x100
        200x100 rs:fill-down:300:0 -> 200x100
        200x100 rs:fill-down:0:200 -> 200x100
        200x100 rs:fill-down:300:300:1 -> 300x300
        100x1 rs:fill-down:1000:100 -> 10x1 cut=46,0,10x1
        # force: both sides as asked, the ratio is lost; a side of 0 keeps the source's
        200x100 rs:force:50:50 -> 50x50 scaled=50x50 cut=none jpeg=2
        200x100 rs:force:50:0 -> 50x100
        200x100 rs:force:0:50 -> 200x50
        200x100 rs:force:300:300:1 -> 300x300 scaled=300x300
        # force without enlarge: both axes shrink alike until none is enlarged, then the box cuts
        200x100 rs:force:300:50 -> 200x33 scaled=200x33
        200x100 rs:force:400:300 -> 133x100
        # auto: fill when source and box are both landscape (or square) or both portrait, else fit
        200x100 rs:auto:100:80 -> 100x80 scaled=160x80
        200x100 rs:auto:80:100 -> 80x40 cut=none
        100x200 rs:auto:80:100 -> 80x100 scaled=80x160
        100x200 rs:auto:100:80 -> 40x80
        100x100 rs:auto:80:40 -> 80x40 scaled=80x80
        100x100 rs:auto:40:80 -> 40x40
        """

    static let factors = """
        # zoom multiplies the resulting size, per axis, within the rule of enlarging
        200x100 z:0.5 -> 100x50
        200x100 z:2 -> 200x100
        200x100 z:2/el:1 -> 400x200
        200x100 rs:fit:50:50/z:2 -> 100x50 dpr=1
        200x100 rs:fit:50:50/z:2:1 -> 100x25
        200x100 rs:fill:50:50/z:2 -> 100x100 scaled=200x100
        200x100 rs:fit:50:50/z:0.5/pd:10 -> 45x33 pad=10,10,45x33 dpr=1
        # dpr multiplies size, offsets and padding
        200x100 rs:fit:50:50/dpr:2 -> 100x50 dpr=2
        200x100 rs:fit:50:50/dpr:1.5 -> 75x38
        200x100 rs:fill:50:50/dpr:2 -> 100x100 scaled=200x100 cut=50,0,100x100
        200x100 rs:fit:50:50/dpr:2/pd:10 -> 140x90 pad=20,20,140x90
        200x100 rs:fill:50:50/g:ea/dpr:0.5 -> 25x25 scaled=50x25 cut=25,0,25x25
        200x100 dpr:0.5 -> 100x50 dpr=0.5
        # dpr is reduced to what does not enlarge, and offsets and padding follow the reduced one
        200x100 rs:fit:50:50/dpr:5 -> 200x100 dpr=4
        200x100 rs:fit:100:100/dpr:3/pd:10 -> 240x140 dpr=2 pad=20,20,240x140
        200x100 rs:fill:100:100/dpr:2 -> 100x100 dpr=1
        200x100 dpr:2 -> 200x100 dpr=1
        200x100 rs:fit:300:300/dpr:2 -> 200x100 dpr=1
        # a dpr below 1 counts from the size asked for, not from the smaller source
        200x100 rs:fit:300:300/dpr:0.5 -> 150x75 dpr=0.75
        200x100 rs:fit:400:400/dpr:0.5 -> 200x100 dpr=1
        # with enlarge, dpr is taken as it is
        200x100 rs:fit:300:300:1/dpr:2 -> 600x300 dpr=2
        200x100 rs:fill:100:100:1/dpr:3 -> 300x300 dpr=3
        # dpr and zoom together
        200x100 rs:fit:50:50/z:0.5/dpr:2 -> 50x25 dpr=2
        200x100 rs:fit:50:50/z:2/dpr:4 -> 200x100 dpr=2
        # min-width and min-height enlarge, keeping the ratio; a width beside it still cuts
        200x100 mw:300 -> 300x150
        200x100 mh:300 -> 600x300
        200x100 mw:100 -> 200x100
        200x100 rs:fit:0:25/mw:100 -> 100x25 scaled=100x50 cut=0,13,100x25
        200x100 rs:fit:50:50/mw:100 -> 50x50 scaled=100x50 cut=26,0,50x50
        200x100 rs:fit:50:0/mh:50 -> 50x50 scaled=100x50
        200x100 mw:300/mh:300 -> 600x300
        200x100 mw:300/el:1/dpr:2 -> 600x300
        """

    static let gravity = """
        # gravity decides which part stays: an edge, a corner or the middle
        200x100 rs:fill:50:50/g:ce -> 50x50 cut=26,0,50x50
        200x100 rs:fill:50:50/g:we -> 50x50 cut=0,0,50x50
        200x100 rs:fill:50:50/g:ea -> 50x50 cut=50,0,50x50
        200x100 rs:fill:50:50/g:no -> 50x50 cut=26,0,50x50
        200x100 rs:fill:50:50/g:nowe -> 50x50 cut=0,0,50x50
        200x100 rs:fill:50:50/g:soea -> 50x50 cut=50,0,50x50
        100x200 rs:fill:50:50/g:no -> 50x50 cut=0,0,50x50
        100x200 rs:fill:50:50/g:so -> 50x50 cut=0,50,50x50
        100x200 rs:fill:50:50/g:noea -> 50x50 cut=0,0,50x50
        100x200 rs:fill:50:50/g:sowe -> 50x50 cut=0,50,50x50
        # the middle of a rest d lies at (d + 1) / 2, halves to even: 1 -> 1, 2 -> 2, 3 -> 2, 4 -> 2, 5 -> 3, 6 -> 4
        51x10 c:50:10 -> 50x10 crop=1,0,50x10
        52x10 c:50:10 -> 50x10 crop=2,0,50x10
        53x10 c:50:10 -> 50x10 crop=2,0,50x10
        54x10 c:50:10 -> 50x10 crop=2,0,50x10
        55x10 c:50:10 -> 50x10 crop=3,0,50x10
        56x10 c:50:10 -> 50x10 crop=4,0,50x10
        # offsets of 1 and more are pixels, inwards from the edge, right and down from the middle
        200x100 rs:fill:50:50/g:we:10 -> 50x50 cut=10,0,50x50
        200x100 rs:fill:50:50/g:ea:10 -> 50x50 cut=40,0,50x50
        200x100 rs:fill:50:50/g:ce:10 -> 50x50 cut=36,0,50x50
        200x100 rs:fill:50:50/g:ce:-10 -> 50x50 cut=16,0,50x50
        100x200 rs:fill:50:50/g:no:0:5 -> 50x50 cut=0,5,50x50
        100x200 rs:fill:50:50/g:so:0:5 -> 50x50 cut=0,45,50x50
        # offsets in pixels follow dpr, halves to even
        400x200 rs:fill:50:50/g:we:10/dpr:2 -> 100x100 cut=20,0,100x100
        400x200 rs:fill:50:50/g:we:5/dpr:0.5 -> 25x25 cut=2,0,25x25
        400x200 rs:fill:50:50/g:we:7/dpr:0.5 -> 25x25 cut=4,0,25x25
        # offsets below 1 are shares of the scaled picture's side and need no dpr
        200x100 rs:fill:50:50/g:we:0.1 -> 50x50 cut=10,0,50x50
        400x200 rs:fill:50:50/g:we:0.1/dpr:2 -> 100x100 cut=20,0,100x100
        200x100 rs:fill:50:50/g:ea:0.25 -> 50x50 cut=25,0,50x50
        # the cut never leaves the picture
        200x100 rs:fill:50:50/g:we:-10 -> 50x50 cut=0,0,50x50
        200x100 rs:fill:50:50/g:we:1000 -> 50x50 cut=50,0,50x50
        200x100 rs:fill:50:50/g:ea:-1000 -> 50x50 cut=50,0,50x50
        # a focus point becomes the middle of the result, as far as the picture reaches
        200x100 rs:fill:50:50/g:fp:0.5:0.5 -> 50x50 cut=25,0,50x50
        200x100 rs:fill:50:50/g:fp:0:0 -> 50x50 cut=0,0,50x50
        200x100 rs:fill:50:50/g:fp:1:1 -> 50x50 cut=50,0,50x50
        200x100 rs:fill:50:50/g:fp:0.3:0.9 -> 50x50 cut=5,0,50x50
        400x200 rs:fill:50:50/g:fp:0.3:0.9/dpr:2 -> 100x100 cut=10,0,100x100
        # smart gravity leaves the place to the picture
        200x100 rs:fill:50:50/g:sm -> 50x50 scaled=100x50 cut=smart,50x50
        200x100 c:50:50:sm -> 50x50 crop=smart,50x50 cut=none
        """

    static let cropping = """
        # crop: pixels from 1 on, a share below, the whole side for 0; cut before scaling
        200x100 c:50:50 -> 50x50 crop=76,26,50x50 scaled=50x50
        200x100 c:0.5:0.5 -> 100x50 crop=50,26,100x50
        200x100 c:0:50 -> 200x50 crop=0,26,200x50
        200x100 c:300:50 -> 200x50 crop=0,26,200x50
        200x100 c:300:300 -> 200x100 crop=none
        200x100 c:0:0 -> 200x100 crop=none
        200x100 c:0.001:0.001 -> 1x1
        200x100 c:50.9:20.9 -> 50x20
        200x100 c:1:1 -> 1x1
        # scaling counts from the cut-out part
        200x100 c:100:100/rs:fit:50:50 -> 50x50 crop=50,0,100x100 scaled=50x50
        200x100 c:50:50/rs:fit:100:100 -> 50x50
        200x100 c:50:50/rs:fit:100:100:1 -> 100x100 scaled=100x100
        4000x3000 c:2000:2000:nowe/rs:fill:500:250 -> 500x250 scaled=500x500 cut=0,126,500x250 jpeg=4
        # its own gravity comes first, then the general one
        200x100 c:50:50/g:nowe -> 50x50 crop=0,0,50x50
        200x100 c:50:50:soea/g:nowe -> 50x50 crop=150,50,50x50
        200x100 c:100:100:ea/rs:fill:50:25/g:so -> 50x25 crop=100,0,100x100 cut=0,25,50x25
        # its offsets are source pixels, whatever dpr
        200x100 c:50:50:nowe:10:10/dpr:0.5 -> 25x25 crop=10,10,50x50
        200x100 c:50:50:nowe:0.1:0.2 -> 50x50 crop=20,20,50x50
        200x100 c:50:50:soea:10:10 -> 50x50 crop=140,40,50x50
        200x100 c:50:50:nowe:-10:-10 -> 50x50 crop=0,0,50x50
        200x100 c:50:50:fp:0.25:0.5 -> 50x50 crop=25,25,50x50
        """

    static let orientation = """
        # EXIF orientations 5 to 8 swap the axes; sizes and gravities are the viewer's
        200x100@6 rs:fit:50:50 -> 25x50
        200x100@8 rs:fit:50:0 -> 50x100
        200x100@3 rs:fit:50:50 -> 50x25
        200x100@6 ar:0/rs:fit:50:50 -> 50x25
        200x100@5 rs:fill:50:50/g:no -> 50x50 scaled=50x100 cut=0,0,50x50
        # rotation comes after auto-rotation and before the box is applied
        200x100 rot:90 -> 100x200
        200x100 rot:180 -> 200x100
        200x100 rot:270/rs:fit:50:50 -> 25x50
        200x100@6 rot:90 -> 200x100
        200x100@6 ar:0/rot:90 -> 100x200
        200x100 rot:-90 -> 100x200
        200x100 fl:1:1/rs:fit:50:50 -> 50x25
        # a crop is given in the viewer's coordinates and made in the stored ones
        200x100@6 c:50:60:nowe -> 50x60 crop=0,50,60x50
        200x100@8 c:50:60:nowe -> 50x60 crop=140,0,60x50
        200x100@3 c:50:60:nowe -> 50x60 crop=150,40,50x60
        200x100@2 c:50:60:nowe -> 50x60 crop=150,0,50x60
        200x100@6 c:50:60:nowe:10:20 -> 50x60 crop=20,40,60x50
        200x100 rot:90/c:50:60:nowe -> 50x60 crop=0,50,60x50
        200x100 fl:1:0/c:50:60:nowe -> 50x60 crop=150,0,50x60
        200x100 fl:0:1/c:50:60:nowe -> 50x60 crop=0,40,50x60
        200x100@6 fl:1:0/c:50:60:nowe -> 50x60 crop=0,0,60x50
        200x100@6 c:0.5:0.25:no -> 50x50 crop=0,26,50x50
        200x100@6 c:50:60:fp:0.25:0.75 -> 50x60 crop=120,50,60x50
        """

    static let canvases = """
        # extend: up to the box times dpr, in the middle unless its gravity says otherwise
        200x100 rs:fit:300:300:0:1 -> 300x300 scaled=200x100 ext=50,100,300x300
        200x100 rs:fit:50:50:0:1 -> 50x50 scaled=50x25 ext=0,13,50x50
        200x100 rs:fit:50:50/ex:1:no -> 50x50 ext=0,0,50x50
        200x100 rs:fit:50:50/ex:1:so -> 50x50 ext=0,25,50x50
        200x100 rs:fit:50:50/ex:1:so:0:5 -> 50x50 ext=0,20,50x50
        200x100 rs:fit:50:50/ex:1:so:0:5/dpr:2 -> 100x100 ext=0,40,100x100
        200x100 rs:fit:50:50/ex:1:no:0:0.1 -> 50x50 ext=0,5,50x50
        200x100 rs:fit:50:50/ex:1:fp:0.5:0.2 -> 50x50 ext=0,0,50x50
        200x100 rs:fit:0:200:0:1 -> 200x200 ext=0,50,200x200
        200x100 rs:fit:300:0:0:1 -> 300x100 ext=50,0,300x100
        200x100 rs:fit:50:25:0:1 -> 50x25 ext=none
        200x100 rs:fill:300:50:0:1 -> 300x50 ext=50,0,300x50
        200x100 rs:fill-down:100:300:0:1 -> 100x300 scaled=200x100
        # extend keeps the composition under dpr: the picture's share of the canvas stays
        200x100 rs:fit:300:300:0:1/dpr:2 -> 300x300 ext=50,100,300x300 dpr=1
        200x100 rs:fit:300:300:0:1/dpr:0.5 -> 150x150 scaled=100x50 ext=26,50,150x150 dpr=0.5
        # extend_aspect_ratio: the smallest canvas of the box's ratio around the picture
        200x100 rs:fit:300:600/exar:1 -> 200x400 ar=0,150,200x400
        200x100 rs:fit:300:125/exar:1 -> 240x100 ar=20,0,240x100
        200x100 rs:fit:50:50/exar:1 -> 50x50 ar=0,13,50x50
        200x100 rs:fit:300:300/exar:1:no -> 200x200 ar=0,0,200x200
        200x100 rs:fit:400:200/exar:1 -> 200x100 ar=none
        200x100 rs:fit:0:50/exar:1 -> 100x50 ar=none
        200x100 rs:fill:100:300/exar:1 -> 100x300 ar=0,100,100x300
        # padding: around everything, times the dpr in force, halves to even
        200x100 rs:fit:100:100/pd:10:20:30:40 -> 160x90 pad=40,10,160x90
        200x100 rs:fit:100:100/pd:10:20:30:40/dpr:2 -> 320x180 pad=80,20,320x180
        200x100 rs:fit:100:100/pd:5/dpr:0.5 -> 54x29 pad=2,2,54x29
        200x100 rs:fit:100:100/pd:3/dpr:0.5 -> 54x29 pad=2,2,54x29
        200x100 rs:fit:50:50:0:1/pd:10 -> 70x70 ext=0,13,50x50 pad=10,10,70x70
        200x100 pd:0 -> 200x100 pad=none
        """

    static let limits = """
        # max result dimension: the whole, canvas and padding included, is scaled down until it fits
        200x100 rs:fit:100:100/mrd:1000 -> 100x50
        200x100 rs:fit:100:100/mrd:50 -> 50x25 dpr=0.5
        200x100 mrd:50 -> 50x25
        200x100 rs:fit:1000:1000:1/mrd:100 -> 100x50
        200x100 rs:fit:1000:2000:0:1/mrd:100 -> 50x100
        200x100 rs:fit:1000:2000/exar:1/mrd:100 -> 50x100
        200x100 rot:90/mrd:100 -> 50x100
        200x100 rs:fit:100:100/pd:100:200:300:400/mrd:200 -> 200x129
        200x100 rs:fill:1000:50/mrd:50 -> 50x13
        200x100 rs:fill-down:1000:50/mrd:50 -> 50x3
        200x100 rs:fill:1000:1000:1/mrd:100 -> 100x100
        200x100 rs:fill:100:150/rot:90/mrd:100 -> 67x100
        # the server's limit holds whatever the URL says
        200x100 rs:fit:5000:5000:1/mrd:4000/server-max:1000 -> 1000x500
        200x100 rs:fit:5000:5000:1/mrd:400/server-max:1000 -> 400x200
        200x100 rs:fill:100000:100000:1 -> 8192x8192
        1x1 rs:force:999999999:1:1 -> 8192x1
        # no encoder gets more than its format can hold
        20000x10000 f:webp/server-max:0 -> 16383x8192
        90000x10 f:jpeg/server-max:0 -> 65500x7
        90000x10 f:gif/server-max:0 -> 65535x7
        20000x10000 f:avif/server-max:0 -> 16384x8192
        90000x10 f:png/server-max:0 -> 90000x10
        """

    static let vectors = """
        # a vector is drawn at the size asked for, without enlarge
        100x50svg rs:fit:400:400 -> 400x200 draw=4
        100x50svg rs:fit:50:50 -> 50x25 draw=0.5
        100x50svg dpr:3 -> 300x150 draw=3
        100x50svg rs:fill:400:400 -> 400x400 scaled=800x400 draw=8
        100x50svg -> 100x50 draw=1 jpeg=1
        # its nominal size is no reason to draw more pixels than a source may have
        20000x10000svg server-pixels:50000000 -> 8192x4096 draw=0.41
        20000x10000svg rs:fit:100:100/server-pixels:2000000 -> 100x50 draw=0.005
        # nor is a small part of it wanted large: the rest is enlarged from the drawing
        100x100svg c:1:1/rs:fit:8000:8000/server-pixels:1000000 -> 8000x8000 draw=10
        """

    static let all: [GeometryCase?] = [resizing, factors, gravity, cropping, orientation, canvases, limits, vectors]
        .flatMap { $0.split(separator: "\n") }
        .filter { !$0.hasPrefix("#") }
        .map { GeometryCase($0) }
}
