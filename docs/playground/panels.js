"use strict";
// The last panels of the page "Try it": words (7) and Pong (8). Each has an instance of the module of its own, made when the panel
// comes into view.

/** Calls work(seconds) before every picture, until it says false; what it throws is shown. */
function animate(work) {
  let before = performance.now();
  const frame = now => {
    const seconds = Math.min(0.1, (now - before) / 1000);
    before = now;
    try { if (work(seconds, now)) requestAnimationFrame(frame); } catch (error) { complain(error); }
  };
  requestAnimationFrame(frame);
}
const whenSeen = (id, work) => new IntersectionObserver((seen, observer) => {
  if (seen.some(s => s.isIntersecting)) { observer.disconnect(); load("train").then(work).catch(complain); }
}).observe($(id));
/** The curve of a run; the dotted line is at `threshold`. */
function curveOf(id, learner, run, threshold) {
  learner.curve_line(0);
  for (const { episodes, mean } of run) learner.curve_point(episodes, mean);
  show(id, learner.text(learner.curve_picture(Math.max(280, $(id).clientWidth), threshold, 0)));
}

// ---- 7. Letters are actions
const TOKENS = ["reward", "advantage", "length-normalisation", "kl", "pretraining-epochs"];
let writer, writes = false, written = [];
function beginWords() {
  const language = instance(train);
  writing(false);
  try { language.start(language.put(["environment=Words", ...["seed", ...TOKENS].map(id => `${id}=${value(id)}`)].join("&"))); } catch (error) { return complain(error); }
  writer = language;
  written = [];
  drawWords();
  show("wrote", $("writing").textContent);
}
function writing(on) { writes = on; show("write", on ? "Pause" : "Post-train"); }
function drawWords() {
  const now = JSON.parse(writer.text(writer.letters_written()));
  say("written", { ...now, updates: written.length, right: (100 * now.reward).toFixed(0) });
  show("writing", now.words);
  curveOf("reward-curve", writer, written, 0.9);
  drawLetters();
}
function drawLetters() {
  $("word").max = writer.letters_play();
  show("letter-table", writer.text(writer[value("source")](value("word") - 1)));
}
function write() {
  let drawn = 0;
  writing(!writes);
  animate((_, now) => {
    if (!writes) return false;
    for (const end = performance.now() + 10; performance.now() < end && writes;) {
      written.push(learn(writer));
      if (written.at(-1).timesteps >= written.at(-1).total) writing(false); // the program stops here too
    }
    if (now > drawn + 200 || !writes) { drawn = now; drawWords(); }
    return writes;
  });
}

// ---- 8. Pong: the policy against its opponent, or against a person, 60 frames a second
let pong, points = [], plays = false, trains = false, hand_at = NaN;
function newPong() {
  pong = instance(train);
  pong.start(pong.put("environment=Pong&seed=" + value("seed")));
  points = [];
  newGame();
}
const newGame = () => { pong.pong_begin(); drawPong(); };
function drawPong() {
  show("pong-scene", pong.text(pong.pong_scene()));
  say("pong-says", { won: pong.pong_won(), lost: pong.pong_lost() });
}
function playPong(on) { plays = on; show("pong-play", on ? "Pause" : "Play"); }
function trainPong(on) { trains = on; show("pong-train", on ? "Stop training" : points.length ? "Train on" : "Train a new one"); }
const pongIsOver = () => Math.max(pong.pong_won(), pong.pong_lost()) >= 21;
function goOn() {
  let owed = 0;
  animate(seconds => {
    if (trains) {
      points.push(learn(pong));
      const last = points.at(-1);
      say("pong-trained", { ...last, episodes: count(last.episodes), timesteps: count(last.timesteps), share: (50 + 50 * last.mean).toFixed(0) });
      if (points.length % 8 === 1) curveOf("pong-curve", pong, points, 0);
    }
    for (owed += plays ? 60 * seconds : 0; owed >= 1 && plays; --owed) {
      pong.pong_frame(hand_at);
      if (pongIsOver()) playPong(false);
    }
    drawPong();
    if (pongIsOver()) say("pong-says", { won: pong.pong_won(), lost: pong.pong_lost(), who: pong.pong_won() === 21 ? "The network has" : isNaN(hand_at) ? "The game's own paddle has" : "You have" }, "over");
    return plays || trains;
  });
}
async function readyToPlay() {
  if (!pong) { await load("train"); newPong(); }
  if (!points.length) { // the network that was trained before: the numbers behind the header of a safetensors file
    const file = await script("pong"), header = Number(new DataView(file.buffer).getBigUint64(0, true));
    pong.pong_policy(pong.put(file.subarray(8 + header)));
  }
  if (pongIsOver()) newGame();
}

// ---- What the controls do
$("write").onclick = () => { if (writer) write(); };
for (const id of TOKENS) $(id).addEventListener("change", () => { choose(id, value(id)); beginWords(); });
for (const id of ["word", "source"]) $(id).addEventListener("input", () => { if (writer) drawLetters(); });
$("pong-play").onclick = () => readyToPlay().then(() => { const moving = plays || trains; playPong(!plays); if (!moving) goOn(); }).catch(complain);
/** With a network of its own, or with the trained one again. */
function ownNetwork(own) {
  newPong();
  $("pong-back").hidden = !own;
  $("pong-curve").toggleAttribute("hidden", !own);
  if (!own) show("pong-trained", "");
}
$("pong-train").onclick = () => load("train").then(() => {
  const moving = plays || trains;
  if (!points.length) ownNetwork(true);
  trainPong(!trains);
  if (!moving) goOn();
}).catch(complain);
$("pong-back").onclick = () => { playPong(false); ownNetwork(false); trainPong(false); };
$("pong-scene").addEventListener("pointermove", ({ clientX, clientY, currentTarget: { firstElementChild: field } }) => {
  hand_at = new DOMPoint(clientX, clientY).matrixTransform(field.getScreenCTM().inverse()).y - 3; // a wall is 3 pixels
});
const rows = { ArrowUp: -1000, ArrowDown: 1000 };
addEventListener("keydown", event => {
  if (!plays || !rows[event.key] || event.target.closest("input, select, textarea")) return;
  hand_at = rows[event.key];
  event.preventDefault();
});
addEventListener("keyup", ({ key }) => { if (plays && rows[key]) hand_at = pong.pong_row(); });
addEventListener("hashchange", () => { if (writer) beginWords(); });
whenSeen("letters", beginWords);
whenSeen("pong", () => { if (!pong) newPong(); });

// The bar at the bottom of a phone belongs to the panels 1 to 4, and stands aside where none of them is in view.
const inView = new Set();
const watcher = new IntersectionObserver(seen => {
  for (const { target, isIntersecting } of seen) inView[isIntersecting ? "add" : "delete"](target);
  document.querySelector(".bar").classList.toggle("aside", inView.size === 0);
});
for (const id of ["setup", "world", "step", "training"]) watcher.observe($(id));
