"use strict";
// The page "Try it". It trains the C++ of this book in the browser (train.js), shows what is injected at every step, and has
// the diagnoser (diagnose.js) judge numbers. Nothing of the algorithm is here: what is shown of a step, the C++ draws. The parts
// stand in the order of the panels, the sentences in page.html; README.md beside this file lists what a link may say.

const $ = id => document.getElementById(id);
const signed = (x, digits = 3) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(digits);
const count = x => Math.round(x).toLocaleString("en");
const show = (id, html) => { $(id).innerHTML = html; };
/** The sentence that page.html has for an element, with values where it says {name}. */
const say = (id, values, which = "text") => show(id, $(id).dataset[which].replace(/{(\w+)}/g, (_, name) => values[name]));
const table = (heads, rows) => `<thead><tr><th>${heads.join("<th>")}<tbody>` + rows.map(([head, ...cells]) => `<tr><th scope="row">${head}<td>${cells.join("<td>")}`).join("");
const complain = error => { $("trouble").textContent = error.message; };

// ---- Modules. A page from a disk may load scripts only, so a module comes as text in one, when it is first used.
const scripts = {}, modules = {}, arrived = {};
globalThis.onehot_module = (name, base64) => {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = text.charCodeAt(i); // Uint8Array.from takes ten times as long
  arrived[name](bytes);
};
const script = name => scripts[name] ??= new Promise((done, failed) => {
  arrived[name] = done;
  const onerror = () => failed(new Error("This copy of the book was built without the compiled C++: make web adds it."));
  document.head.append(Object.assign(document.createElement("script"), { src: `playground/${name}.js`, onerror }));
});
const load = name => modules[name] ??= script(name).then(WebAssembly.compile);

/** A new instance of a module. What the C++ throws comes out as an Error, and the instance must not be used after that. */
function instance(module) {
  const bytes = (at, size) => new Uint8Array(wasm.memory.buffer, at, size);
  const text = (at, size = wasm.text_size()) => new TextDecoder().decode(bytes(at, size));
  const thrown = (at, size) => { throw new Error(text(at, size)); };
  const system = new Proxy({}, { get: () => () => 0 }); // never needed
  const wasm = new WebAssembly.Instance(module, { page: { thrown }, wasi_snapshot_preview1: system }).exports;
  wasm._initialize();
  return {
    ...wasm, text,
    put(what) { const put = what.buffer ? what : new TextEncoder().encode(what); bytes(wasm.room(put.length), put.length).set(put); return put.length; },
    doubles: (at, count) => new Float64Array(wasm.memory.buffer, at, count).slice(),
  };
}

// ---- The link. All that can be chosen is the value of a control; the part behind # names those that differ from the usual.
const SETUP = ["environment", "algorithm", "mistake", "baseline", "optimizer", "learning-rate", "gamma", "hidden", "seed"];
const VIEW = ["speed", "actions", "action", "z0", "z1", "z2", "G", "alpha", "reward", "advantage", "length-normalisation", "kl", "pretraining-epochs"];
const value = id => $(id).value, query = () => new URLSearchParams(location.hash.slice(1));
const usual = Object.fromEntries(VIEW.map(id => [id, value(id)])); // those of SETUP depend on the first two

/** Gives a control a value, within its bounds: a link may ask for anything. */
function choose(id, wanted) {
  const control = $(id), { min, max, options } = control, number = parseFloat(wanted);
  control.value = options ? wanted : number < min ? min : number > max ? max : number;
  if (!control.value || !control.checkValidity() || control.selectedOptions?.[0].disabled) control.value = usual[id];
}
/** Chooses the environment and the algorithm, and asks the C++ what is usual with them. */
function chooseWorld(environment, algorithm) {
  const asked = instance(train);
  const ask = words => { asked.start(asked.put(words)); return Object.fromEntries(new URLSearchParams(asked.text(asked.settings()))); };
  usual.environment = environments[0].id;
  choose("environment", environment);
  const name = "environment=" + value("environment"), { algorithm: first } = ask(name);
  usual.algorithm = first;
  choose("algorithm", algorithm);
  Object.assign(usual, ask(`${name}&algorithm=${value("algorithm")}`), { environment: usual.environment, algorithm: first });
  world = environments.find(e => e.id === value("environment"));
  mistakes.forEach((m, i) => { $("mistake").options[i].disabled = !m.policies.includes(world.policy); });
  $("baseline").disabled = critic();
}
function writeLink() {
  const link = new URLSearchParams([...SETUP, ...VIEW].map(id => [id, value(id)]).filter(([id, value]) => value !== usual[id]));
  if (last.updates) link.set("updates", last.updates);
  if (t) link.set("step", t + 1);
  if (query().has("hide")) link.set("hide", query().get("hide"));
  history.replaceState(null, "", "#" + link);
}
function readLink() {
  const link = query(), whole = (name, most) => Math.min(most, parseInt(link.get(name)) || 0);
  chooseWorld(link.get("environment"), link.get("algorithm"));
  for (const id of [...SETUP.slice(2), ...VIEW]) choose(id, link.get(id) ?? usual[id]);
  for (const panel of document.querySelectorAll("section")) panel.hidden = link.get("hide")?.split(",").includes(panel.id);
  restart(() => {
    for (let n = whole("updates", 2000); n > 0; --n) update();
    look();
    t = Math.max(0, whole("step", steps) - 1);
  });
  hand();
  $(link.get("at"))?.scrollIntoView();
  if (link.has("play") && !matchMedia("(prefers-reduced-motion: reduce)").matches) play(true);
}

// ---- Training. The episode that is shown is the first of the coming update, and t is its shown step.
let train, desk, environments, mistakes; // the module, an instance that trains nothing, and what there is to choose
let trainer, world, steps = 0, t = 0, last, curve = [], ghosts = [], runs = [];
const setup = () => SETUP.map(id => `${id}=${value(id)}`).join("&");
const mistake = () => mistakes[$("mistake").selectedIndex], critic = () => value("algorithm") !== "reinforce";

/** Does what may fail in the C++, where a learning rate ends in NaN, say. */
function attempt(work) {
  try { if (trainer) work(); } catch (error) { trainer = undefined; playing = false; complain(error); }
}
function restart(then) {
  play(false);
  if (curve.length > 1) ghosts = [{ curve, name: $("brief").textContent }, ...ghosts].slice(0, 2);
  curve = []; runs = []; t = 0; last = { updates: 0, timesteps: 0, episodes: 0 };
  show("trouble", ""); show("seeds", ""); say("live-says", {}, "before");
  show("brief", mistake().title + SETUP.filter(id => id !== "mistake").filter(id => id === "seed" || value(id) !== usual[id]).map(id => `, ${id} ${value(id)}`).join(""));
  trainer = instance(train);
  attempt(() => {
    trainer.start(trainer.put(setup()));
    then();
  });
  redraw();
}
/** One update of a learner, and what there is to say of it. */
function learn(learner) {
  const played = learner.update(), [updates, timesteps, episodes, mean, , , threshold, total] = learner.doubles(learner.numbers(), 8);
  return { updates, timesteps, episodes, mean, threshold, total, returns: [...learner.doubles(learner.returns(), played)] };
}
function update() { curve.push(last = learn(trainer)); }
function look() { steps = trainer.show(0); t = Math.min(t, steps - 1); }
function nextUpdate() { update(); look(); }
function nextStep() { if (t + 1 < steps) ++t; else { t = 0; nextUpdate(); } }

// ---- Time
let playing = false, before = 0, owed = 0, drawn = 0, spoken = 0, pushed;
function play(on) {
  if (pushed) { pushed = undefined; attempt(look); }
  if (on && !playing) begin();
  playing = on;
  show("play", on ? "Pause" : "Play");
}
function begin() { requestAnimationFrame(now => { before = now; owed = 0; frame(now); }); }
function frame(now) {
  const seconds = Math.min(0.1, (now - before) / 1000), speed = value("speed"), { total, timesteps } = last;
  before = now;
  if (pushed) return pushOn(seconds);
  if (!playing) return;
  attempt(() => {
    if (speed === "full") for (const end = performance.now() + 10; performance.now() < end;) update();
    else if (speed === "updates") nextUpdate();
    else for (owed += seconds * (speed === "steps" ? 4 : 150); owed >= 1; --owed) nextStep();
  });
  if (timesteps < total && last.timesteps >= total) play(false); // the program stops here too
  if (speed !== "full" || now > drawn + 100 || !playing) { drawn = now; if (speed === "full") attempt(look); redraw(); }
  if (playing) requestAnimationFrame(frame); else writeLink();
}
function redraw() {
  if (!trainer) return;
  drawSetup(); drawStep();
  $("u").value = $("u").max = curve.length;
  drawCurve();
  say("count", { ...last, timesteps: count(last.timesteps), mean: last.mean?.toFixed(1) ?? "—" }, last.timesteps >= last.total ? "end" : "text");
  if (playing && performance.now() < spoken + 1000) return; // a screen reader says it once a second
  show("status", $("count").textContent);
  spoken = performance.now();
}

// ---- 1. The set-up
const inBook = () => { // its table is of CartPole, with all else as usual; SGD takes small steps there
  const as = { ...usual, "learning-rate": value("optimizer") === "sgd" ? "0.0005" : usual["learning-rate"] };
  return ["environment", "algorithm", "baseline", "learning-rate", "gamma", "hidden"].every(id => value(id) === as[id]) && mistake()[value("optimizer")];
};
function drawSetup() {
  const m = mistake(), link = (at, name) => at ? `<a href="${at}">${name}</a>. ` : "";
  show("what", `${m.sentence} ${link(m.read, m.read_title ?? "Read on")}${link(m.museum, "Where it was published")}`);
  if (inBook()) say("book", m); else show("book", "");
}

// ---- 2. and 3. The world, and the step: the pictures and the table of the C++
const drawScene = () => show("scene", trainer.text(trainer.scene(t)));
function drawStep() {
  const { did, fits, most, table, wrong } = JSON.parse(trainer.text(trainer.step(t)));
  drawScene();
  show("strip", trainer.text(trainer.strip(t)));
  say("strip-says", { most, whose: $("mistake").selectedIndex ? "in a right program " : "", actions: world.actions.map((name, a) => `<b class="a${a}">${name}</b>`).join(" over ") });
  say("where", { update: last.updates + 1, step: t + 1, steps, did });
  $("t").max = steps;
  $("t").value = t + 1;
  show("numbers", table);
  say("words", { did, than: $("baseline").options[critic() ? 3 : $("baseline").selectedIndex].dataset.than }, fits);
  $("numbers").className = wrong ? "wrong" : "";
  $("words").className = wrong ? "note" : "";
  $("wrong").hidden = !mistake().in_a_step;
}
function nextWrong() {
  const next = trainer.next_wrong(t);
  if (next === steps) return say("words", {}, "none");
  t = next;
  redraw();
}

// ---- 4. The curve
function drawCurve() {
  const number = value("u"), at = curve[number - 1];
  const line = (kind, updates) => {
    desk.curve_line(kind);
    for (const { episodes, mean, returns } of updates) {
      desk.curve_point(episodes, mean);
      returns.forEach((r, k) => desk.curve_return(episodes - returns.length + k + 1, r));
    }
  };
  for (const run of runs) line(3, run);
  ghosts.forEach((ghost, i) => line(1 + i, ghost.curve));
  line(0, curve);
  show("curve", desk.text(desk.curve_picture(Math.max(280, $("curve").clientWidth), world.threshold, number)));
  if (at) say("value", { ...at, timesteps: count(at.timesteps), mean: at.mean.toFixed(1), returns: at.returns.map(count).join(", ") });
  show("ghosts", ghosts.map((g, i) => `<b>${["╌╌", "┈┈"][i]}</b> before: ${g.name}`).join(" "));
  if ($("rows").open) show("list", table(["update", "timesteps", "episodes", "mean return"],
    curve.slice(-500).map(u => [u.updates, count(u.timesteps), u.episodes, u.mean.toFixed(1)])));
}

/** A row of the book's table: ten seeds, each until it has solved the task, as the program decides it, or 100,000 timesteps. */
async function tenSeeds() {
  play(false);
  const mine = runs = [], solved = [];
  let sum = 0, pause = performance.now();
  for (let seed = 0; seed < 10; ++seed) {
    const learner = instance(train), run = [];
    runs.push(run);
    learner.start(learner.put(`${setup()}&seed=${seed}&total-timesteps=100000`));
    for (let mean; mean === undefined;) {
      const u = learn(learner), fresh = u.mean >= u.threshold ? learner.evaluate(0) : -Infinity;
      run.push(u);
      if (fresh >= u.threshold) { solved.push(u.timesteps); mean = fresh; }
      else if (u.timesteps >= u.total) mean = learner.evaluate(1); // episodes of their own, as the program has it
      sum += mean ?? 0;
      if (performance.now() < pause + 20) continue;
      await new Promise(requestAnimationFrame);
      if (runs !== mine) return; // another run has begun
      drawCurve();
      pause = performance.now();
    }
  }
  solved.sort((a, b) => a - b);
  const book = inBook(), n = solved.length, median = (solved[n >> 1] + solved[n - 1 >> 1]) / 2;
  const rows = [["this page, seeds 0 to 9", `${count(sum / 10)} (${n})`, median ? count(median) : "—"]];
  if (book) rows.push(['<a href="what-cartpole-hides.html#the-table">the book\'s table</a>', book, ""]);
  show("seeds", table(["", "mean return (seeds of ten that solve it)", "timesteps, median"], rows));
  drawCurve();
}

// ---- Pushing by hand: an episode of its own, for show. What the hand does not do, the policy does.
function live() {
  const on = !pushed;
  play(false);
  if (!on || !trainer) return redraw();
  trainer.live();
  pushed = { way: 0, steps: 0, by_hand: 0 };
  begin();
}
function pushOn(seconds) {
  let goes_on = 1;
  const { way, steps } = pushed, most = world.actions.length - 1;
  for (owed += way || steps ? seconds / world.seconds_per_step : 0; owed >= 1 && goes_on; --owed) { // it waits for the first push
    goes_on = trainer.live_step(way, most ? (way > 0 ? most : 0) : 2 * way);
    ++pushed.steps;
    pushed.by_hand += way !== 0;
  }
  drawScene();
  say("live-says", pushed, goes_on ? "text" : "over");
  if (goes_on) requestAnimationFrame(frame); else live();
}

// ---- 5. One step by hand
function hand() {
  const [K, action, z0, z1, z2, G, alpha] = VIEW.slice(1, 8).map(id => +value(id));
  for (const output of document.querySelectorAll("#hand output")) output.value = signed(+value(output.htmlFor), 2);
  $("third").hidden = $("action").options[2].hidden = K < 3;
  for (const { dataset, cells: [name, ...cells] } of $("candidates").tBodies[0].rows) {
    const row = desk.hand_row(desk.put(name.textContent), mistakes.findIndex(m => m.name === dataset.mistake), K, z0, z1, z2, action, G, alpha);
    desk.text(row).split(";").forEach((text, i) => { cells[i].textContent = text; });
  }
  show("arrows", desk.text(desk.hand_arrows(Math.max(280, $("arrows").clientWidth))));
}

// ---- 6. Diagnose. The files are one CSV, or the matrices of a net, each as [name, text].
async function judge(...files) {
  let report, catalogue = [];
  try {
    const judge = instance(await load("diagnose"));
    catalogue = JSON.parse(judge.text(judge.catalogue()));
    for (const [name, text] of files) { const size = judge.put(name); judge.add_file(size, judge.put(name + text) - size); }
    report = judge.text(files.length > 1 ? judge.diagnose_net(judge.put("your net")) : judge.diagnose());
  } catch (error) { report = error.message; }
  const lines = report.trim().split("\n"), verdict = lines.at(-1).startsWith("verdict: ") ? lines.pop().slice(9) : "This cannot be read";
  $("verdict").textContent = verdict;
  $("report").textContent = lines.join("\n").trim();
  show("read", catalogue.filter(m => verdict.match(/[a-z0-9-]+/g)?.includes(m.name)).map(m =>
    `${m.sentence} <a href="${m.read}">${m.read_title}</a>` + (m.museum && `, <a href="${m.museum}">where it was published</a>`)).join("<br>"));
}
const judgeText = text => { $("csv").value = text; judge(["your file", text]); };
async function take(files) {
  const texts = await Promise.all([...files].filter(f => /\.(csv|txt)$/.test(f.name)).map(async f => [f.name, await f.text()]));
  if (texts.length > 1) judge(...texts); else judgeText(texts[0]?.[1] ?? "");
}

// ---- What the controls do
function wire() {
  const on = (ids, events, work) => { for (const id of ids) for (const event of events.split(" ")) $(id).addEventListener(event, work); };
  const stopAnd = work => () => { play(false); attempt(work); redraw(); writeLink(); };
  const buttons = {
    play() { play(!playing); writeLink(); },
    next: stopAnd(() => value("speed") === "steps" ? nextStep() : nextUpdate()),
    restart: stopAnd(() => restart(look)),
    wrong: nextWrong,
    live,
    ten() { tenSeeds().catch(complain); },
    copy() { writeLink(); navigator.clipboard.writeText(location.href).then(() => show("copy", "Copied"), complain); },
    mine() { play(false); attempt(look); judgeText(trainer.text(trainer.csv())); },
    judge() { judgeText(value("csv")); },
  };
  for (const id in buttons) $(id).onclick = buttons[id];
  on(SETUP, "change", ({ target: { id, value } }) => {
    const changed = SETUP.indexOf(id);
    if (changed < 2) { chooseWorld($("environment").value, changed ? value : ""); for (const other of SETUP.slice(2)) choose(other, usual[other]); }
    else choose(id, value);
    restart(look);
    writeLink();
  });
  on(VIEW.slice(1, 8), "input", ({ target: { id, value } }) => { choose(id, value); hand(); });
  on([...VIEW, "t"], "change", writeLink);
  on(["t"], "input", () => { play(false); t = value("t") - 1; redraw(); });
  on(["u", "rows"], "input toggle", drawCurve);
  on(["curve"], "pointermove", ({ offsetX }) => { $("u").value = desk.curve_update_at(offsetX); drawCurve(); });
  on(["scene"], "pointerdown pointermove pointerup pointerleave", ({ buttons, offsetX }) => {
    if (pushed) pushed.way = buttons && Math.sign(offsetX - $("scene").clientWidth / 2);
  });
  for (const { dataset, text } of document.querySelectorAll("[data-example]")) $("example").add(new Option(dataset.example, text.trim()));
  on(["example"], "change", ({ target }) => judgeText(target.value));
  on(["file", "folder"], "change", ({ target }) => take(target.files));
  on(["diagnose"], "dragover drop", event => { event.preventDefault(); if (event.type === "drop") take(event.dataTransfer.files); });
  const ways = { ArrowLeft: -1, ArrowRight: 1 };
  onkeydown = event => {
    const { key, target } = event, speed = "1234".indexOf(key), button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea")) return;
    if (key === " " && target.closest("button, summary, a")) return; // it presses that one
    if (pushed && ways[key]) pushed.way = ways[key];
    else if (button) button.click();
    else if (speed >= 0) { $("speed").selectedIndex = speed; writeLink(); }
    else return;
    event.preventDefault();
  };
  onkeyup = ({ key }) => { if (pushed && ways[key]) pushed.way = 0; };
  onresize = () => { redraw(); hand(); };
  onhashchange = readLink;
}

// ---- Begin
if (innerWidth < 740) $("setup").firstElementChild.open = false;
load("train").then(module => {
  desk = instance(train = module);
  environments = JSON.parse(desk.text(desk.environments()));
  mistakes = JSON.parse(desk.text(desk.mistakes()));
  for (const { id } of environments) $("environment").add(new Option(id));
  for (const { name, title } of mistakes) $("mistake").add(new Option(title, name));
  wire();
  readLink();
  document.documentElement.dataset.ready = performance.now().toFixed(0); // ms since the page was asked for
}).catch(complain);
