// What reading a box would take, by step: files taken and left out, with the reasons.

import { el, fill } from "./dom.js";
import { bytes, count } from "./format.js";

const MOST_ROWS = 200; // of one step

function link(item) {
  const good = /^https?:\/\//.test(item.url ?? "");
  return good ? el("a", { href: item.url, target: "_blank", rel: "noopener noreferrer" }, item.name) : el("span", {}, item.name);
}

function step(row) {
  const taken = row.items.filter((item) => item.included), left = row.items.length - taken.length;
  const rows = [...taken, ...row.items.filter((item) => !item.included)].slice(0, MOST_ROWS);
  return el("details", {},
    el("summary", {}, `${row.step ? `${row.step} (${row.provider})` : row.provider}: ${count(taken.length)} taken${left ? `, ${count(left)} left out` : ""}`),
    el("ul.plain", {}, rows.map((item) => el("li", {}, el(item.included ? "span.badge.good" : "span.badge", {}, item.included ? "taken" : "left out"), " ", link(item),
      item.reason ? el("small", {}, ` ${item.reason}`) : null)), row.items.length > MOST_ROWS ? el("li.quiet", {}, `and ${count(row.items.length - MOST_ROWS)} more`) : null));
}

/// What would be moved over the network, and the cells; null where nothing is known.
function estimateText({ to_fetch: fetch, by_windows: windows, cells } = {}) {
  const moved = (fetch?.bytes ?? 0) + (windows?.bytes ?? 0), files = (fetch?.files ?? 0) + (windows?.files ?? 0);
  const unsized = (fetch?.unsized ?? 0) + (windows?.unsized ?? 0);
  return [cells ? `${count(cells.stored)} of ${count(cells.total)} cells are in the cache.` : "",
    files ? `${count(files)} files to fetch, ${bytes(moved)}${unsized ? ` and ${count(unsized)} of unknown size` : ""}.` : fetch ? "Nothing to fetch." : ""].filter(Boolean).join(" ");
}

/// `answer` of POST /analyze.
export function showAnalysis(place, answer, onClose) {
  const rows = [...(answer.providers ?? [])].sort((a, b) => b.step_index - a.step_index);
  const total = rows.reduce((sum, row) => sum + row.items.filter((item) => item.included).length, 0);
  fill(place, el("header", {}, el("h2", {}, "Analysis"), el("button.small", { type: "button", onclick: onClose }, "Close")),
    el("p", {}, `${count(total)} files of ${count(rows.length)} steps; the topmost step first.`), el("p.quiet", {}, estimateText(answer.estimate)), rows.map(step));
}
