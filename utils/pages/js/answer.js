// What is asked of a point, and how the answer looks in the popup. A new question ends the one before.

import { el, facts, fill, swatch } from "./dom.js";
import { feet, fixed, metres, percent, place, time } from "./format.js";
import { tileAt } from "./geometry.js";
import { address, isAbort, json, Newest } from "./service.js";
import { merged, readSource, sourceList, sourcesOf, stepRanks } from "./sources.js";

function heightLine(answer) {
  const height = answer.elevation;
  if (!Number.isFinite(height)) return el("div.height", {}, "No data", el("div", {}, el("small.quiet", {}, "No source of the policy has a value here.")));
  const word = height < 0 ? "below" : "above";
  return el("div.height", {}, `${metres(height)} `, el("small", {}, feet(height)),
    el("span.unseen", {}, ` ${fixed(Math.abs(height), 2)} metres ${word} the datum`));
}

function sourceBlock(info, height) {
  if (!Number.isFinite(height.elevation) || !info.source) return null;
  const source = readSource(info.source);
  const uncertainty = height.uncertainty ?? info.uncertainty;
  const blended = (info.contributions ?? []).filter((part) => part.weight > 0).map((part) => ({ ...readSource(part), share: part.weight }));
  return el("div.stack", {}, el("div.survey", {}, swatch(source.colour), el("span", {}, source.name)), facts([
    ["Uncertainty", Number.isFinite(uncertainty) ? `± ${metres(uncertainty)} (1 sigma)` : "not stated"],
    ["Provider", [source.provider, source.step].filter(Boolean).join(", step ")],
    ["Institution", source.institution],
    ["Surveyed", source.date],
    ["Datum", [info.datum, source.datum].filter(Boolean).join(", from ")],
    ["Weight", Number.isFinite(info.source.weight) ? percent(info.source.weight) : null],
    ["Licence", source.licence],
  ]), blended.length > 1 ? el("details", {}, el("summary", {}, `Blended of ${blended.length}`), sourceList(blended, percent)) : null);
}

function tileBlock(metadata, ranks, tile) {
  const { z, x, y } = tile;
  const surveys = merged(sourcesOf(metadata), ranks);
  const link = (text, name, query) => el("a", { href: address(`tiles/${z}/${x}/${y}${name}`, query).href, target: "_blank", rel: "noopener" }, text);
  return el("details", { open: surveys.length > 0 && surveys.length < 7 },
    el("summary", {}, `Surveys in tile ${z}/${x}/${y} (${surveys.length})`),
    surveys.length ? sourceList(surveys, percent) : el("p.quiet", {}, "None."),
    el("p", {}, el("small", {}, metadata?.created_at ? `Drawn ${time(metadata.created_at)}. ` : "", link("picture", ".png"), ", ", link("numbers", ".npz"), ", ", link("GeoTIFF", ".tif"))));
}

const failed = (error) => el("p.note.bad", {}, error.message);

export class PointQuestion {
  #newest = new Newest();

  /// Fills `body` as answers come. Settles when all have, or when another question has taken its place.
  async ask(body, lat, lon, zoom) {
    const signal = this.#newest.next();
    const tile = tileAt(lat, lon, zoom);
    const [head, source, list] = [el("div", {}, el("div.height.waiting", {}, "…")), el("div"), el("div")];
    fill(body, el("div.answer", { "aria-live": "polite" }, head, el("small.digits", {}, place(lat, lon)), source, list));
    const point = { lat: lat.toFixed(7), lon: lon.toFixed(7) };
    const height = json("elevation", { query: point, signal });
    const info = json("source_info", { query: point, signal });
    const surveys = Promise.all([json(`tiles/${tile.z}/${tile.x}/${tile.y}/metadata`, { signal }), stepRanks(signal)]);
    await Promise.all([
      this.#put(signal, head, height.then(heightLine)),
      this.#put(signal, source, Promise.all([info, height.catch(() => ({}))]).then(([about, metres]) => sourceBlock(about, metres))),
      this.#put(signal, list, surveys.then(([metadata, ranks]) => tileBlock(metadata, ranks, tile)))]);
  }

  stop() {
    this.#newest.stop();
  }

  async #put(signal, place, promise) {
    let shown;
    try {
      shown = await promise;
    } catch (error) {
      if (isAbort(error)) return;
      shown = failed(error);
    }
    if (!signal.aborted) fill(place, shown);
  }
}
