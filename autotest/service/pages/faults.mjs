// What goes wrong, by order of the test's server.

import assert from "node:assert/strict";

test("server_gone_and_back_on_the_map", async (t) => {
  await t.order({ reset: true });
  await t.open("index.html#map=12/42.99/-70.75");
  await t.order({ gone: true });
  await t.page.click("#here");
  await t.page.waitForSelector(".banner[role=alert]");
  assert.match(await t.page.innerText(".maplibregl-popup .answer"), /does not answer/);
  assert.equal(await t.page.getAttribute("#state", "data-state"), "gone");
  await t.order({ gone: false });
  await t.page.click(".banner button");
  await t.page.waitForSelector(".banner", { state: "detached" });
  await t.page.waitForSelector(".maplibregl-popup .answer .facts");
  assert.equal(await t.page.getAttribute("#state", "data-state"), "here");
});

test("server_gone_before_the_page_asks", async (t) => {
  await t.order({ reset: true, fail: { "/tilejson.json": [503, "no policy is served: start the server with --policy"] } });
  await t.open("index.html");
  await t.page.waitForFunction(() => /2000 m|no policy/.test(document.getElementById("legend-body").textContent));
});

test("refused_point_says_why", async (t) => {
  await t.order({ reset: true, fail: { "/elevation": [502, "step 'bluetopo': the archive does not answer"] } });
  await t.open("index.html#at=42.985,-70.742");
  await t.page.waitForSelector(".answer .note.bad");
  assert.match(await t.page.innerText(".answer .note.bad"), /the archive does not answer/);
});

test("busy_tiles_are_asked_again", async (t) => {
  await t.order({ reset: true, busy: { "/tiles/": 3 } });
  await t.open("index.html");
  const asked = (await t.asked()).map(([, path]) => path).filter((path) => /\.png\?style=chart/.test(path));
  assert.ok(asked.length > new Set(asked).size, "some tile was asked twice");
});

test("names_of_surveys_are_text", async (t) => {
  await t.order({ reset: true, survey: "<img src=x onerror=window.hacked=1><b>H1</b>" });
  await t.open("index.html#style=source&at=42.985,-70.742");
  await t.page.waitForSelector(".answer .survey");
  await t.page.waitForSelector("#legend-body .sources li");
  assert.match(await t.page.innerText(".answer .survey"), /<img src=x onerror=window.hacked=1><b>H1<\/b>/);
  assert.equal(await t.page.evaluate(() => window.hacked ?? document.querySelectorAll(".answer img, .answer b, #legend-body img").length), 0);
});

test("failed_job_says_why", async (t) => {
  await t.order({ reset: true, job: "failed" });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#start");
  await t.page.waitForSelector("#current[data-status=failed]");
  assert.match(await t.page.innerText("#current [role=alert]"), /step 'surveys': the file ends before its pixels/);
});

test("job_without_a_socket_is_asked_for", async (t) => {
  await t.order({ reset: true, sockets: false });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#start");
  await t.page.waitForSelector("#current[data-status=completed][data-way=asked]");
});

test("job_goes_on_when_the_server_comes_back", async (t) => {
  await t.order({ reset: true, job_seconds: 4 });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#start");
  await t.page.waitForSelector("#current[data-status=running]");
  await t.order({ gone: true });
  await t.page.waitForSelector(".banner");
  await t.order({ gone: false });
  await t.page.waitForSelector("#current[data-status=completed][data-way=asked]");
});

test("job_is_cancelled", async (t) => {
  await t.order({ reset: true, job_seconds: 600 });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#start");
  await t.page.click("#current button.danger");
  await t.page.waitForSelector("#current[data-status=cancelled]");
  assert.match(await t.page.innerText("#current"), /Cancelled by user/);
});

test("bad_policy_is_told_by_line_and_column", async (t) => {
  await t.order({ reset: true });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#own summary");
  await t.page.setInputFiles("#policy-file", { name: "mine.yaml", mimeType: "text/yaml", buffer: Buffer.from("nonsense: 1\n") });
  await t.page.waitForFunction(() => document.getElementById("policy-text").value === "nonsense: 1\n");
  for (const button of ["#analyze", "#start"]) {
    await t.page.click(button);
    await t.page.waitForFunction(() => /policy:1:1: unknown key 'nonsense'; did you mean 'name'\?/.test(document.getElementById("says").textContent));
  }
  assert.ok(await t.page.isHidden("#current"));
});

test("token_is_asked_for_once_and_sent", async (t) => {
  await t.order({ reset: true, token: "s3cret" });
  await t.open("hydrate.html", { map: false });
  await t.page.click("#start");
  await t.page.fill("dialog #token", "wrong");
  await t.page.keyboard.press("Enter");
  await t.page.fill("dialog #token", "s3cret");
  await t.page.keyboard.press("Enter");
  await t.page.waitForSelector("#current[data-status=completed]");
  await t.page.click("#start");
  await t.page.waitForSelector("#jobs .job:nth-child(2)");
  assert.equal(await t.page.locator("dialog").count(), 0);
  assert.ok(!(await t.page.evaluate(() => location.href + document.cookie + JSON.stringify(localStorage))).includes("s3cret"));
});

test("refused_purge_is_told", async (t) => {
  await t.order({ reset: true, fail: { "/api/v1/cache/purge": [403, "a change from a proxy needs the token"] } });
  await t.open("cache.html", { map: false });
  await t.page.click("#tiers article[data-tier='5'] button");
  await t.page.waitForSelector("dialog .note.bad");
  assert.match(await t.page.innerText("dialog"), /needs the token/);
});

test("cache_that_cannot_be_read_is_told", async (t) => {
  await t.order({ reset: true, fail: { "/api/v1/cache/summary": [500, "the cache cannot be read"] } });
  await t.open("cache.html", { map: false });
  await t.page.waitForFunction(() => document.getElementById("says").textContent === "the cache cannot be read");
});

test("corrupt_cell_is_found_and_named", async (t) => {
  await t.order({ reset: true });
  await t.open("cache.html", { map: false });
  await t.page.click("#check");
  await t.page.waitForSelector("#check-says table");
  assert.match(await t.page.innerText("#check-says"), /corrupt cell[\s\S]*fused_zarr\/76f951b4\/917d9dec\.zarr\.zip[\s\S]*Delete what is wrong/);
});

test("missing_libraries_are_told_and_the_rest_works", async (t) => {
  await t.order({ reset: true, vendor: false });
  await t.open("hydrate.html#bbox=-70.8,42.96,-70.7,43.04", { map: false });
  await t.page.waitForSelector(".lacks");
  assert.match(await t.page.innerText(".lacks"), /utils\/pages\/build\.sh/);
  await t.page.click("#start");
  await t.page.waitForSelector("#current[data-status=completed]");
});

test("browser_without_webgl_is_told_and_the_rest_works", async (t) => {
  await t.order({ reset: true });
  await t.page.addInitScript(() => {
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest); };
  });
  for (const [name, shown] of [["index.html", "#legend-body .ramp"], ["terrain.html", "#legend-body .ramp"], ["cache.html", "#tiers article"], ["hydrate.html", "#estimate b"]]) {
    await t.open(name, { map: false });
    await t.page.waitForSelector(".lacks");
    assert.match(await t.page.innerText(".lacks"), /WebGL 2/);
    await t.page.waitForSelector(shown);
  }
});

test("failed_quality_report_is_told", async (t) => {
  await t.order({ reset: true, fail: { "/quality/report": [422, "the box has 99,000,000 pixels; this server reports on 4,000,000"] } });
  await t.open("terrain.html#quality=1");
  await t.page.waitForSelector("#quality-says .note.bad");
  assert.match(await t.page.innerText("#quality-says"), /this server reports on/);
});

test("every_control_has_a_name", async (t) => {
  await t.order({ reset: true });
  for (const name of ["index.html", "terrain.html", "hydrate.html", "cache.html"]) {
    await t.open(name, { map: false });
    await t.page.waitForSelector(".maplibregl-ctrl-zoom-in");
    const nameless = await t.page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, a[href]")].filter((element) => {
      const label = element.getAttribute("aria-label") || element.getAttribute("title") || element.textContent.trim() || [...(element.labels ?? [])].map((one) => one.textContent).join("") || element.querySelector("img[alt]")?.alt;
      return !label;
    }).map((element) => element.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await t.page.locator("h1").count(), 1);
    assert.equal(await t.page.locator("nav a[aria-current=page]").getAttribute("href"), name);
  }
});
