// Is the cache sound? Findings of a check, and what nobody holds any more.

import { el, fill } from "./dom.js";
import { bytes, count, seconds } from "./format.js";
import { json } from "./service.js";

async function ask(place, path, body, what, show) {
  fill(place, el("p.quiet", {}, what));
  try {
    show(await json(path, { method: "POST", body }));
  } catch (error) {
    fill(place, el("p.note.bad", { role: "alert" }, error.message));
  }
}

function findings(rows) {
  return el("div.scroll", {}, el("table", {}, el("thead", {}, el("tr", {}, ["What", "File", "Then"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("td", {}, row.kind.replaceAll("_", " "), row.what ? el("div", {}, el("small", {}, row.what)) : null), el("td", {}, el("code", {}, row.path)),
      el("td", {}, row.outcome === "found" ? row.remedy : row.outcome, row.why ? el("div", {}, el("small", {}, row.why)) : null))))));
}

/// Reads every file; `onChange` after a repair.
export function showCheck(place, onChange, clean = false) {
  return ask(place, "api/v1/cache/check", { clean, quick: false }, "Reading every file …", (answer) => {
    const wrong = answer.damage > 0;
    fill(place, el(wrong ? "p.note.warn" : "p.note.good", {}, `${answer.message}: ${count(answer.files)} files, ${bytes(answer.bytes)}, in ${seconds(answer.seconds)}.`),
      answer.findings.length ? findings(answer.findings) : null,
      wrong && !clean ? el("div.buttons", {}, el("button.danger", { type: "button", onclick: () => showCheck(place, onChange, true) }, "Delete what is wrong")) : null);
    if (clean) onChange();
  });
}

export function showOrphans(place, onChange, clean = false) {
  return ask(place, "api/v1/cache/orphans", { clean }, "Looking …", (answer) => {
    const { locks, tmp_files: files, count: found, total_bytes: size } = answer.orphans;
    const text = found === 0 ? "No left-overs." : `${count(found)} left-overs, ${bytes(size)}${clean ? ", deleted" : ""}.`;
    fill(place, el(found === 0 || clean ? "p.note.good" : "p.note.warn", {}, text),
      found ? el("ul.plain", {}, [...locks, ...files].map((row) => el("li", {}, el("code", {}, row.path), el("small", {}, ` ${seconds(row.age_sec)} old, ${bytes(row.bytes)}`)))) : null,
      found && !clean ? el("div.buttons", {}, el("button.danger", { type: "button", onclick: () => showOrphans(place, onChange, true) }, "Delete them")) : null);
    if (clean) onChange();
  });
}
