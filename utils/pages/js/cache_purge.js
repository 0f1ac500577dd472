// Making room: first what would go, then a typed word, then it goes.

import { el, fill } from "./dom.js";
import { bytes, count } from "./format.js";
import { json } from "./service.js";

const WORD = "PURGE"; // as the service has it
const MOST_PATHS = 50;

const purge = (order) => json("api/v1/cache/purge", { method: "POST", body: order });

function sums(answer) {
  const rows = Object.values(answer.summary ?? {});
  return { items: rows.reduce((sum, row) => sum + row.count, 0), size: rows.reduce((sum, row) => sum + row.bytes, 0) };
}

function pathList(answer) {
  const paths = answer.paths ?? [];
  if (!paths.length) return null;
  const total = answer.paths_total ?? paths.length;
  return el("details", {}, el("summary", {}, `Files (${count(total)})`),
    el("ul.plain", {}, paths.slice(0, MOST_PATHS).map((path) => el("li", {}, el("code", {}, path))), total > MOST_PATHS ? el("li.quiet", {}, `and ${count(total - MOST_PATHS)} more`) : null));
}

/// {order, what, about, onDone}: asks for a dry run at once and shows it in a dialog.
export async function openPurge({ order, what, about, onDone }) {
  const body = el("div", {}, el("h2", {}, `Purge ${what}`), el("p.quiet", {}, "Looking at what would go …"));
  const dialog = el("dialog", { "aria-label": `Purge ${what}` }, body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const close = el("button", { type: "button", onclick: () => dialog.close() }, "Close");
  try {
    showDryRun(await purge({ ...order, dry_run: true }));
  } catch (error) {
    fill(body, el("h2", {}, `Purge ${what}`), el("p.note.bad", { role: "alert" }, error.message), el("div.buttons", {}, close));
  }

  function showDryRun(answer) {
    const { items, size } = sums(answer);
    const input = el("input", { type: "text", id: "typed", autocomplete: "off", spellcheck: "false" });
    const button = el("button.danger.main", { type: "submit", disabled: true }, "Purge");
    input.addEventListener("input", () => { button.disabled = input.value !== WORD; });
    const form = el("form", { onsubmit: (event) => { event.preventDefault(); commit(button); } },
      el("div.field", {}, el("label", { for: "typed" }, `Type ${WORD} to delete them`), input), el("div.buttons", {}, close, button));
    fill(body, el("h2", {}, `Purge ${what}`), el("p", {}, `${count(items)} ${items === 1 ? "item" : "items"}, ${bytes(size)}, would be deleted. Nothing has been yet.`),
      about ? el("p.note.warn", {}, `${about.long_desc ?? ""}${about.warning ? `. This tier ${about.warning}.` : "."}`) : null, pathList(answer), items > 0 ? form : el("div.buttons", {}, close));
    (items > 0 ? input : close).focus();
  }

  async function commit(button) {
    button.disabled = true;
    try {
      const answer = await purge({ ...order, dry_run: false, yes: true, confirm: WORD });
      const { items, size } = sums(answer);
      fill(body, el("h2", {}, "Purged"), el("p.note.good", { role: "status" }, `${count(items)} ${items === 1 ? "item" : "items"}, ${bytes(size)}, deleted.`),
        answer.failed > 0 ? el("p.note.bad", {}, `${count(answer.failed)} could not be deleted.`) : null, el("div.buttons", {}, close));
      close.focus();
      onDone();
    } catch (error) {
      fill(body, el("h2", {}, "Not purged"), el("p.note.bad", { role: "alert" }, error.message), el("div.buttons", {}, close));
    }
  }
}
