// Filling the cache, main path. Runs against the recorded service and against `topobathy serve`.

import assert from "node:assert/strict";

const box = (page) => Promise.all(["west", "south", "east", "north"].map((id) => page.inputValue(`#${id}`).then(Number)));

test("estimate_counts_the_cells_of_the_lattice", async (t) => {
  await t.open("hydrate.html#bbox=-70.8,42.96,-70.7,43.04");
  const sums = () => t.page.innerText("#estimate");
  assert.match(await sums(), /4\s*cells\s*138,384\s*pixels/); // 2 x 2 cells of 186 pixels
  await t.page.check("input[name=by][value=zoom]");
  await t.page.fill("#zoom", "13");
  assert.match(await sums(), /4\s*cells\s*1,048,576\s*pixels/); // 2 x 2 of 512
  await t.page.waitForFunction(() => /zoom=13/.test(location.hash));
});

test("box_is_drawn_dragged_and_moved_by_keys", async (t) => {
  await t.open("hydrate.html");
  await t.page.click("#draw");
  await t.page.mouse.move(700, 300);
  await t.page.mouse.down();
  await t.page.mouse.move(800, 420, { steps: 4 });
  await t.page.mouse.move(900, 500, { steps: 4 });
  await t.page.mouse.up();
  const drawn = await box(t.page);
  assert.ok(drawn[0] < drawn[2] && drawn[1] < drawn[3], drawn.join());
  assert.equal(await t.page.getAttribute("#draw", "aria-pressed"), "false");
  const corner = t.page.getByRole("button", { name: /^North-east corner/ });
  const at = await corner.boundingBox();
  await t.page.mouse.move(at.x + 9, at.y + 9);
  await t.page.mouse.down();
  await t.page.mouse.move(at.x + 69, at.y - 31, { steps: 5 });
  await t.page.mouse.up();
  const dragged = await box(t.page);
  assert.ok(dragged[2] > drawn[2] && dragged[3] > drawn[3] && dragged[0] === drawn[0] && dragged[1] === drawn[1], dragged.join());
  await t.page.getByRole("button", { name: /^South-west corner/ }).focus();
  await t.page.keyboard.press("ArrowLeft");
  const moved = await box(t.page);
  assert.ok(moved[0] < dragged[0] && moved[1] === dragged[1] && moved[2] === dragged[2], moved.join());
});

test("job_is_started_followed_and_its_cells_painted", async (t) => {
  await t.open("hydrate.html#bbox=-70.8,42.96,-70.7,43.04&resolution=30");
  const socket = t.page.waitForEvent("websocket");
  await t.page.click("#start");
  assert.match((await socket).url(), /\/hydrate\/[0-9a-f-]+\/ws$/);
  await t.page.waitForSelector("#current[data-status=completed]");
  assert.equal(await t.page.getAttribute("#current", "data-way"), "live");
  const bar = t.page.locator("#current progress");
  assert.equal(await bar.evaluate((element) => element.value), await bar.evaluate((element) => element.max));
  await t.page.waitForSelector("#jobs .job .badge.good");
  await t.idle();
  await t.picture("pages_hydrate.png");
});

test("analysis_lists_files_by_step", async (t) => {
  await t.open("hydrate.html#bbox=-70.8,42.96,-70.7,43.04");
  await t.page.click("#analyze");
  await t.page.waitForSelector("#analysis details");
  await t.page.click("#analysis details:first-of-type summary");
  assert.match(await t.page.innerText("#analysis details:first-of-type"), /1 taken[\s\S]*2022_shore_lidar_dem_2m/);
});

test("wrong_orders_are_told_and_not_sent", async (t) => {
  await t.open("hydrate.html#bbox=-70.8,42.96,-70.7,43.04", { map: false });
  let sent = 0;
  t.page.on("request", (request) => { if (request.method() === "POST") ++sent; });
  for (const [id, value, told] of [["north", "42", /south is not below/], ["west", "-200", /from -180 to 180/], ["resolution", "0", /Resolution, m: from 0.1/], ["workers", "99", /from 1 to 16/]]) {
    const before = await t.page.inputValue(`#${id}`);
    await t.page.fill(`#${id}`, value);
    await t.page.click("#start");
    assert.match(await t.page.innerText("#says"), told);
    await t.page.fill(`#${id}`, before);
  }
  assert.equal(sent, 0);
});
