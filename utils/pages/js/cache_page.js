// The cache: tiers and sizes, where its cells lie, making room, checking.

import { makeMap, tellIdle } from "./base_map.js";
import { showCheck, showOrphans } from "./cache_check.js";
import { CoverageMap } from "./cache_coverage.js";
import { openPurge } from "./cache_purge.js";
import { watchConnection } from "./connection.js";
import { byId, el, fill, say, swatch } from "./dom.js";
import { bytes, count, time } from "./format.js";
import { Layers } from "./layers.js";
import { noPolicy, policyFacts } from "./policy_facts.js";
import { json } from "./service.js";

function tierCard(tier, about, onPurge) {
  return el("article.card", { "data-tier": tier.number },
    el("h2", {}, `${tier.number} ${tier.name}`),
    el("div", {}, el("div.buttons", {}, el("span.size", {}, bytes(tier.bytes)), tier.warning ? el("span.badge", { title: tier.warning }, "dear") : null), el("small", {}, `${count(tier.items)} ${tier.items === 1 ? "item" : "items"}`)),
    el("small", {}, about?.short_desc ?? ""), tier.newest ? el("small", {}, `Last used ${time(tier.newest)}`) : null,
    el("button.danger.small", { type: "button", disabled: tier.items === 0, "aria-label": `Purge tier ${tier.number}, ${tier.name}`, onclick: onPurge }, "Purge …"));
}

const pixelOf = (level) => (Number.isInteger(level.zoom) ? `zoom ${level.zoom}` : Number.isFinite(level.resolution_m) ? `${Number(level.resolution_m.toPrecision(4))} m` : level.crs);

function policyBlock(policy, colour, onShow, onPurge) {
  const rows = policy.levels.map((level) => el("tr", {}, el("td", {}, pixelOf(level)), el("td", {}, level.crs), el("td.number", {}, level.level),
    el("td.number", {}, count(level.count)), el("td.number", {}, bytes(level.bytes))));
  const name = policy.policy_name ?? "Unnamed";
  return el("article.stack", {},
    el("header.buttons", {}, swatch(colour), el("h3", {}, name), el("code.quiet", {}, policy.policy_hash),
      el("button.small", { type: "button", "aria-label": `Show where cells of ${name} lie`, onclick: onShow }, "Show"),
      el("button.small.danger", { type: "button", "aria-label": `Purge cells of ${name}`, onclick: onPurge }, "Purge …")),
    el("div.scroll", {}, el("table", {}, el("thead", {}, el("tr", {}, [["Pixels", "th"], ["CRS", "th"], ["Level", "th.number"], ["Cells", "th.number"], ["Size", "th.number"]]
      .map(([text, tag]) => el(tag, { scope: "col" }, text)))), el("tbody", {}, rows))));
}

function detailTable(title, rows) {
  if (!rows.length) return null;
  return el("div.stack", {}, el("h3", {}, title), el("div.scroll", {}, el("table", {}, el("tbody", {}, rows.map(([name, size, more]) => el("tr", {},
    el("td", {}, name), el("td.number", {}, bytes(size)), el("td.number.quiet", {}, more)))))));
}

class CachePage {
  #coverage = null; #policies = []; #about = [];

  async start() {
    byId("reload").addEventListener("click", () => this.load(true));
    byId("check").addEventListener("click", () => showCheck(byId("check-says"), () => this.load(true)));
    byId("orphans").addEventListener("click", () => showOrphans(byId("check-says"), () => this.load(true)));
    const [facts] = await Promise.all([policyFacts().catch(() => noPolicy()), this.load()]);
    const made = await makeMap({ bounds: facts.bounds });
    if (!made) return;
    tellIdle(made.map);
    new Layers(made.map, facts).apply({ style: "chart", opacity: 0.6 });
    this.#coverage = new CoverageMap(made.map);
    this.#show(this.#policies[0]);
  }

  async load(anew = false) {
    const query = anew ? { cache_bust: "true" } : {};
    try {
      const [about, summary, detail] = await Promise.all([json("api/v1/cache/tiers"), json("api/v1/cache/summary", { query }), json("api/v1/cache/detail", { query })]);
      this.#about = about;
      say(byId("says"), "");
      this.#fill(summary, detail);
    } catch (error) {
      say(byId("says"), error.message);
    }
  }

  #fill(summary, detail) {
    byId("total").textContent = `${bytes(summary.total_bytes)}, counted ${time(summary.last_updated)}`;
    const about = new Map(this.#about.map((tier) => [tier.number, tier]));
    fill(byId("tiers"), summary.tiers.map((tier) => tierCard(tier, about.get(tier.number), () => this.#purge({ tiers: [tier.number] }, `tier ${tier.number}, ${tier.name}`, about.get(tier.number)))));
    this.#policies = detail.tier_2.policies;
    fill(byId("policies"), this.#policies.length ? el("div.stack.loose", {}, this.#policies.map((policy, i) => policyBlock(policy, CoverageMap.colour(i), () => this.#show(policy),
      () => this.#purge({ tiers: [2], tier_2_hashes: [policy.policy_hash] }, `the fused cells of ${policy.policy_name ?? policy.policy_hash}`, about.get(2)))))
      : el("p.quiet", {}, "No fused cell yet: the map makes them as it is looked at, Hydrate makes them ahead."));
    fill(byId("details"), this.#details(detail));
    this.#show(this.#policies[0]);
  }

  #details(detail) {
    const parts = [
      detailTable("Output tiles", detail.tier_1.tile_subdirs.map((row) => [row.label, row.bytes, `${count(row.files)} files`])),
      detailTable("Provider cells", detail.tier_3.providers.map((row) => [row.name, row.bytes, `${count(row.count)} items`])),
      detailTable("Discovery caches", detail.tier_4.discovery.map((row) => [row.label, row.bytes, row.entries ?? ""])),
      detailTable("Raw source files", detail.tier_5.raw_files.map((row) => [row.provider, row.bytes, `${count(row.count)} items`]))].filter(Boolean);
    return parts.length ? parts : [el("p.quiet", {}, "Empty.")];
  }

  #show(policy) {
    if (this.#coverage) byId("coverage-says").textContent = this.#coverage.show(policy, this.#policies.indexOf(policy));
  }

  #purge(order, what, about) {
    openPurge({ order, what, about, onDone: () => this.load(true) });
  }
}

const page = new CachePage();
watchConnection(() => page.load(true));
page.start();
