// Elements of text only: nothing here, or built by it, takes HTML.

/// el("p.note", {id: "x", onclick: f}, "text", element, ...): null and false children are left out.
export function el(what, attributes, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes ?? {})) setAttribute(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : value);
}

export const byId = (id) => document.getElementById(id);

/// Replaces all children.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/// A paragraph that is there only while it says something.
export function say(element, text) {
  element.textContent = text ?? "";
  element.hidden = !text;
}

/// [[name, value], ...] as a list of facts; rows without a value are left out.
export function facts(rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl.facts", {}, shown.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/// A square of a colour "#rrggbb"; SVG, since style attributes are forbidden by the pages' policy. Other texts give none.
export function swatch(colour) {
  if (!/^#[0-9a-f]{6}$/i.test(colour ?? "")) return el("span.swatch");
  return svg("svg", { class: "swatch", viewBox: "0 0 14 14", "aria-hidden": "true" },
    svg("rect", { x: 0.5, y: 0.5, width: 13, height: 13, rx: 3, fill: colour }));
}

/// `call` at most once in `wait` ms, after the last change.
export function later(call, wait = 150) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), wait);
  };
}
