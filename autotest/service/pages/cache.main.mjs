// The cache page's main path. Runs against the recorded service and against `topobathy serve` with some tiles and cells.

import assert from "node:assert/strict";

test("tiers_policies_and_coverage", async (t) => {
  await t.open("cache.html");
  assert.equal(await t.page.locator("#tiers article").count(), 5);
  assert.match(await t.page.innerText("#tiers article[data-tier='2']"), /fused cells\s+[\d.]+ [KMG]iB[\s\S]*\d+ items?/);
  assert.match(await t.page.innerText("#policies"), /Sample ?coast[\s\S]*76f951b4[\s\S]*EPSG:3857/);
  const covered = (await t.page.innerText("#coverage-says")).match(/-?\d+\.\d+/g).map(Number);
  assert.equal(covered.length, 4);
  const [west, south, east, north] = covered; // cells of coarse tiles reach far beyond the coast
  assert.ok(west <= -70.75 && south <= 42.98 && east >= -70.73 && north >= 42.99, covered.join(" "));
  await t.picture("pages_cache.png");
});

test("purge_shows_what_would_go_and_wants_the_typed_word", async (t) => {
  await t.open("cache.html", { map: false });
  await t.page.click("#tiers article[data-tier='1'] button");
  await t.page.waitForSelector("dialog #typed");
  assert.match(await t.page.innerText("dialog"), /\d+ items?, [\d.]+ [KMG]?i?B, would be deleted\. Nothing has been yet\./);
  const purge = t.page.locator("dialog button.main");
  assert.ok(await purge.isDisabled());
  await t.page.fill("#typed", "purge");
  assert.ok(await purge.isDisabled(), "small letters are another word");
  await t.page.keyboard.press("Escape");
  await t.page.waitForSelector("dialog", { state: "detached" });
  assert.ok(await t.page.isEnabled("#tiers article[data-tier='1'] button"), "nothing has gone");
  await t.page.click("#tiers article[data-tier='1'] button");
  await t.page.fill("#typed", "PURGE");
  await t.page.keyboard.press("Enter");
  await t.page.waitForSelector("dialog .note.good");
  await t.page.keyboard.press("Escape");
  await t.page.waitForSelector("#tiers article[data-tier='1'] button[disabled]");
});

test("check_and_left_overs_answer", async (t) => {
  await t.open("cache.html", { map: false });
  await t.page.click("#check");
  await t.page.waitForSelector("#check-says .note");
  assert.match(await t.page.innerText("#check-says"), /files, [\d.]+ [KMG]?i?B, in \d+ s/);
  await t.page.click("#orphans");
  await t.page.waitForFunction(() => /left-overs/i.test(document.querySelector("#check-says .note")?.textContent));
});
