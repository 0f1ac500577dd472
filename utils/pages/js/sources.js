// Sources (surveys) as the service names them.

import { el, swatch } from "./dom.js";
import { dates } from "./format.js";
import { json } from "./service.js";

const first = (...values) => values.find((value) => value !== undefined && value !== null && value !== "") ?? null;

/// A source of any answer: of a tile's metadata, of a pixel, of an attribute table.
export function readSource(record) {
  const id = Number(first(record.id, record.source_id, record.value));
  return {
    id: Number.isFinite(id) ? id : null,
    name: String(first(record.name, record.survey_id, record.source_survey_id, `source ${id}`)),
    provider: first(record.provider),
    step: first(record.step),
    institution: first(record.institution, record.source_institution),
    date: dates(first(record.date_start, record.survey_date_start), first(record.date_end, record.survey_date_end)),
    datum: first(record.vertical_datum),
    licence: first(record.license_name),
    colour: first(record.colour, record.color),
    share: Number.isFinite(record.share) ? record.share : null,
    pixels: Number.isFinite(record.pixels) ? record.pixels : 0,
  };
}

/// Sources of a tile's metadata, topmost first.
export const sourcesOf = (metadata) => (metadata?.sources ?? []).map(readSource);

/// Name of a step -> how far up it lies in the policy.
export async function stepRanks(signal) {
  const legend = await json("legend", { query: { style: "source" }, signal });
  return new Map((legend.items ?? []).map((item) => [item.step, item.priority]));
}

/// One row a survey: pixels of those that share step and name are added up. Topmost step first, then by pixels; steps of no known rank
/// stay in the order given, which is the tile's.
export function merged(sources, ranks = new Map()) {
  const rows = new Map();
  for (const source of sources) {
    const key = `${source.step ?? source.provider}\n${source.name}`;
    const row = rows.get(key);
    if (row) row.pixels += source.pixels;
    else rows.set(key, { ...source });
  }
  const all = [...rows.values()];
  const total = all.reduce((sum, row) => sum + row.pixels, 0);
  for (const row of all) row.share = total > 0 ? row.pixels / total : row.share;
  const rank = (row) => ranks.get(row.step) ?? -1;
  return all.sort((a, b) => rank(b) - rank(a) || (rank(a) < 0 ? 0 : b.pixels - a.pixels));
}

/// Swatch, name and share, one a row.
export function sourceList(sources, shareText) {
  return el("ul.plain.sources", {}, sources.map((source) => el("li", {}, swatch(source.colour),
    el("span.name", {}, source.name, source.step ? el("small", {}, ` ${source.step}`) : null),
    el("span.digits.quiet", {}, source.share === null ? "" : shareText(source.share)))));
}
