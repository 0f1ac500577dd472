// The map's main path. Runs against the recorded service and against `topobathy serve`.

import assert from "node:assert/strict";

const answer = ".maplibregl-popup .answer";

test("map_shows_the_policy_without_any_outside", async (t) => {
  const hosts = new Set();
  t.page.on("request", (request) => hosts.add(new URL(request.url()).host || "blob"));
  await t.open("index.html");
  await t.page.waitForSelector("#legend-body .ramp li");
  assert.equal(await t.page.getAttribute("#state", "data-state"), "here");
  const zero = await t.page.locator("#legend-body .ramp li").allTextContents();
  assert.ok(zero.includes("0 m"), zero.join());
  assert.deepEqual([...hosts].filter((host) => host !== "blob"), [new URL(t.url).host]);
  assert.ok((await t.colours({ x: 560, y: 300, width: 200, height: 200 })) > 200, "the map is no empty ground");
  await t.picture("pages_map.png");
});

test("style_switches_and_address_keep_each_other", async (t) => {
  await t.open("index.html#map=12/42.99/-70.75&style=blues&opacity=0.5&contours=1");
  assert.equal(await t.page.inputValue("#style"), "blues");
  assert.equal(await t.page.inputValue("#opacity"), "50");
  assert.ok(await t.page.isChecked("#contours"));
  const tile = t.page.waitForRequest((request) => /\/tiles\/\d+\/\d+\/\d+\.png\?style=classic/.test(request.url()));
  await t.page.selectOption("#style", "classic");
  await tile;
  await t.page.check("#shade");
  await t.page.waitForFunction(() => /style=classic/.test(location.hash) && /shade=1/.test(location.hash));
  await t.idle();
  const address = await t.page.evaluate(() => location.hash);
  assert.match(address, /map=12\.00\/42\.99000\/-70\.75000/);
  assert.match(address, /opacity=0\.5/);
  await t.page.reload();
  await t.idle();
  assert.equal(await t.page.inputValue("#style"), "classic");
  assert.ok(await t.page.isChecked("#shade"));
});

test("click_tells_elevation_source_and_surveys_of_the_tile", async (t) => {
  await t.open("index.html#map=12.5/42.985/-70.742");
  await t.page.mouse.click(640, 426); // the middle of the map
  await t.page.waitForSelector(`${answer} details`);
  await t.page.waitForSelector(`${answer} .height:not(.waiting)`);
  const text = await t.page.innerText(answer);
  const [, height, feet] = text.match(/(−?[\d.]+) m\s+(−?[\d.]+) ft/);
  const number = (shown) => Number(shown.replace("−", "-"));
  assert.ok(Math.abs(number(height) - -11.66) < 1.5, height);
  assert.ok(Math.abs(number(feet) - number(height) / 0.3048) < 0.1, feet);
  for (const word of ["H09904", "Uncertainty", "±", "DOC/NOAA/NOS/OCS", "1981-07-01 to 1981-10-31", "NAVD88", "Weight", "Provider"]) assert.ok(text.includes(word), word);
  const tile = t.page.locator(`${answer} details`).last(); // where the pixel is blended, what of comes before
  await tile.locator("summary").click();
  const surveys = await tile.locator(".sources li").allTextContents();
  assert.equal(new Set(surveys.map((row) => row.replace(/[\d.<]+ %$/, ""))).size, surveys.length, "one row a survey");
  const steps = surveys.map((row) => ["global", "land", "coastal", "bluetopo", "surveys", "lidar"].findIndex((step) => row.includes(` ${step}`)));
  assert.deepEqual(steps, [...steps].sort((a, b) => b - a), "the topmost step first");
  assert.match(await t.page.evaluate(() => location.hash), /at=42\.98/);
  await t.picture("pages_popup.png");
  await t.page.keyboard.press("Escape");
});

test("new_question_ends_the_one_before", async (t) => {
  await t.open("index.html#map=12.5/42.985/-70.742");
  let held = null;
  await t.page.route("**/elevation?**", async (route) => {
    if (held) return route.continue();
    held = route;
  });
  const ended = t.page.waitForEvent("requestfailed", (request) => request.url().includes("/elevation"));
  await t.page.mouse.click(640, 426);
  await t.page.waitForSelector(answer);
  await t.page.click("#here");
  const failed = await ended;
  assert.match(failed.failure().errorText, /ABORTED/);
  await t.page.waitForSelector(`${answer} .height:not(.waiting)`);
  assert.equal(await t.page.locator(answer).count(), 1);
});

test("keyboard_alone_asks_and_typed_nonsense_is_told", async (t) => {
  await t.open("index.html");
  await t.page.focus("#place");
  await t.page.keyboard.type("91, 500");
  await t.page.keyboard.press("Enter");
  assert.match(await t.page.innerText("#place-says"), /latitude from -90 to 90/);
  await t.page.fill("#place", "43.0, -70.72");
  await t.page.keyboard.press("Enter");
  await t.page.waitForSelector(`${answer} .height:not(.waiting)`);
  assert.ok(await t.page.isHidden("#place-says"));
  await t.page.click(".maplibregl-popup-close-button");
  await t.idle();
  await t.page.focus("canvas.maplibregl-canvas");
  await t.page.keyboard.press("Enter");
  await t.page.waitForSelector(`${answer} .height:not(.waiting)`);
});

test("profile_of_a_drawn_line", async (t) => {
  await t.open("index.html#map=12.2/42.998/-70.745");
  await t.page.click("#profile");
  assert.equal(await t.page.getAttribute("#profile", "aria-pressed"), "true");
  await t.page.mouse.click(420, 260);
  await t.page.mouse.click(700, 300);
  await t.page.mouse.dblclick(900, 330);
  await t.page.waitForSelector("#drawer .plot canvas");
  assert.match(await t.page.getAttribute("#drawer .plot", "aria-label"), /^Elevations from −?[\d.]+ m to −?[\d.]+ m$/);
  assert.equal(await t.page.locator(answer).count(), 0, "the clicks of a line ask nothing");
  await t.page.click("#drawer details:last-of-type summary");
  assert.ok((await t.page.locator("#drawer tbody tr").count()) >= 10);
  await t.page.click("#drawer details:last-of-type summary");
  assert.match(await t.page.evaluate(() => location.hash), /line=-70\.\d+,4[23]\.\d+;.*;/);
  await t.picture("pages_profile.png");
  await t.page.click("#drawer header button");
  assert.ok(await t.page.isHidden("#drawer"));
});

test("terrain_switch_raises_the_ground", async (t) => {
  await t.open("index.html");
  const heights = t.page.waitForRequest((request) => request.url().includes("format=terrarium"));
  await t.page.check("#terrain");
  await heights;
  await t.page.waitForFunction(() => /terrain=1/.test(location.hash) && /\/60\.0&/.test(location.hash));
  await t.idle();
});

test("sources_style_lists_the_sources_in_view", async (t) => {
  await t.open("index.html#style=source&shade=1");
  await t.page.waitForSelector("#legend-body .sources li");
  const rows = await t.page.locator("#legend-body .sources li").allTextContents();
  assert.ok(rows.some((row) => row.includes("H19901_MB_4m_MLLW_1of1")), rows.join());
  assert.ok((await t.page.locator("#legend-body .sources svg rect[fill^='#']").count()) === rows.length, "each has its colour");
  await t.picture("pages_sources.png");
});

test("small_screen_in_the_dark", async (t) => {
  await t.open("index.html");
  const width = await t.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `nothing reaches beyond the screen: ${width}`);
  assert.ok(!(await t.page.locator("#panel").evaluate((panel) => panel.open)));
  await t.page.click("#panel > summary");
  await t.page.selectOption("#style", "source");
  const paper = await t.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, "rgb(8, 19, 29)");
}, { context: { viewport: { width: 390, height: 780 }, colorScheme: "dark" } });
