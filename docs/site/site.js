"use strict";
// What every page of the site has: a search, a list of its sections, and a fade where something scrolls sideways.
// Nothing here needs a server: the index of the search is a script, site.sh writes it, and it is loaded when first asked for.

const root = document.currentScript.dataset.root;

// The list of sections is folded where the screen is narrow.
const toc = document.querySelector(".toc");
if (toc) toc.open = matchMedia("(min-width: 52rem)").matches;

// ---- Sideways scrolling. style.css fades the edge behind which there is more; the keyboard scrolls what it can focus.
const scrolling = "pre, .table, .figure, .katex-display";
const seen = new ResizeObserver(entries => entries.forEach(entry => fade(entry.target.closest(scrolling))));
function fade(box) {
  const more = box.scrollWidth - box.clientWidth;
  box.classList.toggle("more-left", box.scrollLeft > 2);
  box.classList.toggle("more-right", box.scrollLeft < more - 2);
  if (more > 2) box.tabIndex = 0; else box.removeAttribute("tabindex");
}
function watchScrolling() {
  for (const box of document.querySelectorAll(scrolling)) {
    for (const part of [box, ...box.children]) seen.observe(part); // of which one grows when it is filled
    box.addEventListener("scroll", () => fade(box), { passive: true });
  }
}
addEventListener("load", watchScrolling); // after KaTeX

// ---- Search: a section is found when every word stands in it or in its titles.
const field = document.getElementById("search"), found = document.getElementById("found");
field.hidden = false;
const escaped = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const literally = word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

let sections; // of the index, with their text in lower case for comparing
function loadIndex() {
  if (sections) return;
  sections = [];
  const script = document.createElement("script");
  script.src = root + "search-index.js"; // onehotIndex = [[page, title, id, section, text], ...]
  script.onload = () => { sections = onehotIndex.map(row => ({ row, titles: (row[1] + " " + row[3]).toLowerCase(), text: row[4].toLowerCase() })); search(); };
  document.head.append(script);
}

/** How well a section fits: 0 when a word is missing; a title counts more than text, the beginning of a word more than its middle. */
function score(section, words) {
  let sum = 0;
  for (const word of words) {
    const begins = new RegExp("(^|[^\\p{L}\\p{N}])" + literally(word), "u");
    const here = begins.test(section.titles) ? 20 : section.titles.includes(word) ? 8 : 0;
    const times = section.text.split(word).length - 1;
    if (!here && !times) return 0;
    sum += here + Math.min(times, 5) * (begins.test(section.text) ? 1 : 0.3);
  }
  return sum;
}

/** Some words around the first hit, with every hit marked. */
function context(text, words) {
  const first = words.map(word => text.toLowerCase().indexOf(word)).filter(at => at >= 0);
  const from = Math.max(0, Math.min(...first.length ? first : [0]) - 40), start = from && text.indexOf(" ", from) + 1;
  const piece = (start ? "… " : "") + text.slice(start, start + 130) + (text.length > start + 130 ? " …" : "");
  return escaped(piece).replace(new RegExp(words.map(word => literally(escaped(word))).join("|"), "giu"), "<mark>$&</mark>");
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.hidden = !words.length;
  if (!words.length) return;
  const best = sections.map(section => [score(section, words), section.row]).filter(hit => hit[0]).sort((a, b) => b[0] - a[0]);
  found.innerHTML = best.slice(0, 12).map(([, [page, title, id, section, text]]) =>
    `<li><a href="${root}${page}${id && "#" + id}"><b>${escaped(title)}</b>${section && " › " + escaped(section)}<span>${context(text, words)}</span></a>`).join("") +
    `<li role="status">${best.length ? best.length + (best.length === 1 ? " section" : " sections") : "Nothing found. Fewer words, or the beginning of one, find more."}`;
}

field.addEventListener("focus", loadIndex);
field.addEventListener("input", search);
document.addEventListener("keydown", event => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    field.focus();
    field.select();
    return;
  }
  if (!event.target.closest("search")) return;
  if (event.key === "Escape") { found.hidden = true; field.focus(); return; }
  const links = [field, ...found.querySelectorAll("a")], at = links.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); links[Math.max(0, Math.min(links.length - 1, at + step))].focus(); }
  if (event.key === "Enter" && at === 0 && links[1]) links[1].click();
});
// Elsewhere a click closes what hangs down from the top.
document.addEventListener("click", event => {
  if (!event.target.closest("search")) found.hidden = true;
  for (const open of document.querySelectorAll("nav details[open]")) if (!open.contains(event.target)) open.open = false;
});
