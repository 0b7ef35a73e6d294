// The reading room in a real browser: a reader finds and prints; a clerk signs in, arranges, confirms; two people review
// an opening, and the reader then finds it. axe looks at every page on the way; pictures of them are left to be looked at.
//
//   node run.mjs ARCHIVE REPOSITORY PICTURES
//
// ARCHIVE is the command, REPOSITORY one made by it whose volumes have no numbers yet, PICTURES a folder.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
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
  context.setDefaultTimeout(15_000);
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
for (const [width, height] of [[1440, 900], [820, 1100], [390, 844]])
  for (const lang of ["zh", "en"])
    for (const theme of ["light", "dark"]) looks.push({ width, height, lang, theme });

// The same page on three widths, in both languages and both themes: every look has its picture and its judge.
async function looked(page, name, path) {
  for (const { width, height, lang, theme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(path + (path.includes("?") ? "&" : "?") + `lang=${lang}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${name} is ${wide} pixels wider than a screen of ${width}`);
    await judged(page, `${name} ${width} ${lang} ${theme}`);
    await page.screenshot({ path: `${pictures}/${name}-${width}-${lang}-${theme}.png`, fullPage: width === 390 });
    // A page speaks of what stands on it: options and commands are another's tools.
    const words = await page.innerText("main");
    const foreign = words.match(/(^|[\s：（(])--[a-z][\w-]*|\barchive (init|import|arrange|number|check|explain|catalogue|index|search|transfer|opening|use|loan|disposal|storeroom|registers|report|audit|fixity|serve|people)\b/);
    if (foreign) faults.push(`${name} speaks of ${foreign[0].trim()}`);
  }
  // What is listed on the screen is listed on paper.
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const lost = await page.evaluate(() => [...document.querySelectorAll("main table, main .board li, main .hits li, main dl, main img")]
    .filter((one) => !one.closest("details:not([open]), .panels") && one.getClientRects().length === 0).length);
  if (lost > 0) faults.push(`${name} loses ${lost} lists or lines on paper`);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1440, height: 900 });
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
    await director.fill("#invite input[name=name]", name);
    await director.check(`#invite input[value=${role}]`);
    await director.click("#invite button");
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

  step("a doubtful tie is confirmed, and leaves the list");
  await archivist.goto("/staff/ties");
  await judged(archivist, "ties");
  const open = async () => Number((await archivist.textContent("main .count")).match(/\d+/)[0]);
  const ties = await open();
  assert(ties > 0, "this year has doubtful ties");
  await archivist.click("button[value=yes]");
  await archivist.waitForLoadState();
  assert.equal(await open(), ties - 1);

  step("two volumes are joined, and the join is taken back");
  await archivist.goto("/staff/board?year=2004");
  const volumes = async () => (await (await archivist.request.get("/staff/board.json?year=2004")).json()).of_year;
  const many = await volumes();
  await archivist.selectOption("select[name=join-from]", { index: 2 });
  await archivist.selectOption("select[name=join-into]", { index: 1 });
  await archivist.fill("input[name=reason]", "同一件事");
  await archivist.click(".bar button");
  await archivist.waitForURL("**saved=1**");
  assert.equal(await volumes(), many - 1, "one volume less");
  await archivist.click("button[value=undo]");
  await archivist.waitForURL("**saved=1**");
  assert.equal(await volumes(), many, "as it was");

  step("a volume is split, and stays so");
  await archivist.goto("/staff/board?year=2004");
  const box = archivist.locator(".board > section:has(li[data-item]:nth-child(2)) li[data-item] input[name^=item-]").first();
  await box.fill("新1");
  await archivist.fill("input[name=reason]", "另是一事");
  await archivist.click(".bar button");
  await archivist.waitForURL("**saved=1**");
  assert.equal(await volumes(), many + 1, "one volume more");
  await archivist.click("button[value=undo]");
  await archivist.waitForURL("**saved=1**");

  step("the year is numbered by the command while the room is open, and every form of it is taken away");
  const numbered = spawnSync(archive, ["number", "-R", repository, "--today", "2040-03-01", "--operator", "陈文书"], { encoding: "utf8" });
  assert(numbered.status === 0 || numbered.status === 1, numbered.stderr);
  await archivist.goto("/staff/forms");
  await judged(archivist, "forms");
  const forms = await archivist.locator("main table a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert(forms.length >= 40, `${forms.length} forms`);
  const starts = { pdf: "%PDF", ofd: "PK", xlsx: "PK", csv: "\u00ef\u00bb\u00bf", html: "<!" };
  const taken = Date.now();
  let none = 0;
  for (const href of forms) {
    const answer = await archivist.request.get(href);
    const body = await answer.body();
    const format = href.split("/").pop();
    // Some forms are of items or boxes, which a year in volumes hasn't: that is said, and nothing else goes wrong.
    if (answer.status() === 422) { assert.match(body.toString(), /没有这种表/, href); none += 1; continue; }
    assert.equal(answer.status(), 200, `${href}: ${answer.status()} ${body.subarray(0, 200)}`);
    assert.match(answer.headers()["content-disposition"], /attachment/);
    assert(body.subarray(0, 4).toString("latin1").startsWith(starts[format]), `${href} begins with ${body.subarray(0, 8).toString("latin1")}`);
  }
  assert(forms.length - none >= 40, `${none} of ${forms.length} forms don't exist`);
  console.log(`   ${forms.length - none} files (${none} forms this year hasn't) in ${Date.now() - taken} ms`);
  const [download] = await Promise.all([archivist.waitForEvent("download"), archivist.click("main table a[href$=pdf]")]);
  assert.match(download.suggestedFilename(), /\.pdf$/);

  step("an opening: an opinion by one, a decision by another");
  await archivist.goto("/staff/opening");
  await judged(archivist, "opening");
  // Of two pages with letters at known places, so that there is something to mark, to turn and to print.
  await archivist.goto("/?q=" + encodeURIComponent("题名:请求解决"));
  await archivist.click(".hits li h2 a");
  const name = (await archivist.textContent("h1")).trim();
  const item = new URL(archivist.url()).pathname;
  await archivist.click(".acts a[href^='/staff/opening/']");
  const review = archivist.url();
  for (const [page, choice, button] of [[archivist, "open", "opinion"], [reviewer, "open", "decision"]]) {
    await page.goto(review);
    await judged(page, "review");
    await page.check(`input[value=${choice}]`);
    await page.fill("textarea[name=reason]", "已到期，无不宜开放内容");
    await page.click(`button[value=${button}]`);
    await page.waitForLoadState();
  }
  assert.match(await reviewer.textContent("dl.description"), /开放/);

  step("the reader finds it, sees the words marked on its pictures, turns them by keys, and prints it");
  await reader.goto("/?lang=zh");
  await reader.fill("#q", "救灾");
  await reader.keyboard.press("Enter");
  await reader.waitForSelector(".hits li h2 a");
  assert.equal(await reader.locator(".hits h1").count(), 1);
  const found = reader.url();
  await reader.click(".hits li h2 a");
  assert.equal((await reader.textContent("h1")).trim(), name);
  const opened = reader.url();
  const sheet = reader.locator("[data-keys]");
  const width = () => reader.locator("[data-keys] img").evaluate((image) => image.decode().then(() => image.naturalWidth));
  assert(await width() > 600, "the page is a picture");
  const marks = reader.locator("[data-keys] svg rect");
  assert(await marks.count() > 0, "the words are marked where they stand");
  // A mark lies on the page, and is as small as a word.
  for (const one of await marks.evaluateAll((all) => all.map((rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)))))) {
    const [x, y, wide, high] = one;
    assert(x >= 0 && y >= 0 && x + wide <= 1000 && y + high <= 1000 && wide > 5 && wide < 400 && high > 2 && high < 100, `a mark at ${one}`);
  }
  await reader.screenshot({ path: `${pictures}/marks.png` });
  const printed = await reader.pdf({ format: "A4" });
  writeFileSync(`${pictures}/printed.pdf`, printed);
  assert(printed.subarray(0, 4).toString() === "%PDF" && printed.length > 10_000, "it prints");
  const press = async (key, address) => {
    await sheet.focus();
    await reader.keyboard.press(key);
    await reader.waitForURL(address);
  };
  await press("+", "**zoom=2**");
  const large = await reader.locator(".paper").evaluate((paper) => paper.getBoundingClientRect().width);
  await press("+", "**zoom=3**");
  assert(await reader.locator(".paper").evaluate((paper) => paper.getBoundingClientRect().width) > large, "larger");
  await press("-", "**zoom=2**");
  await press("r", "**turn=90**");
  await reader.goto(opened);
  const first_page = await reader.textContent("#reader");
  await press("ArrowRight", "**page=2**");
  assert.notEqual(await reader.textContent("#reader"), first_page);
  await press("ArrowLeft", "**page=1**");
  // A word of both pages: the next hit lies on the other.
  await reader.goto(item + "?q=" + encodeURIComponent("临溪县人民政府") + "&page=1");
  await press("n", /page=2/);
  assert(await marks.count() > 0, "the next hit is marked, too");
  await looked(reader, "home", "/");
  await looked(reader, "search", found.slice(address.length - 1));
  await looked(reader, "nothing-found", "/?q=" + encodeURIComponent("没有这个词语"));
  await looked(reader, "item", opened.slice(address.length - 1));
  await looked(reader, "catalogue", "/browse");
  await looked(reader, "year", "/browse/J019/2004");
  await looked(reader, "help", "/help");
  await looked(reader, "request-form", "/request");
  await looked(reader, "nowhere", "/a/nothing");

  step("what works without scripts works without scripts");
  const plain = await someone({ javaScriptEnabled: false });
  await plain.goto(found);
  await plain.click(".hits li h2 a");
  assert.equal((await plain.textContent("h1")).trim(), name.trim());
  for (const key of ["ArrowRight", "+", "r"]) await plain.click(`.keys a[data-key="${key}"]`);
  assert.match(plain.url(), /page=2/);
  assert.equal(await plain.locator(".zoom-2 .turn-90").count(), 1, "turned and enlarged by links");
  await plain.click(".acts a");
  await plain.check("input[value=see]");
  for (const [field, value] of Object.entries({ name: "钱八", contact: "qian@example.org" })) await plain.fill(`main input[name=${field}]`, value);
  await plain.fill("textarea[name=text]", "查家谱");
  await plain.click("main form button");
  assert.match(await plain.textContent("main"), /已登记/);
  const clerk = await someone({ javaScriptEnabled: false });
  await signIn(clerk, "/sign-in", { name: "王主任", password });
  await clerk.goto("/staff/requests");
  await clerk.fill("textarea[name=text]", "可来馆查阅");
  await clerk.click("button[value=yes]");
  assert.match(await clerk.textContent("main"), /可来馆查阅/);
  await clerk.goto("/staff/board?year=2004");
  const places = clerk.locator(".board > section:has(li[data-item]:nth-child(3)) input[name^=place-]");
  if (await places.count() > 1) {
    // What is dragged elsewhere is moved here by its number.
    const [moving] = await places.evaluateAll((all) => all.map((one) => one.name));
    await places.first().fill("2.5");
    await clerk.click(".bar button");
    await clerk.waitForURL("**saved=1**");
    assert.notEqual(await clerk.locator(`input[name=${moving}]`).inputValue(), "1");
    await clerk.click("button[value=undo]");
    await clerk.waitForURL("**saved=1**");
  }

  step("a reader asks for it, the office answers");
  await reader.goto(opened);
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

  step("a volume is lent; of two who take it back the second is told");
  const { lines: years } = await (await director.request.get("/browse/J019.json")).json();
  const { lines: shelf } = await (await director.request.get(years.at(-1).url + ".json")).json();
  const lent = shelf.find((line) => line.code).code;
  await director.goto("/staff/loans");
  for (const [field, value] of Object.entries({ volume: lent, borrower: "周七", purpose: "核查", approved_by: "王主任", sheets: "12" }))
    await director.fill(`.form input[name=${field}]`, value);
  await director.click("button[value=lend]");
  await director.waitForLoadState();
  assert.match(await director.textContent("main"), /周七/);
  const counter = await director.context().newPage();
  await counter.goto("/staff/loans");
  await director.click("button[value=return]");
  await director.waitForLoadState();
  await counter.click("button[value=return]");
  assert.match(await counter.textContent("main"), /别人作了改动/);
  await judged(counter, "two at once");
  await counter.close();

  step("what is due is reviewed: kept longer, and proposed for destruction; others approve");
  await archivist.goto("/staff/periods");
  const due = Number((await (await archivist.request.get("/staff/periods.json")).json()).total);
  assert(due > 2, `${due} records are due`);
  await archivist.locator("input[name=record]").nth(0).check();
  await archivist.fill(".deeds input[name=reason]", "尚有查考价值");
  await archivist.fill(".deeds input[name=years]", "40");
  await archivist.click("button[value=extend]");
  await archivist.waitForLoadState();
  assert.equal(Number((await (await archivist.request.get("/staff/periods.json")).json()).total), due - 1);
  await archivist.locator("input[name=record]").nth(0).check();
  await archivist.fill(".deeds input[name=reason]", "到期，无续存价值");
  await archivist.click("button[value=list]");
  await archivist.waitForURL("**/staff/disposal/2040-01");
  const list = archivist.url();
  await director.goto(list);
  await director.click("button[value=approve]");
  await director.waitForLoadState();
  assert.match(await director.textContent("dl.description"), /已批准/);
  await director.fill("input[name=supervisors]", "李复审、王主任");
  await director.fill("input[name=time]", "2040-03-02 14:00");
  await director.fill("input[name=where]", "县造纸厂");
  await director.click("button[value=supervise]");
  await director.waitForLoadState();
  const signed = await director.request.get(new URL(list).pathname + "/pdf");
  assert.equal((await signed.body()).subarray(0, 4).toString(), "%PDF");

  step("a room, its shelf, a year of its air, and a count");
  await director.goto("/staff/storeroom");
  await director.fill("form:has(button[value=room]) input[name=code]", "1");
  await director.fill("form:has(button[value=room]) input[name=name]", "一号库房");
  await director.fill("form:has(button[value=room]) input[name=since]", "2040-01-01");
  await director.click("button[value=room]");
  await director.waitForLoadState();
  for (let day = 1; day <= 60; day++) {
    if (day % 17 === 0) continue;
    const on = new Date(Date.UTC(2040, 0, day)).toISOString().slice(0, 10);
    await director.goto("/staff/storeroom/1");
    await director.evaluate(([on, warm, damp]) => {
      const form = document.querySelector("button[value=reading]").form;
      form.elements.on.value = on; form.elements.temperature.value = warm; form.elements.humidity.value = damp;
    }, [on, String(17 + 5 * Math.sin(day / 6) + (day === 40 ? 6 : 0)), String(50 + 8 * Math.cos(day / 9))]);
    await director.click("button[value=reading]");
  }
  await director.click("summary:has-text('新的架')");
  await director.fill("form:has(button[value=shelf]) input[name=code]", "A01");
  await director.fill("form:has(button[value=shelf]) input[name=levels]", "5");
  await director.click("button[value=shelf]");
  await director.waitForLoadState();
  assert(await director.locator(".chart .mean").count() === 2, "two panels");
  await director.goto("/staff/storeroom");
  await director.click("summary:has-text('案卷上架')");
  await director.fill("form:has(button[value=place]) textarea", lent);
  await director.fill("form:has(button[value=place]) input[name=to]", "1/A01/2");
  await director.click("button[value=place]");
  await director.waitForLoadState();
  await director.goto("/staff/storeroom");
  await director.click("summary:has-text('清点')");
  await director.fill("form[action='/staff/stocktake'] textarea", "J019-没有这一卷");
  await director.click("form[action='/staff/stocktake'] button");
  await director.waitForURL("**/staff/stocktake/2040-01");
  assert.match(await director.textContent("main"), /未结束/);

  step("every page of the staff, in every look");
  const inner = ["", "/board?year=2004", "/ties", "/findings", "/opening", "/requests", "/loans", "/periods", "/disposal", "/disposal/2040-01", "/storeroom",
    "/storeroom/1", "/stocktake/2040-01", "/forms", "/audit", "/people"];
  for (const path of inner) await looked(director, "staff" + path.replace(/\W+/g, "-"), "/staff" + path);
  await looked(director, "review", new URL(review).pathname);
  await looked(director, "volume", "/volume/" + encodeURIComponent(lent));
  await looked(await someone(), "sign-in", "/sign-in");
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
