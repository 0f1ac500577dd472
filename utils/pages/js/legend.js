// What the colours mean: the ramp of a style by GET /legend, or the sources in view by the tiles' metadata.

import { el, fill, svg } from "./dom.js";
import { fixed, percent } from "./format.js";
import { boxOfMap, common, coveringTiles } from "./geometry.js";
import { isAbort, json, Newest } from "./service.js";
import { merged, sourceList, sourcesOf, stepRanks } from "./sources.js";

const MOST_TILES = 6; // asked for the sources in view
const HEIGHT = 190;
const LABEL_ROOM = 16, HALF_LINE = 8; // pixels between two numbers; to the middle of one

/// Elevations run from some ten thousand metres below to some thousand above, and charts are read near the shore.
const squeeze = (metres) => Math.sign(metres) * Math.abs(metres) ** 0.35;

function placed(stops) {
  const top = squeeze(stops.at(-1).metres), bottom = squeeze(stops[0].metres);
  const at = (stop) => (top - squeeze(stop.metres)) / (top - bottom);
  return stops.map((stop) => ({ ...stop, at: at(stop), label: Math.min(Math.max(at(stop) * HEIGHT, HALF_LINE), HEIGHT - HALF_LINE) }));
}

function gradient(stops) {
  const parts = stops.toReversed().map((stop) => svg("stop", { offset: stop.at.toFixed(4), "stop-color": stop.colour }));
  return svg("svg", { viewBox: `0 0 22 ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("defs", {}, svg("linearGradient", { id: "ramp", x1: 0, x2: 0, y1: 0, y2: 1 }, ...parts)),
    svg("rect", { width: 22, height: HEIGHT, fill: "url(#ramp)" }));
}

/// The shore and the ends first, then what still has room.
function labelled(stops) {
  const order = [...stops].sort((a, b) => rank(b, stops) - rank(a, stops));
  const chosen = [];
  for (const stop of order)
    if (chosen.every((other) => Math.abs(other.label - stop.label) >= LABEL_ROOM)) chosen.push(stop);
  return chosen.sort((a, b) => a.at - b.at);
}

function rank(stop, stops) {
  if (stop.metres === 0) return 3;
  if (stop === stops[0] || stop === stops.at(-1)) return 2;
  return [1, 2, 5].includes(Number(Math.abs(stop.metres).toExponential(0).split("e")[0])) ? 1 : 0;
}

function rampList(stops) {
  const list = placed(stops);
  return el("div.ramp", {}, gradient(list), el("ol", { "aria-label": "Metres by colour, from the top" }, labelled(list).map((stop) => {
    const item = el("li", {}, `${fixed(stop.metres, 0)} m`);
    item.style.setProperty("top", `${stop.label.toFixed(1)}px`);
    return item;
  })));
}

/// The stops of a legend, ascending; none where the style has no colours.
export function stopsOf(legend) {
  return (legend?.stops ?? []).filter((stop) => Number.isFinite(stop.metres) && /^#[0-9a-f]{6}$/i.test(stop.colour ?? ""));
}

/// Sources of the tiles that a map shows; null where it shows none of the policy.
export async function sourcesInView(map, facts, signal) {
  const box = common(boxOfMap(map), facts.bounds);
  if (!box) return null;
  const tiles = coveringTiles(box, Math.min(Math.floor(map.getZoom()) + 1, facts.maxzoom), MOST_TILES);
  const [ranks, ...answers] = await Promise.all([stepRanks(signal), ...tiles.map(({ z, x, y }) => json(`tiles/${z}/${x}/${y}/metadata`, { signal }))]);
  return merged(answers.flatMap(sourcesOf), ranks);
}

export class Legend {
  #body; #map; #facts; #newest = new Newest();

  constructor(body, map, facts) {
    this.#body = body;
    this.#map = map;
    this.#facts = facts;
  }

  async show(style) {
    const signal = this.#newest.next();
    try {
      const parts = style === "source" ? await this.#sources(signal) : await this.#ramp(style, signal);
      if (!signal.aborted) fill(this.#body, parts);
    } catch (error) {
      if (!isAbort(error)) fill(this.#body, el("p.note.bad", {}, error.message));
    }
  }

  async #sources(signal) {
    const sources = await sourcesInView(this.#map, this.#facts, signal);
    return sources?.length ? sourceList(sources, percent) : el("p.quiet", {}, "No source in view.");
  }

  async #ramp(style, signal) {
    const stops = stopsOf(await json("legend", { query: { style }, signal }));
    if (stops.length > 1) return [rampList(stops), el("small", {}, "Light comes from the north-west.")];
    return el("p.quiet", {}, "Grey by the slope: light from the north-west, 45° high.");
  }
}
