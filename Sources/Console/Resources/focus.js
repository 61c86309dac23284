// The source picture in small: a click or the arrow keys say which spot has to stay in view.

import { byId } from "./elements.js";

const step = 0.02;
const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
const clamped = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

export class FocusPicker {
  #button = byId("focus");
  #picture = byId("focus-picture");
  #mark = byId("focus-mark");
  #point = null;

  /// `onPick({ g, gx, gy })` is called with a focus point in shares of the picture's sides.
  constructor(onPick) {
    const pick = (x, y) => {
      const point = { g: "fp", gx: clamped(x), gy: clamped(y) };
      this.show(point);
      onPick(point);
    };
    this.#button.addEventListener("click", (event) => {
      if (event.detail === 0) return;
      const box = this.#picture.getBoundingClientRect();
      pick((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    this.#button.addEventListener("keydown", (event) => {
      const move = steps[event.key];
      if (!move) return;
      event.preventDefault();
      const [x, y] = this.#point?.g === "fp" ? [this.#point.gx, this.#point.gy] : [0.5, 0.5];
      pick(x + move[0], y + move[1]);
    });
  }

  /// Shows another source picture. `size` is known before it loads, so nothing moves when it does.
  source(url, { width, height }) {
    this.#picture.width = width;
    this.#picture.height = height;
    this.#picture.src = url;
  }

  show(point) {
    this.#point = point;
    this.#mark.hidden = point.g !== "fp";
    this.#mark.style.left = `${point.gx * 100}%`;
    this.#mark.style.top = `${point.gy * 100}%`;
  }
}
