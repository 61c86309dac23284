// Small pieces of DOM work that every part of the page needs.

export const byId = (id) => document.getElementById(id);

/// Makes an element: make("p", { class: "quiet", hidden: true }, "text", child).
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/// Shows text in an element, or hides the element when there is none.
export function say(element, text) {
  element.textContent = text ?? "";
  element.hidden = !text;
}

/// Calls `action` once after `milliseconds` without another call.
export function settled(action, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds, ...values);
  };
}
