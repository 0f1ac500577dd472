// The profile tool: a line, its elevations by GET /profile, a diagram, and the same as a table for those who see no diagram.

import { el, facts, fill } from "./dom.js";
import { distance, fixed, metres, percent } from "./format.js";
import { metresBetween } from "./geometry.js";
import { drawProfile } from "./profile_plot.js";
import { isAbort, json, Newest } from "./service.js";
import { readSource, sourceList } from "./sources.js";

const MOST_POINTS = 400; // of a diagram: more than it has pixels to tell apart

/// "lon,lat;lon,lat", as /profile and the page's address have it.
export const lineText = (points) => points.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(";");

export function readLine(text) {
  const points = (text ?? "").split(";").map((part) => part.split(",").map(Number));
  return points.length > 1 && points.length <= 100 && points.every((point) => point.length === 2 && point.every(Number.isFinite)) ? points : null;
}

const lengthOf = (points) => points.slice(1).reduce((sum, point, i) => sum + metresBetween(points[i], point), 0);

/// Samples with sources: [{distance, lon, lat, elevation, uncertainty, source_id}].
async function askProfile(points, signal) {
  const answer = await json("profile", { query: { line: lineText(points), points: MOST_POINTS }, signal });
  const samples = answer.distance.map((along, i) => ({ distance: along, lon: answer.lon[i], lat: answer.lat[i], elevation: answer.elevation[i],
    uncertainty: answer.uncertainty[i], source_id: answer.source_id[i] }));
  return { samples, sources: answer.sources.map(readSource) };
}

function shares(samples, sources) {
  const counted = samples.filter((sample) => sources.some((source) => source.id === sample.source_id));
  return sources.map((source) => ({ ...source, share: counted.filter((sample) => sample.source_id === source.id).length / Math.max(1, counted.length) }))
    .sort((a, b) => b.share - a.share);
}

function extremes(samples) {
  const heights = samples.map((sample) => sample.elevation).filter(Number.isFinite);
  return heights.length ? [Math.min(...heights), Math.max(...heights)] : null;
}

function table(samples, sources) {
  const names = new Map(sources.map((source) => [source.id, source.name]));
  const every = Math.max(1, Math.floor(samples.length / 20));
  const rows = samples.filter((_, i) => i % every === 0);
  return el("details", {}, el("summary", {}, "As a table"), el("div.scroll", {}, el("table", {},
    el("thead", {}, el("tr", {}, ["Distance", "Elevation", "Uncertainty", "Source"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((sample) => el("tr", {}, el("td.number", {}, distance(sample.distance)),
      el("td.number", {}, Number.isFinite(sample.elevation) ? metres(sample.elevation) : "no data"),
      el("td.number", {}, Number.isFinite(sample.uncertainty) ? `± ${fixed(sample.uncertainty, 2)} m` : ""),
      el("td", {}, names.get(sample.source_id) ?? "")))))));
}

export class ProfileDrawer {
  #drawer; #line; #newest = new Newest(); #end = () => {};

  constructor(drawer, line) {
    this.#drawer = drawer;
    this.#line = line;
  }

  async show(points, onClose) {
    this.close();
    const signal = this.#newest.next();
    const close = el("button.small", { type: "button", onclick: onClose }, "Close");
    const body = el("div.stack", {}, el("p.quiet", {}, "Reading …"));
    fill(this.#drawer, el("header", {}, el("h2", {}, `Profile, ${distance(lengthOf(points))}`), close), body);
    this.#drawer.hidden = false;
    try {
      const { samples, sources } = await askProfile(points, signal);
      await this.#draw(body, samples, sources);
    } catch (error) {
      if (!isAbort(error)) fill(body, el("p.note.bad", {}, error.message));
    }
  }

  async #draw(body, samples, sources) {
    const range = extremes(samples);
    if (!range) {
      fill(body, el("p.quiet", {}, "No source of the policy has a value along this line."));
      return;
    }
    const plot = el("div.plot", { role: "img", "aria-label": `Elevations from ${metres(range[0])} to ${metres(range[1])}` });
    fill(body, plot, el("details", {}, el("summary", {}, `Sources (${sources.length})`), sourceList(shares(samples, sources), percent)), table(samples, sources),
      facts([["Lowest, highest", `${metres(range[0])}, ${metres(range[1])}`]]));
    const colours = new Map(sources.map((source) => [source.id, source.colour]));
    this.#end = await drawProfile(plot, samples, colours, (index) => this.#line.spot(samples[index] ? [samples[index].lon, samples[index].lat] : null));
  }

  close() {
    this.#newest.stop();
    this.#end();
    this.#end = () => {};
    this.#drawer.hidden = true;
  }
}
