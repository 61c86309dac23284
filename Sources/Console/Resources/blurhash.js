// A BlurHash decoder: a few cosine coefficients, written in base 83, become a soft picture.
// The format is described at github.com/woltapp/blurhash; sizes here are tiny, so clarity beats speed.

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

function base83(text) {
  let value = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) throw new RangeError("not a BlurHash: unknown character");
    value = value * 83 + digit;
  }
  return value;
}

function linear(channel) {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value) {
  const level = Math.min(1, Math.max(0, value));
  return Math.round(255 * (level <= 0.0031308 ? level * 12.92 : 1.055 * level ** (1 / 2.4) - 0.055));
}

const signedSquare = (value) => Math.sign(value) * value * value;

function coefficients(hash) {
  const shape = base83(hash[0] ?? "");
  const columns = (shape % 9) + 1;
  const rows = Math.floor(shape / 9) + 1;
  if (hash.length !== 4 + 2 * columns * rows) throw new RangeError("not a BlurHash: wrong length");
  const strength = (base83(hash[1]) + 1) / 166;
  const average = base83(hash.slice(2, 6));
  const colors = [[average >> 16, (average >> 8) & 255, average & 255].map(linear)];
  for (let at = 6; at < hash.length; at += 2) {
    const packed = base83(hash.slice(at, at + 2));
    const parts = [Math.floor(packed / 361), Math.floor(packed / 19) % 19, packed % 19];
    colors.push(parts.map((part) => signedSquare((part - 9) / 9) * strength));
  }
  return { columns, rows, colors };
}

/// RGBA bytes of a `width` × `height` picture.
/// Throws RangeError when the text is not a BlurHash.
export function decode(hash, width, height) {
  const { columns, rows, colors } = coefficients(hash);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const weight = Math.cos(Math.PI * x * column / width) * Math.cos(Math.PI * y * row / height);
          const color = colors[row * columns + column];
          for (let channel = 0; channel < 3; channel++) sum[channel] += color[channel] * weight;
        }
      }
      pixels.set([...sum.map(gamma), 255], 4 * (y * width + x));
    }
  }
  return pixels;
}

/// Paints a hash over the whole canvas.
export function paint(hash, canvas) {
  const { width, height } = canvas;
  canvas.getContext("2d").putImageData(new ImageData(decode(hash, width, height), width, height), 0, 0);
}
