// The reading room in a real browser: a reader finds and prints; a clerk signs in, arranges, confirms; two people review
// an opening, and the reader then finds it. axe looks at every page on the way; pictures of them are left to be looked at.
//
//   node run.mjs ARCHIVE REPOSITORY PICTURES
//
// ARCHIVE is the command, REPOSITORY one made by it whose volumes have no numbers yet, PICTURES a folder.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [archive, repository, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(pictures, { recursive: true });

// On the day the year's records are of age. The server says its address on one line, and the first code beside it.
const begun = Date.now();
const server = spawn(archive, ["serve", "-R", repository, "--lang", "zh", "--today", "2040-03-01"], { stdio: ["ignore", "pipe", "pipe"] });
let said = "";
server.stderr.on("data", (bytes) => { said += bytes; });
const address = await new Promise((resolve, reject) => {
  let out = "";
  server.stdout.on("data", (bytes) => {
    out += bytes;
    if (out.includes("\n")) resolve(out.trim());
  });
  server.on("exit", (status) => reject(new Error(`the server ended with ${status}: ${said}`)));
});
console.log(`listening on ${address} after ${Date.now() - begun} ms`);
assert(Date.now() - begun < 1000, "it starts in under a second");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const faults = [];

async function someone(options = {}) {
  const context = await browser.newContext({ baseURL: address, locale: "zh-CN", ...options });
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error" && !/status of (4|5)/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
  page.on("request", (request) => { if (!request.url().startsWith(address)) faults.push(`${page.url()} asks for ${request.url()}`); });
  return page;
}

// axe is put in by the test itself, not by the page: the page's policy would rightly forbid it.
async function judged(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const one of violations) faults.push(`${name}: ${one.id}: ${one.help}\n    ${one.nodes.slice(0, 3).map((node) => node.html).join("\n    ")}`);
}

const looks = [];
for (const [width, height] of [[1280, 900], [820, 1100], [390, 844]])
  for (const lang of ["zh", "en"])
    for (const theme of ["light", "dark"]) looks.push({ width, height, lang, theme });

// The same page on three widths, in both languages and both themes.
async function looked(page, name, path) {
  for (const { width, height, lang, theme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(path + (path.includes("?") ? "&" : "?") + `lang=${lang}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${name} is ${wide} pixels wider than a screen of ${width}`);
    await judged(page, `${name} ${width} ${lang} ${theme}`);
    await page.screenshot({ path: `${pictures}/${name}-${width}-${lang}-${theme}.png`, fullPage: height < 1000 });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(path + (path.includes("?") ? "&" : "?") + "lang=zh");
}

async function signIn(page, path, fields) {
  await page.goto(path);
  for (const [name, value] of Object.entries(fields)) await page.fill(`input[name=${name}]`, value);
  await page.click("main form button");
  await page.waitForURL("**/staff");
}

const password = "一句记得住的话就好了";
let steps = 0;
const step = (what) => console.log(`${++steps}. ${what}`);

try {
  const reader = await someone();
  step("nothing is open yet, and nothing shows");
  await reader.goto("/?lang=zh");
  assert.match(await reader.textContent("main"), /还没有开放/);

  step("the first account is made with the code of the terminal");
  const director = await someone();
  const code = said.match(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/)[0];
  await signIn(director, "/first", { code, name: "王主任", password, again: password });
  await judged(director, "desk");

  step("the director invites an archivist and a reviewer");
  const invited = {};
  for (const [name, role] of [["陈文书", "archivist"], ["李复审", "reviewer"]]) {
    await director.goto("/staff/people");
    await director.fill("input[name=name]", name);
    await director.check(`input[value=${role}]`);
    await director.click("main form button");
    invited[name] = await director.textContent(".done code");
  }
  await judged(director, "people");
  const archivist = await someone();
  await signIn(archivist, "/invited", { code: invited["陈文书"], name: "陈文书", password, again: password });
  const reviewer = await someone();
  await signIn(reviewer, "/invited", { code: invited["李复审"], name: "李复审", password, again: password });

  step("the archivist retitles a volume, confirms it, and takes it back");
  await archivist.goto("/staff/board");
  await judged(archivist, "board");
  const title = archivist.locator("input[name^=title-]").first();
  const before = await title.inputValue();
  await title.fill(before + "（改）");
  await archivist.locator("input[name^=confirmed-]").first().check();
  await archivist.click(".bar button");
  await archivist.waitForURL("**saved=1**");
  assert.equal(await archivist.locator("input[name^=title-]").first().inputValue(), before + "（改）");
  await archivist.click("button[value=undo]");
  await archivist.waitForURL("**saved=1**");

  step("two people at the board at once: the second is told");
  const second = await archivist.context().newPage();
  await archivist.goto("/staff/board");
  await second.goto("/staff/board");
  await archivist.locator("input[name^=title-]").first().fill(before + "（甲）");
  await archivist.click(".bar button");
  await archivist.waitForURL("**saved=1**");
  await second.locator("input[name^=title-]").first().fill(before + "（乙）");
  await second.click(".bar button");
  assert.match(await second.textContent("main"), /别人作了改动/);
  await second.close();

  step("an item is dragged to another place in its volume, and stays there");
  await archivist.goto("/staff/board?year=2004");
  const volume = archivist.locator(".board > section:has(li[data-item]:nth-child(3))").first();
  const order = () => volume.locator("li[data-item]").evaluateAll((items) => items.map((item) => item.dataset.item));
  const first = await order();
  await volume.locator("li[data-item]").nth(0).dragTo(volume.locator("li[data-item]").nth(2), { sourcePosition: { x: 10, y: 10 } });
  const moved = await order();
  assert.notDeepEqual(moved, first, "dragging moved it");
  await archivist.click(".bar button");
  await archivist.waitForURL("**saved=1**");
  assert.deepEqual(await archivist.locator(`.board > section:has(li[data-item="${moved[0]}"])`).first().locator("li[data-item]").evaluateAll((items) => items.map((item) => item.dataset.item)), moved);

  step("an opening: an opinion by one, a decision by another");
  await archivist.goto("/staff/opening");
  await judged(archivist, "opening");
  // One that has a scan, so that there is something to turn and to print.
  let name, review;
  for (const href of await archivist.locator("main tbody a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) {
    await archivist.goto(href);
    [name, review] = [await archivist.textContent("h1"), href];
    await archivist.click("dl.description a");
    if (await archivist.locator("[data-keys] img").count()) break;
  }
  for (const [page, choice, button] of [[archivist, "open", "opinion"], [reviewer, "open", "decision"]]) {
    await page.goto(review);
    await judged(page, "review");
    await page.check(`input[value=${choice}]`);
    await page.fill("textarea[name=reason]", "已到期，无不宜开放内容");
    await page.click(`button[value=${button}]`);
    await page.waitForLoadState();
  }
  assert.match(await reviewer.textContent("dl.description"), /开放/);

  step("the reader finds it, turns its pages by keys, and prints it");
  await reader.goto("/?lang=zh");
  await reader.fill("#q", name.slice(0, 12));
  await reader.keyboard.press("Enter");
  await reader.waitForSelector(".hits li h2 a");
  assert.equal(await reader.locator(".hits h1").count(), 1);
  const found = reader.url();
  await reader.click(".hits li h2 a");
  assert.equal((await reader.textContent("h1")).trim(), name.trim());
  const item = reader.url();
  const printed = await reader.pdf({ format: "A4" });
  writeFileSync(`${pictures}/printed.pdf`, printed);
  assert(printed.subarray(0, 4).toString() === "%PDF" && printed.length > 10_000, "it prints");
  {
    const width = await reader.locator("[data-keys] img").evaluate((image) => image.decode().then(() => image.naturalWidth));
    assert(width > 100, "the page is a picture");
    await reader.locator("[data-keys]").focus();
    await reader.keyboard.press("r");
    await reader.waitForURL("**turn=90**");
  }
  await looked(reader, "home", "/");
  await looked(reader, "search", found.slice(address.length - 1));
  await looked(reader, "item", item.slice(address.length - 1));
  await looked(reader, "catalogue", "/browse");

  step("what works without scripts works without scripts");
  const plain = await someone({ javaScriptEnabled: false });
  await plain.goto(found);
  await plain.click(".hits li h2 a");
  assert.equal((await plain.textContent("h1")).trim(), name.trim());

  step("a reader asks for it, the office answers");
  await reader.goto(item);
  await reader.click(".acts a");
  await judged(reader, "request");
  await reader.check("input[value=copy]");
  await reader.fill("input[name=name]", "赵六");
  await reader.fill("input[name=contact]", "13800000000");
  await reader.fill("textarea[name=text]", "编修地方志");
  await reader.click("main form button");
  assert.match(await reader.textContent("main"), /已登记/);
  await director.goto("/staff/requests");
  await judged(director, "requests");
  await director.fill("textarea[name=text]", "可来馆复制");
  await director.click("button[value=yes]");
  await director.waitForLoadState();
  assert.match(await director.textContent("main"), /同意/);

  step("every page of the staff");
  for (const path of ["/staff", "/staff/ties", "/staff/findings", "/staff/loans", "/staff/disposal", "/staff/storeroom", "/staff/forms", "/staff/audit"]) {
    await director.goto(path);
    await judged(director, path);
  }
  await looked(director, "board", "/staff/board?year=2004");
  await looked(director, "findings", "/staff/findings");
  await looked(director, "sign-in", "/sign-in");
} finally {
  await browser.close();
  const stopping = Date.now();
  server.removeAllListeners("exit");
  const ended = new Promise((resolve) => server.on("exit", (status, signal) => resolve([status, signal])));
  server.kill("SIGINT");
  const [status, signal] = await ended;
  console.log(`stopped with ${status ?? signal} after ${Date.now() - stopping} ms`);
  if (status !== 0) faults.push(`the server ended with ${status ?? signal}: ${said}`);
}
for (const fault of [...new Set(faults)]) console.log(`✗ ${fault}`);
assert.equal(faults.length, 0, `${faults.length} faults`);
console.log("all well");
