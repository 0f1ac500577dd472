// The token of changes, kept as long as the tab: never in an address, never on the disk.

import { el } from "./dom.js";

const KEY = "topobathy-token";
let asking = null;

export const token = () => sessionStorage.getItem(KEY) ?? "";

/// True when the reader has given one. Several requests at once ask once.
export function askForToken(why) {
  asking ??= show(why).finally(() => { asking = null; });
  return asking;
}

function show(why) {
  return new Promise((resolve) => {
    const input = el("input", { type: "password", id: "token", autocomplete: "off", required: true });
    const form = el("form", { method: "dialog" },
      el("h2", {}, "This changes something"),
      el("p.note", {}, why),
      el("div.field", {}, el("label", { for: "token" }, "Token of the service (--token-file)"), input),
      el("div.buttons", {},
        el("button", { type: "button", onclick: () => dialog.close("") }, "Cancel"),
        el("button.main", { type: "submit", value: "given" }, "Go on")));
    const dialog = el("dialog", { "aria-label": "Token" }, form);
    dialog.addEventListener("close", () => {
      const given = dialog.returnValue === "given" && input.value.trim() !== "";
      if (given) sessionStorage.setItem(KEY, input.value.trim());
      dialog.remove();
      resolve(given);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
