// Opens the site in Chromium, from the disk, and checks that the page "Try it" does what it says.
// Usage: node docs/playground/browser.mjs SITE NATIVE [--quick] [PICTURES]: the folder of the site, the program run_cartpole, and
// a folder for pictures, which are then all it makes. --quick trains ten seeds of the right program only. Ends with one line, web: N passed, N failed, N skipped.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launch } from "./chromium.mjs";

const quick = process.argv.includes("--quick");
const [site, native, pictures] = process.argv.slice(2).filter(word => word !== "--quick");
if (!native) { console.error("browser.mjs: expected the folder of the site and the program run_cartpole"); process.exit(2); }
let passed = 0, failed = 0, skipped = 0;
function is(claim, got, wanted) {
  const fits = wanted instanceof RegExp ? wanted.test(got) : typeof wanted === "function" ? wanted(got) : got === wanted;
  if (fits) ++passed; else { ++failed; console.log(`FAILED ${claim}: got ${JSON.stringify(got)}${typeof wanted === "function" ? "" : `, expected ${wanted}`}`); }
}

const complaints = [], here = "file://" + resolve(site) + "/";
const chromium = launch(process.env.CHROMIUM ?? "chromium");
const tab = await chromium.tab({}, complaints), { run, until, key } = tab;
const open = async (hash, in_tab = tab) => { await in_tab.open(here + "playground.html" + hash); await in_tab.until("document.documentElement.dataset.ready"); };
const go = hash => run(hash => new Promise(done => { onhashchange = () => { readLink(); done(); }; if (location.hash === hash) onhashchange(); else location.hash = hash; }), hash); // without loading it anew
const text = id => run(id => document.getElementById(id).innerText, id), value = id => run(id => document.getElementById(id).value, id);
const click = id => run(id => document.getElementById(id).click(), id), hash = () => run("location.hash");
const change = (id, to) => run((id, to) => { const e = document.getElementById(id); e.value = to; e.dispatchEvent(new Event("input")); e.dispatchEvent(new Event("change")); }, id, to);

async function startsAndLinks() {
  const before = await tab.seconds();
  await open("");
  is("it is ready after at most half a second of processor time", await tab.seconds() - before, seconds => seconds < 0.5);
  console.log(`ready ${await run("document.documentElement.dataset.ready")} ms after it was asked for`);
  await change("seed", "7");
  await change("mistake", "sign-flipped");
  is("the link follows", await hash(), "#mistake=sign-flipped&seed=7");
  await click("next");
  await click("next");
  is("the link says where the training is", await hash(), /updates=2/);
  await open("#mistake=nonsense&seed=-5&learning-rate=1e9&gamma=x&hidden=33&updates=-1&step=1e9&speed=warp");
  const got = await Promise.all(["mistake", "seed", "learning-rate", "gamma", "hidden", "speed"].map(value));
  is("what a link asks for is brought within bounds", got.join(" "), "none 0 1 1 32 episodes");
  await open("#gamma=0.9");
  await run("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async what => { globalThis.copied = what; } } })");
  await click("copy");
  await until("document.getElementById('copy').innerText === 'Copied'");
  is("the link is copied", await run("copied"), /playground\.html#gamma=0\.9$/);
  await open("#hide=setup,diagnose&at=hand");
  is("a link leaves panels out", await run("[...document.querySelectorAll('section')].filter(s => s.hidden).map(s => s.id).join()"), "setup,diagnose");
}

/** The weights of seed 0 as the page has them, and as the native program has written them. */
async function sameBits() {
  const folder = mkdtempSync(join(tmpdir(), "onehot-native-"));
  execFileSync(native, ["--seed", "0", "--quiet", "--output", folder], { stdio: "ignore" });
  const file = readFileSync(join(folder, "policy.safetensors")), { timesteps } = JSON.parse(readFileSync(join(folder, "summary.json")));
  rmSync(folder, { recursive: true });
  await open("");
  const weights = await run(timesteps => {
    while (last.timesteps < timesteps) update();
    const size = 4 * trainer.parameters(), at = trainer.parameters_at();
    return [...new Uint8Array(trainer.memory.buffer, at, size)];
  }, timesteps);
  const sha256 = bytes => createHash("sha256").update(bytes).digest("hex");
  is("seed 0 ends with the weights of the native program, bit for bit", sha256(Buffer.from(weights)), sha256(file.subarray(8 + Number(file.readBigUInt64LE(0)))));
}

async function mistakesHurt() {
  const mistakes = await run("mistakes");
  is("there are twelve mistakes at least, and none", mistakes.length, n => n >= 13);
  await go("#seed=3");
  await run("tenSeeds()");
  const [mine, median] = await run("[...document.querySelectorAll('#seeds tbody td')].map(td => td.innerText)");
  is("ten seeds of the right program solve CartPole", mine, /^49\d \(10\)|^500 \(10\)/);
  is("their median is that of chapter 9", readFileSync("docs/09-cartpole.md", "utf8").match(/^timesteps +\d+ +(\d+)/m)[1], median.replace(",", ""));
  for (const { name: id, adam } of mistakes.filter(m => m.adam)) {
    if (quick && id !== "none") { ++skipped; continue; }
    await go(`#mistake=${id}`);
    await run("tenSeeds()");
    const [got, book] = await run("[...document.querySelectorAll('#seeds tbody tr')].map(tr => tr.cells[1].innerText)");
    is(`ten seeds with ${id} do as the book's table says`, got, book);
    is(`the page shows the book's row of ${id}`, book, adam);
  }
}

async function diagnoses() {
  for (const { name: id, shown } of (await run("mistakes")).filter(m => m.shown)) {
    await go(`#${shown}&mistake=${id}`);
    await run("document.getElementById('verdict').innerText = ''");
    await click("mine");
    await until("document.getElementById('verdict').innerText");
    is(`the diagnoser judges the episodes of ${id}`, await text("verdict"), id === "none" ? /^correct/ : new RegExp(`(^|[ ,])${id}($|[ ,;])`));
    if (id !== "none") is(`${id} leads to its section`, await run("document.querySelectorAll('#read a').length"), n => n > 0);
  }
  const examples = await run("[...document.getElementById('example').options].slice(1).map(o => o.text)");
  const verdicts = [/^probabilities-injected, and first-rewards-instead-of-last/, /^value-instead-of-gradient/, /^softmax-twice/, /^correct/];
  for (const [i, name] of examples.entries()) {
    await run(i => { const e = document.getElementById("example"); e.selectedIndex = i + 1; document.getElementById("verdict").innerText = ""; e.dispatchEvent(new Event("change")); }, i);
    await until("document.getElementById('verdict').innerText");
    is(`the example "${name}"`, await text("verdict"), verdicts[i]);
  }
  await run(text => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.csv"));
    document.getElementById("verdict").innerText = "";
    document.getElementById("diagnose").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, readFileSync("tests/museum/softmax-twice.csv", "utf8"));
  await until("document.getElementById('verdict').innerText");
  is("a file can be dropped", await text("verdict"), /^softmax-twice/);
  await run("document.getElementById('csv').value = 'no numbers'; document.getElementById('verdict').innerText = ''");
  await click("judge");
  await until("document.getElementById('verdict').innerText");
  is("what is no table is refused in words", await text("report"), /your file/);
  await run(`document.getElementById('verdict').innerText = '';
    take([new File(["1,2\\n3,1\\n"], "x.csv"), new File(["1,0\\n0,1\\n"], "W0.csv")])`);
  await until("document.getElementById('verdict').innerText");
  is("a folder is read as a net", await text("report"), /dout|b0|layer/);
}

async function shows() {
  await open("#mistake=sign-flipped&updates=2");
  is("a planted mistake stands beside what is right", await run("[...document.querySelectorAll('#numbers tbody th')].map(th => th.innerText).join('; ')"), "p; one_hot; one_hot − p; return G; G − baseline; right; injected");
  await click("wrong");
  is("the next wrong step is found", await text("words"), "This step is pushed the wrong way.");
  await open("#updates=3");
  is("the world is drawn", await run("document.querySelectorAll('#scene *').length"), n => n > 5);
  await run("document.getElementById('t').value = 5; document.getElementById('t').dispatchEvent(new Event('input'))");
  is("the slider chooses the step", await text("where"), /step 5 of/);
  await run("document.getElementById('u').value = 2; document.getElementById('u').dispatchEvent(new Event('input'))");
  is("the curve says the values of an update", await text("value"), /^update 2, /);
  is("the curve has a line of its updates and a dot for every episode", await run(`['mean', 'dots'].map(kind => document.querySelector('#curve path.' + kind).getAttribute('d').match(/[ML]/g).length).join()`), "3,24");
  const hover = x => run(x => {
    const box = document.getElementById("curve").getBoundingClientRect();
    document.getElementById("curve").dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + x * box.width, clientY: box.top + 9 }));
    return document.getElementById("value").innerText.slice(0, 9);
  }, x);
  is("a pointer over the curve has it say the values there", [await hover(0.05), await hover(0.35), await hover(0.99)].join(), "update 1,,update 2,,update 3,");
  is("the strip has a bar and an action for every step", await run(`[...document.querySelectorAll('#strip .bars, #strip .ticks')].map(p => p.getAttribute('d').split('M').length - 1)
    .reduce((sum, n) => sum + n) === 2 * steps`), true);
  await run("document.getElementById('rows').open = true");
  await until("document.querySelectorAll('#rows tbody tr').length === 3");
  await click("restart"); await click("next"); await click("next"); await click("restart"); await click("next");
  is("the two runs before stay as ghosts", await run("document.querySelectorAll('#curve .ghost').length"), 2);
  await open("#mistake=sign-flipped&learning-rate=0.9");
  is("the book's row is of the usual set-up only", await text("book"), "");
  await open("#mistake=gradients-never-zeroed&updates=2");
  is("no button leads to a step where no step is wrong", await run("document.getElementById('wrong').hidden"), true);
  await open("#algorithm=ppo&updates=1");
  is("with a critic there is an advantage, and no baseline to choose", await run("[...document.querySelectorAll('#numbers tbody th')].map(th => th.innerText).join('; ') + document.getElementById('baseline').disabled"),
    "p; one_hot; one_hot − p; return G; advantage; injectedtrue");
  await open("#mistake=sign-flipped&updates=600");
  is("a policy that is sure has nothing to learn from", await text("words"), /so sure of (left|right)|so sure/);
  await open("#environment=Pendulum-v1&updates=1");
  is("a Gaussian has a mean and a deviation", await run("[...document.querySelectorAll('#numbers th')].map(th => th.innerText).join('; ')"),
    "step 1; for μ; for log σ; μ, σ; action a; (a−μ)/σ², ((a−μ)/σ)²−1; return G; advantage; injected");
  is("and no row of CartPole's table", await text("book"), "");
  await open("");
  is("one step by hand has the numbers of chapter 0", (await run("document.getElementById('candidates').innerText")).replace(/\s+/g, " "),
    /\+0\.800, −0\.800 0\.600 → 0\.638 .* 0\.600 → 0\.575 .* 0\.600 → 0\.619 .* 0\.600 → 0\.610/);
  is("an arrow for each candidate goes where its row says", await run(() => {
    const rows = [...document.getElementById("candidates").tBodies[0].rows].map(row => row.cells[2].innerText.split(" → ").map(Number));
    const arrows = [...document.querySelectorAll("#arrows .arrow")].map(a => a.getAttribute("d").match(/M([\d.]+) [\d.]+H([\d.]+)/).slice(1).map(Number));
    return arrows.length === 4 && arrows.every(([from, to], i) => Math.sign(to - from) === Math.sign(rows[i][1] - rows[i][0]))
      && Math.abs((arrows[0][1] - arrows[0][0]) / (arrows[2][1] - arrows[2][0]) - 2) < 0.1;
  }), true);
  await change("actions", "3");
  is("three actions have three numbers", await run("document.querySelector('#candidates td').innerText.split(', ').length"), 3);
}

async function writesAndPlays() {
  await open("#at=letters&reward=ending&kl=0");
  await until("writer && document.getElementById('letter-table').rows.length > 2");
  is("a link chooses what a word is to be", await run("[...new URLSearchParams(writer.text(writer.settings()))].filter(([k]) => k === 'reward' || k === 'kl').join()"), "reward,ending,kl,0");
  is("before post-training few words end in -ing", await text("written"), /^0 updates: of 200 fresh words \d % are right/);
  const before = await text("writing");
  await click("write");
  await until("written.length > 250");
  await click("write");
  is("it stops when it is asked to", await text("write"), "Post-train");
  is("after it nearly all do", await text("written"), /fresh words (9\d|100) % are right/);
  is("the words of before stay", await text("wrote"), before);
  is("there is a curve", await run("document.querySelector('#reward-curve path.mean').getAttribute('d').split('L').length"), n => n > 200);
  const first = await text("letter-table");
  await run("document.getElementById('word').value = 30; document.getElementById('word').dispatchEvent(new Event('input'))");
  is("the slider chooses a word", await text("letter-table"), words => words !== first);
  await run("document.getElementById('source').value = 'letters_of_book'; document.getElementById('source').dispatchEvent(new Event('input'))");
  is("in a word of the book the number in front is 1", await run("[...document.querySelectorAll('#letter-table tbody tr')].every(tr => tr.cells[3].innerText === '+1.00')"), true);
  await change("kl", "7");
  is("another set-up begins anew", await text("written"), /^0 updates/);

  await open("#at=pong");
  await until("pong && document.querySelectorAll('#pong-scene path').length > 4");
  await click("pong-play");
  await until("plays");
  await run(() => { // a paddle that is held at the bottom
    const box = document.getElementById("pong-scene").getBoundingClientRect();
    document.getElementById("pong-scene").dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 9, clientY: box.bottom - 2 }));
  });
  await until("pong.pong_row() === 152 || pong.pong_won() > 0");
  await key("ArrowUp", "down");
  await until("pong.pong_row() < 40");
  await key("ArrowUp", "up");
  await click("pong-play");
  is("Pong pauses", await text("pong-play"), "Play");
  is("and says how it stands", await text("pong-says"), /^left \d+ : \d+ network$/);
  await click("pong-train");
  await until("points.length > 9");
  await click("pong-train");
  is("a new network begins by losing", await text("pong-trained"), /^From random weights: [\d,]+ points, [\d,]+ decisions; of the last 128 points it won [1-3]?\d %/);
  await click("pong-back");
  is("the trained one can be brought back", await run("[points.length, document.getElementById('pong-trained').innerText].join()"), "0,");
  await click("pong-train");
  await until("points.length > 9");
  await click("pong-train");
  is("its curve is drawn", await run("document.querySelector('#pong-curve path.mean').getBoundingClientRect().width"), n => n > 5);
}

async function keysAndTime() {
  await open("");
  await key("1");
  is("a key chooses the speed", await value("speed"), "steps");
  for (const [digit, speed] of [["4", "full"], ["3", "updates"], ["2", "episodes"], ["1", "steps"]]) { await key(digit); is(`${digit} chooses ${speed}`, await value("speed"), speed); }
  await key(" ");
  await until("t > 2");
  const said = await run(() => new Promise(done => {
    let times = 0;
    new MutationObserver(() => ++times).observe(document.getElementById("status"), { childList: true });
    setTimeout(() => done(times), 2500);
  }));
  is("a screen reader hears it once a second", said, n => n >= 1 && n <= 3);
  await key(" ");
  is("the space bar pauses", await text("play"), "Play");
  await key("r");
  await key("ArrowRight");
  is("r restarts, an arrow steps", await run("[last.updates, t].join()"), "0,1");
  await click("live");
  await key("ArrowRight", "down");
  await until("!pushed");
  await key("ArrowRight", "up");
  is("an episode can be pushed over by hand", await text("live-says"), /over after \d+ steps, [1-9]\d* of them yours/);
  is("and the training knows nothing of it", await run("last.updates"), 0);
  await click("live");
  await run(() => {
    const scene = document.getElementById("scene"), { left, width, top } = scene.getBoundingClientRect();
    scene.dispatchEvent(new PointerEvent("pointerdown", { buttons: 1, clientX: left + 0.9 * width, clientY: top + 5 }));
  });
  is("a pointer on the right pushes to the right", await run("pushed.way"), 1);
  await until("!pushed");
  is("until the episode is over", await text("live-says"), /over after \d+ steps, [1-9]\d* of them yours/);
  await open("#play=1&speed=steps");
  is("a link may begin to play", await text("play"), "Pause");
  const calm = await chromium.tab({ calm: true }, complaints);
  await open("#play=1", calm);
  is("nothing moves by itself where motion is to be reduced", await calm.run("document.getElementById('play').innerText"), "Play");
  await calm.close();
}

/** Every link of a chapter to the page: it asks for what there is, and all that its sentence says of the page is to be seen there. */
async function chapterLinks() {
  const sentences = [];
  for (const name of readdirSync("docs").filter(name => name.endsWith(".md")))
    for (const paragraph of readFileSync(join("docs", name), "utf8").split(/\n\s*\n|\n(?=[|>-])/))
      for (const piece of paragraph.split(/(?=\[[^\]]*\]\(playground\/README\.md#)/).filter(p => p.startsWith("[") && p.includes("](playground/README.md#")))
        sentences.push({ name, hash: piece.match(/\(playground\/README\.md(#[^)]*)\)/)[1], words: piece.replace(/\]\([^)]*\)/g, "").replace(/\s+/g, " ") });
  is("the chapters link to the page", new Set(sentences.map(s => s.name)).size, n => n >= 8);
  for (const { name, hash, words } of sentences) {
    await go(hash);
    const keys = [...new URLSearchParams(hash.slice(1))], where = `${name}, ${hash}`;
    for (const [key, wanted] of keys) {
      if (key === "at" || key === "hide") is(`${where}: the panels of ${key}`, await run(ids => ids.split(",").every(id => document.querySelector(`section#${id}`)), wanted), true);
      else if (key === "updates") is(`${where}: updates`, await run("last.updates"), Number(wanted));
      else if (key === "step") is(`${where}: step`, await run("t + 1"), Number(wanted));
      else if (key !== "play") is(`${where}: ${key}`, await value(key), wanted);
    }
    // The text names the mistake, and its numbers stand on the page.
    await run("document.getElementById('rows').open = true");
    await until("document.getElementById('rows').innerText.length > 30");
    const seen = await run(() => document.querySelector("main").innerText + " " + [...document.querySelectorAll("input, select")].map(e => e.value).join(" "));
    if (keys.some(([key]) => key === "mistake")) { const m = await run("mistake().title"); is(`${where}: the sentence names its mistake, ${m}`, words.toLowerCase().includes(m.toLowerCase()), true); }
    for (const number of words.match(/[−+]?\d[\d,]*(\.\d+)?/g) ?? [])
      is(`${where}: ${number} is to be seen`, new RegExp(`(^|[^\\d.,])${number.replace(/[+.]/g, "\\$&")}($|[^\\d])`).test(seen), true);
  }
}

async function fitsAndIsAccessible() {
  const axe = [process.env.AXE ?? "", join(site, "../web/node_modules/axe-core/axe.min.js")].find(existsSync);
  if (!axe) { ++skipped; console.log("skipped: axe-core is not there; npm install --prefix build/web axe-core brings it"); }
  const judged = { "playground.html": [390, 1200], "index.html": [390], "00-the-question.html": [390] };
  const narrow = await chromium.tab({ width: 390, height: 844, dark: true }, complaints);
  for (const page of readdirSync(site).filter(name => name.endsWith(".html"))) {
    await narrow.open(here + page + (page === "playground.html" ? "#mistake=sign-flipped&updates=3" : ""));
    if (page === "playground.html") await narrow.until("document.documentElement.dataset.ready");
    for (const [width, height] of [[390, 844], [1200, 900]]) {
      await narrow.resize(width, height);
      is(`${page} is not wider than ${width}`, await narrow.run("document.documentElement.scrollWidth"), n => n <= width);
      if (!axe || !judged[page]?.includes(width)) continue;
      await narrow.run(readFileSync(axe, "utf8") + "; 0");
      const found = await narrow.run(`axe.run({ preload: false, resultTypes: ["violations"] }).then(r => r.violations.filter(v => /serious|critical/.test(v.impact))
        .map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target).join(" and ")).join("; "))`);
      is(`axe finds nothing serious on ${page} at ${width}`, found, "");
    }
    await narrow.resize(390, 844);
  }
  await open("#updates=3", narrow);
  is("on a phone the cart and the injected row stand in the first screen", await narrow.run(() => {
    const box = selector => document.querySelector(selector).getBoundingClientRect();
    return box("#scene").top > 0 && box("#numbers tbody tr:last-child").bottom < box(".bar").top;
  }), true);
  await narrow.close();
}

async function searches() {
  await tab.open(here + "09-cartpole.html");
  await key("/");
  is("a slash goes to the search", await run("document.activeElement.id"), "search");
  await run("document.activeElement.value = 'leave-one-out baseline'; document.activeElement.dispatchEvent(new Event('input'))");
  await until("document.querySelectorAll('#found a').length > 2");
  is("the search finds the section", await run("[...document.querySelectorAll('#found a')].map(a => a.getAttribute('href')).join()"), /08-baselines-and-entropy\.html#/);
  is("a page has its sections", await run("document.querySelectorAll('.toc a').length"), n => n > 5);
}

async function takePictures() {
  mkdirSync(pictures, { recursive: true });
  for (const [name, hash, look, then] of [["1200", "#updates=4", {}], ["1200-dark", "#updates=4&step=20", { dark: true }], ["390", "#updates=4&step=12", { width: 390, height: 844 }],
    ["390-dark", "#updates=4&step=12&mistake=softmax-twice", { width: 390, height: 844, dark: true }], ["mistake", "#mistake=sign-flipped&updates=3&step=4", {}],
    ["ten-seeds", "#updates=6&at=training", {}, "tenSeeds()"], ["diagnose", "#mistake=sign-flipped&updates=3&at=diagnose", {}, "document.getElementById('mine').click()"],
    ["pendulum", "#environment=Pendulum-v1&updates=3&step=20", {}], ["hand", "#at=hand&actions=3&z1=1&G=-3", {}]]) {
    const page = await chromium.tab(look, complaints);
    await open(hash, page);
    if (then) { await page.run(then); await page.run("new Promise(done => setTimeout(done, 400))"); }
    writeFileSync(join(pictures, name + ".png"), await page.picture());
    if (!hash.includes("at=")) writeFileSync(join(pictures, name + "-all.png"), await page.picture(true));
    await page.close();
  }
}

try {
  for (const check of pictures ? [takePictures] : [startsAndLinks, sameBits, mistakesHurt, diagnoses, shows, writesAndPlays, keysAndTime, chapterLinks, searches, fitsAndIsAccessible])
    await check().catch(error => is(check.name, error.message, "no error"));
  is("nothing was written to the console as an error, nothing asked of the network", [...new Set(complaints)].join("; "), "");
} finally { await chromium.close(); }
console.log(`web: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed ? 1 : 0;
