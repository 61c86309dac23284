// Numbers and names as people read them.

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const names = { webp: "WebP", jxl: "JPEG XL", "svg+xml": "SVG" };

/// A count of bytes in decimal units: 812 B, 12.3 kB, 1.91 MB, 2.15 GB.
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${digits.format(count / 1000)} kB`;
  if (count < 999_500_000) return `${digits.format(count / 1_000_000)} MB`;
  return `${digits.format(count / 1_000_000_000)} GB`;
}

/// Whole numbers with separators, so that millions can be read.
export const count = (value) => value.toLocaleString("en");

/// A rate or another measured number, three digits of it.
export const rounded = (value) => digits.format(value);

/// Milliseconds: one decimal below ten, whole above, seconds from ten seconds on.
export function milliseconds(value) {
  if (value >= 10_000) return `${digits.format(value / 1000)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export const percent = (share) => `${digits.format(share * 100)} %`;
export const pixels = (width, height) => `${width} × ${height}`;
export const megapixels = (width, height) => `${digits.format(width * height / 1_000_000)} MP`;

/// A format's name as its authors write it, from imgproxy's name or a media type.
export function formatName(text) {
  const name = text.replace(/^image\//, "").replace(/;.*$/, "").trim().toLowerCase();
  return names[name] ?? name.toUpperCase();
}

/// A time span in its largest unit: 42 s, 5 min, 3 h, 12 d.
export function span(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/// How long ago a moment was, in milliseconds since 1970.
export const ago = (time) => `${span(Math.max(0, Date.now() - time) / 1000)} ago`;

/// A moment in full, by the reader's clock.
export const moment = (time) => new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });

/// An exact amount, given as a text: its digits in groups, at least two places, and never rounded.
export function amount(text) {
  const [, sign, whole, places = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [null, "", text];
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign && "−"}${groups}.${places.replace(/0+$/, "").padEnd(2, "0")}`;
}

/// A month such as 2026-11, in words.
export function monthName(month) {
  return new Date(`${month}-15T00:00:00Z`).toLocaleString("en", { month: "long", year: "numeric", timeZone: "UTC" });
}
