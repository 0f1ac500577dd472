// The 3D page's main path. Runs against the recorded service and against `topobathy serve`.

import assert from "node:assert/strict";

const small = { context: { viewport: { width: 1000, height: 640 } } }; // terrain is drawn by the processor here

test("terrain_from_our_own_tiles_with_sources", async (t) => {
  const heights = t.page.waitForRequest((request) => request.url().includes("format=terrarium"));
  await t.open("terrain.html");
  await heights;
  await t.page.waitForSelector("#legend-body .sources li");
  assert.match(await t.page.evaluate(() => location.hash), /times=8/);
  await t.page.fill("#exaggeration", "15");
  await t.page.waitForFunction(() => /times=15/.test(location.hash) && document.getElementById("exaggeration-text").textContent === "15");
  const colours = t.page.waitForRequest((request) => request.url().includes("style=source"));
  const before = await t.colours({ x: 420, y: 300, width: 160, height: 120 });
  assert.ok(before > 100, `the ground is drawn: ${before} colours`);
  await t.page.selectOption("#style", "source");
  await colours;
  await t.idle();
}, small);

test("areas_that_are_cached_can_be_gone_to", async (t) => {
  await t.open("terrain.html");
  await t.page.waitForSelector("#dataset option:nth-child(2)", { state: "attached" });
  const value = await t.page.getAttribute("#dataset option:nth-child(2)", "value");
  await t.page.selectOption("#dataset", value);
  await t.page.waitForFunction((id) => location.hash.includes(`dataset=${id}`), value);
  await t.idle();
}, small);

test("quality_markers_are_counted_and_shown", async (t) => {
  await t.open("terrain.html#style=source");
  const report = t.page.waitForResponse((answer) => answer.url().includes("/quality/report"));
  await t.page.check("#quality");
  assert.equal((await report).status(), 200);
  await t.page.waitForSelector("#quality-says dl");
  assert.match(await t.page.innerText("#quality-says"), /Markers\s+\d+/);
  await t.idle();
  await t.picture("pages_terrain.png");
}, small);
