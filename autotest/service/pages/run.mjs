// Runs the tests of the files that are named, one after the other in one Chromium, and prints a line of JSON for each.
//
//   node run.mjs MODULES CHROMIUM URL FILE...      MODULES: folder of playwright-core; URL: of the service

import path from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, url, ...files] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(path.join(modules, "playwright-core", "index.mjs")));

const SECONDS = 30; // a test; far more than any takes on a slow machine
// Maps are drawn by the processor: the machines of tests have no graphics.
const ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-dev-shm-usage"];

const LARGE = { width: 1280, height: 800 };
const SMALL = { width: 960, height: 600 }; // where no picture is taken: half the pixels, half the time

const tests = [];
for (const file of files) {
  const viewport = file.endsWith(".main.mjs") ? LARGE : SMALL;
  globalThis.test = (name, body, options = {}) => tests.push({ name, body, context: { viewport, ...options.context } });
  await import(pathToFileURL(path.resolve(file)));
}

class Page {
  constructor(page, trouble) {
    Object.assign(this, { page, trouble, url });
  }

  /// Opens a page of the product and waits for its map, unless told otherwise.
  async open(name, { map = true } = {}) {
    await this.page.goto(`${url}/viewer/${name}`);
    if (map) await this.idle();
  }

  idle() {
    return this.page.waitForSelector("html[data-map=idle]", { state: "attached" });
  }

  /// How many colours a part of the screen has.
  async colours(clip) {
    const png = (await this.page.screenshot({ clip })).toString("base64");
    return this.page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
    }, png);
  }

  /// Orders of the test's server; see pages_server.py.
  async order(orders) {
    const answer = await fetch(`${url}/script`, { method: "POST", body: JSON.stringify(orders) });
    if (!answer.ok) throw new Error(`no such order: ${JSON.stringify(orders)}`);
  }

  asked() {
    return fetch(`${url}/asked`).then((answer) => answer.json());
  }
}

const PICTURES = process.env.TOPOBATHY_PICTURES; // folder for the documentation's pictures

/// A page in a context of its own. What the browser complains of is kept: Content-Security-Policy, exceptions.
async function contextOf(browser, options) {
  const context = await browser.newContext({ reducedMotion: "reduce", colorScheme: "light", locale: "en-GB", timezoneId: "UTC", ...options });
  context.setDefaultTimeout(20000);
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(String(error.stack ?? error)));
  page.on("console", (message) => { if (message.type() === "error" && /Content Security Policy/.test(message.text())) trouble.push(message.text()); });
  return { context, page, trouble };
}

async function run(browser, { name, body, context: wanted }) {
  const begun = Date.now();
  const { context, page, trouble } = await contextOf(browser, wanted);
  const driver = new Page(page, trouble);
  driver.picture = async (file) => { if (PICTURES) await page.screenshot({ path: path.join(PICTURES, file) }); };
  let error = null, timer;
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done after ${SECONDS} s`)), SECONDS * 1000); });
    await Promise.race([body(driver), late]);
    if (trouble.length) throw new Error(`the browser complains: ${trouble.join("\n")}`);
  } catch (failure) {
    error = String(failure.stack ?? failure);
  }
  clearTimeout(timer);
  await context.close().catch(() => {});
  console.log(JSON.stringify({ name, error, seconds: (Date.now() - begun) / 1000 }));
}

const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
for (const one of tests) await run(browser, one);
await browser.close();
