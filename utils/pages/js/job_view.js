// How a job looks: status, progress, counters, rate.

import { el } from "./dom.js";
import { count, percent, seconds, time } from "./format.js";

const TONE = { completed: "good", failed: "bad", running: "live", pending: "live" };

export const doneCells = (state) => (state.processed_cells ?? 0) + (state.cached_cells ?? 0) + (state.failed_cells ?? 0);

export function statusBadge(state) {
  const tone = TONE[state.status];
  return el(tone ? `span.badge.${tone}` : "span.badge", {}, state.status);
}

export function progressBar(state) {
  const total = state.total_cells ?? 0, done = doneCells(state);
  const tone = state.status === "completed" ? ".good" : state.status === "failed" ? ".bad" : "";
  const bar = el(`progress${tone}`, { max: Math.max(total, 1), "aria-label": "Cells done" });
  if (total > 0) bar.value = done;
  return [bar, el("small.digits", {}, total > 0 ? `${count(done)} of ${count(total)} cells, ${percent(done / total)}` : "counting the cells")];
}

export function counters(state) {
  const sum = (value, name) => el("div", {}, el("b", {}, count(value ?? 0)), el("span", {}, name));
  return el("div.sums", {}, sum(state.processed_cells, "made"), sum(state.cached_cells, "were there"), sum(state.failed_cells, "failed"));
}

export function boxText(box) {
  return (box ?? []).map((edge) => Number(edge).toFixed(3)).join(", ");
}

export function pixelText(state) {
  if (Number.isInteger(state.zoom)) return `zoom ${state.zoom}`;
  return Number.isFinite(state.resolution) ? `${Number(state.resolution.toPrecision(4))} m` : "the policy's pixels";
}

export function jobLine(state) {
  return `${pixelText(state)}, ${boxText(state.bbox)}${state.submitted_at ? `, ${time(state.submitted_at)}` : ""}`;
}

/// Cells a second and the time left, from when a page began to look.
export class Rate {
  #began = performance.now();
  #first = null;

  text(state) {
    const done = doneCells(state);
    this.#first ??= done;
    const spent = (performance.now() - this.#began) / 1000;
    const rate = (done - this.#first) / spent;
    if (!(rate > 0) || spent < 1) return "";
    return `${rate.toFixed(rate < 10 ? 1 : 0)} cells a second, ${seconds((state.total_cells - done) / rate)} left`;
  }
}
