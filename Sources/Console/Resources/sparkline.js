// A row of small bars, one for each day of a span, as inline SVG.

import { count } from "./units.js";

const svg = "http://www.w3.org/2000/svg";
const step = 4;
const height = 26;

/// Days from `from` to `to`, both included, as YYYY-MM-DD.
export function days(from, to) {
  const list = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) {
    list.push(new Date(day).toISOString().slice(0, 10));
  }
  return list;
}

/// `values` maps days to numbers; days without one are flat.
export function sparkline(values, from, to) {
  const list = days(from, to);
  const most = Math.max(1, ...values.values());
  const picture = element("svg", {
    class: "spark", role: "img", viewBox: `0 0 ${list.length * step} ${height}`, width: list.length * step, height,
    "aria-label": described(values), preserveAspectRatio: "none",
  });
  for (const [place, day] of list.entries()) {
    const value = values.get(day) ?? 0;
    const tall = value > 0 ? Math.max(2, Math.round(value / most * (height - 2))) : 1;
    const bar = element("rect", {
      class: value > 0 ? "some" : "none", x: place * step, y: height - tall, width: step - 1, height: tall, rx: 1,
    });
    picture.append(bar);
  }
  return picture;
}

function described(values) {
  let best = null;
  for (const [day, value] of values) if (best === null || value > best[1]) best = [day, value];
  if (best === null) return "No uses by day";
  const number = values.size === 1 ? "1 day" : `${values.size} days`;
  return `Uses by day: on ${number}, most on ${best[0]}: ${count(best[1])}`;
}

function element(name, attributes) {
  const made = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
