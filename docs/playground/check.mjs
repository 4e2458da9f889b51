// Checks the modules of the page against the native programs: node docs/playground/check.mjs BUILD [--quick]
//
// The same bits from every world; every mistake hurts as its table says; the diagnoser names it, and acquits the right
// program; every report is that of `make diagnose`, byte for byte; every link leads to a heading. --quick leaves out the
// 10 seeds of each mistake. Ends with "web: N passed, N failed, N skipped".
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, instance } from "./modules.mjs";

const build = process.argv[2] ?? "build", quick = process.argv.includes("--quick");
const trains = compile(`${build}/web/train.wasm`), diagnoses = compile(`${build}/web/diagnose.wasm`);
const folder = mkdtempSync(join(tmpdir(), "onehot-web-"));
let passed = 0, failed = 0, skipped = 0;

function check(claim, got, expected) {
  if (got === expected) return ++passed;
  ++failed;
  console.log(`FAILED: ${claim}\n  expected ${expected}\n  got      ${got}`);
}
const sha256 = bytes => createHash("sha256").update(bytes).digest("hex");

// ------------------------------------------------------------------------------------------------ training

function started(setup) {
  const w = instance(trains);
  w.start(w.put(setup)[0]);
  return w;
}
const report = w => {
  const [updates, timesteps, episodes, mean_return, entropy, gradient_norm, threshold, total_timesteps] = w.doubles(w.numbers(), 8);
  return { updates, timesteps, episodes, mean_return, entropy, gradient_norm, threshold, total_timesteps };
};
/// As rl/training/train.cpp does: the mean return that a last evaluation gave, and whether it solved.
function trained(setup) {
  const w = started(setup);
  for (;;) {
    w.update();
    const r = report(w);
    if (!r.timesteps) throw new Error(`${setup}: an update without a timestep`);
    const good = r.mean_return >= r.threshold, mean = good ? w.evaluate() : NaN;
    if (good && mean >= r.threshold) return { w, mean, solved: true, ...r };
    if (r.timesteps >= r.total_timesteps) return { w, mean: w.evaluate(1), solved: false, ...r };
  }
}
const weights_of = w => {
  const count = w.parameters();
  return sha256(w.bytes(w.parameters_at(), 4 * count));
};
function native_weights(program, options) {
  execFileSync(`${build}/bin/${program}`, [...options, "--output", folder, "--quiet"], { stdio: "pipe" });
  const file = readFileSync(join(folder, "policy.safetensors"));
  return sha256(file.subarray(8 + Number(file.readBigUInt64LE(0))));
}

const worlds = JSON.parse((w => w.told(w.environments()))(instance(trains)));
const solved = trained("environment=CartPole-v1&seed=0");
check("CartPole-v1, seed 0, until it is solved: the native program's weights", weights_of(solved.w), native_weights("run_cartpole", []));
for (const world of worlds) {
  const name = world.id.replace(/-v\d/, "").replace(/[A-Z]/g, (c, at) => (at ? "_" : "") + c.toLowerCase()).replace("cart_pole", "cartpole");
  const run = trained(`environment=${world.id}&seed=3&total-timesteps=4000`);
  check(`${world.id}, 4,000 timesteps: the native program's weights`, weights_of(run.w),
        native_weights(`run_${name}`, ["--seed", "3", "--total-timesteps", "4000", "--episodes", "1"]));
  check(`${world.id}: settings() says all there is to say`, trained(run.w.told(run.w.settings())).timesteps, run.timesteps);
}
for (const options of [["--algorithm", "ppo"], ["--algorithm", "actor-critic"], ["--baseline", "running-mean", "--gamma", "0.9"],
                       ["--optimizer", "sgd", "--learning-rate", "0.0005", "--hidden", "8,8"]]) {
  const setup = options.map((word, i) => (i % 2 ? "=" + word : "&" + word.slice(2))).join("");
  check(`CartPole-v1 with ${options.join(" ")}: the native program's weights`, weights_of(trained("total-timesteps=20000" + setup).w),
        native_weights("run_cartpole", ["--total-timesteps", "20000", "--episodes", "1", ...options]));
}

// The panels of words and Pong: the weights of their programs, too.
for (const [setup, program] of [["environment=Words&reward=palindrome&kl=0.1", "run_words"], ["environment=Pong", "run_pong"]]) {
  const options = setup.split("&").slice(1).map(word => "--" + word);
  check(`${setup}, 6,000 timesteps: the native program's weights`, weights_of(trained(`${setup}&total-timesteps=6000`).w),
        native_weights(program, [...options, "--total-timesteps", "6000", "--episodes", "1"]));
}
/// What is injected at a letter is (one_hot - p) times the coefficient, and that is 1 for a word of the book.
{
  const w = started("environment=Words&pretraining-epochs=2"), number = text => Number(text.replace("−", "-"));
  const rows = html => [...html.matchAll(/<b>(\w+)<\/b><td>([\d.]+)<td>([−+\d.]+)<td><i[^>]*><\/i>([−+\d.]+)/g)].map(([, letter, ...n]) => [letter, ...n.map(number)]);
  const book = rows(w.told(w.letters_of_book(0))), before = JSON.parse(w.told(w.letters_written()));
  check("a word of the book has a row for every letter and for its end, each with 1 in front", book.length > 2 && book.at(-1)[0] === "end" && book.every(([, , one]) => one === 1), true);
  w.letters_play();
  for (const [letter, p, coefficient, injected] of [...book, ...rows(w.told(w.letters_word(0)))])
    check(`${letter}: (1 - ${p}) ${coefficient} is injected`, Math.abs((1 - p) * coefficient - injected) < 0.01, true);
  check("the words of an update are those of 8 groups", w.letters_play(), 64);
  for (let i = 0; i < 150; ++i) w.update();
  const after = JSON.parse(w.told(w.letters_written()));
  check(`post-training earns its reward, ${before.reward} before and ${after.reward} after`, before.reward < 0.4 && after.reward > 0.8, true);
  let said = "nothing";
  try { const cartpole = started(""); cartpole.letters_play(); } catch (error) { said = error.message; }
  check("CartPole writes nothing", said, "letters: expected environment=Words, got CartPole-v1");
}
/// The policy that a reader plays against beats the game's own paddle, and an empty hand.
{
  const file = readFileSync(`${build}/web/pong/policy.safetensors`), numbers = file.subarray(8 + Number(file.readBigUInt64LE(0)));
  const w = started("environment=Pong&seed=5");
  w.pong_policy(w.put(numbers)[0]);
  check("the policy of Pong arrives as it was trained", weights_of(w), sha256(numbers));
  for (const [who, row] of [["the game's own paddle", NaN], ["a paddle that stays at the top", 0]]) {
    w.pong_begin();
    let frames = 0;
    while (Math.max(w.pong_won(), w.pong_lost()) < 21 && ++frames < 60000) w.pong_frame(row);
    check(`it beats ${who}, ${w.pong_won()} : ${w.pong_lost()}`, w.pong_won(), 21);
  }
  let said = "nothing";
  try { w.pong_policy(w.put(numbers.subarray(4))[0]); } catch (error) { said = error.message; }
  check("half a policy is refused", said, "pong_policy: expected the numbers of a policy, got fewer");
}

/// What is shown is what is injected: the sum of its vectors is the gradient of the last layer's bias.
for (const setup of ["seed=1", "seed=1&baseline=none&mistake=softmax-twice"]) {
  const w = started(setup), bias = [0, 0];
  let norm = 0;
  w.show(0);
  const [names, ...rows] = w.told(w.csv()).trim().split("\n").filter(line => !line.startsWith("#")).map(line => line.split(","));
  for (const row of rows) for (const a of [0, 1]) bias[a] += row[names.indexOf("d" + a)] / 8;
  w.update();
  norm = report(w).gradient_norm;
  check(`${setup}: the episodes shown have a gradient, no larger than that of the whole network`, Math.hypot(...bias) > 0 && Math.hypot(...bias) <= norm, true);
}

/// A person in the policy's place: pushed to the right all the time, the pole falls to the left within 20 steps.
{
  const w = started("seed=1");
  w.live();
  let steps = 1;
  while (w.live_step(1, 1)) ++steps;
  const [, foot, tip] = w.told(w.scene(0)).match(/class="limb"[^>]* d="M([\d.]+) [\d.]+L([\d.]+)/).map(Number);
  check("a live episode goes where it is pushed", steps < 20 && foot > 2.4 && tip < foot - 0.1, true);
  let said = "nothing";
  try { w.live_step(0, 0); } catch (error) { said = error.message; }
  check("a live episode that is over takes no step", said, "live_step: the episode is over");
}

/// One step by hand, of chapter 0: what each candidate injects at z = (0.3, -0.2), action 0, G = 2.
{
  const w = instance(trains), names = JSON.parse(w.told(w.mistakes())).map(m => m.name);
  const p = 1 / (1 + Math.exp(-0.5)), near = (a, b) => Math.abs(a - b) < 1e-6;
  for (const [name, d] of Object.entries({ none: [2 * (1 - p), -2 * (1 - p)], "sign-flipped": [-2 * (1 - p), 2 * (1 - p)], "value-instead-of-gradient": [2 * Math.log(p), 0],
                                           "taken-output-only": [2 * (1 - p), 0], "one-hot-without-probs": [2, 0], "probabilities-injected": [2 * p, 2 * (1 - p)] })) {
    const n = w.doubles(w.one_step(names.indexOf(name), 2, 0.3, -0.2, 0, 0, 2, 0.1), 10), after = 1 / (1 + Math.exp(-0.5 - 0.1 * (d[0] - d[1])));
    check(`one step by hand: ${name}`, near(n[0], p) && near(n[2], d[0]) && near(n[3], d[1]) && near(n[6], after) && near(n[8], 2 * (1 - p)), true);
  }
}

/// One refusal is one line, with who, expected and got.
for (const [setup, message] of [["gamma=7", "--gamma: expected a number from 0 to 1, got '7'"], ["speed=4", "set-up: there is no option 'speed'"],
                                ["environment=Pendulum-v1&mistake=softmax-twice", "mistake softmax-twice: expected an environment with a finite set of actions, got Pendulum-v1"],
                                ["environment=Pendulum-v1&mistake=return-forgotten", "mistake return-forgotten: expected algorithm=reinforce without a critic, got ppo with baseline value"]]) {
  let said = "nothing";
  try { started(setup); } catch (error) { said = error.message; }
  check(`start refuses ${setup}`, said, message);
}

// ------------------------------------------------------------------------------------------------ diagnosing

function diagnosis(files, net) {
  const d = instance(diagnoses);
  for (const [name, text] of files) d.add_file(...d.put(name, text));
  return d.told(net ? d.diagnose_net(d.put(net)[0]) : d.diagnose());
}
const native_report = path => execFileSync(`${build}/bin/diagnose`, [path], { encoding: "utf8" }).replace(/^.*\n/, "");

const examples = ["tests/rl/diagnose", "tests/museum"].flatMap(of => readdirSync(of).map(name => join(of, name)))
  .filter(path => path.endsWith(".csv") || statSync(path).isDirectory());
for (const path of examples)
  check(`${path}: the report of make diagnose`,
        statSync(path).isDirectory() ? diagnosis(readdirSync(path).map(name => [name, readFileSync(join(path, name))]), path)
                                     : diagnosis([[path, readFileSync(path)]]),
        native_report(path));

const mistakes = JSON.parse((w => w.told(w.mistakes()))(instance(trains)));
const verdict = text => text.trimEnd().split("\n").at(-1).replace("verdict: ", "");
for (const mistake of mistakes) {
  if (!mistake.shown) continue;
  for (const updates of [0, 1]) {
    const setup = `${mistake.shown}&mistake=${mistake.name}&seed=2`, w = started(setup);
    for (let i = 0; i < updates; ++i) w.update();
    w.show(0);
    const said = verdict(diagnosis([["the episodes above", w.told(w.csv())]]));
    const named = said.split(/ or |, and |, /);  // numbers alone do not tell some mistakes apart
    check(`${setup} after ${updates} updates: ${said}`, named.includes(mistake.name === "none" ? "correct" : mistake.name), true);
  }
}
for (const setup of ["baseline=none", "baseline=running-mean", "returns=total&baseline=none", "algorithm=actor-critic", "environment=Pendulum-v1",
                     "environment=Pendulum-v1&algorithm=reinforce&baseline=leave-one-out", "environment=Corridor", "environment=Acrobot-v1&algorithm=reinforce&baseline=none"]) {
  const w = started(setup);
  for (let i = 0; i < 2; ++i) w.update();
  w.show(0);
  const said = verdict(diagnosis([["the episodes above", w.told(w.csv())]]));
  check(`a right program is acquitted: ${setup}`, /^(correct|the output is correct; the weights cannot be judged .*learned baseline.*)$/.test(said), true);
}

// ------------------------------------------------------------------------------------------------ words

/// The ids of a page's headings, as the site has them.
const ids = page => readFileSync(`docs/${page}.md`, "utf8").match(/^#+ .*/gm)
  .map(line => line.replace(/^#+ /, "").replace(/[`*$]/g, "").toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-"));
function check_link(of, link) {
  const [, page, id] = link.match(/^([^#]*)\.html(?:#(.*))?$/) ?? [];
  check(`${of} links ${link}`, existsSync(`docs/${page}.md`) && (!id || ids(page).includes(id)), true);
}
/// The numbers beside a mistake are those of the book's table.
const lines = readFileSync("docs/what-cartpole-hides.md", "utf8").split("\n");
for (const { name, adam, sgd } of mistakes.filter(m => m.adam && m.name !== "none")) {
  const mutant = name === "probabilities-injected" ? "return-times-probs" : name;
  const row = lines.find(line => line.includes(`/${mutant}.mutant)`))?.split("|").slice(-3, -1).map(cell => cell.replace("killed,", "").trim()).join(", ");
  check(`${name}: the numbers of the book's table`, `${adam}, ${sgd}`, row);
}
const catalogue = JSON.parse((d => d.told(d.catalogue()))(instance(diagnoses)));
for (const mistake of [...mistakes, ...catalogue]) check_link(mistake.name, mistake.read);
for (const mistake of catalogue) if (mistake.museum) check_link(mistake.name, mistake.museum);
check("the catalogue is that of diagnose --list", catalogue.map(m => `${m.name} ${m.sentence}`).join("\n"),
      execFileSync(`${build}/bin/diagnose`, ["--list"], { encoding: "utf8" }).trimEnd().replace(/^(\S+) +/gm, "$1 "));

/// Ten seeds, 100,000 timesteps each: "mean return (seeds that solve it)", by Adam and by plain SGD.
function ten_seeds(setup) {
  const runs = Array.from({ length: 10 }, (_, seed) => trained(`${setup}&seed=${seed}&total-timesteps=100000`));
  return `${(runs.reduce((sum, run) => sum + run.mean, 0) / 10).toFixed(0)} (${runs.filter(run => run.solved).length})`;
}
for (const mistake of mistakes.filter(m => m.policies.includes("categorical"))) {
  if (quick) { skipped += 2; continue; }
  check(`${mistake.name} on CartPole by Adam`, ten_seeds(`mistake=${mistake.name}`), mistake.adam);
  check(`${mistake.name} on CartPole by SGD`, ten_seeds(`mistake=${mistake.name}&optimizer=sgd&learning-rate=0.0005`), mistake.sgd);
}

rmSync(folder, { recursive: true });
console.log(`web: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed ? 1 : 0;
