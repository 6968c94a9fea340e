// The penalty lab: what the reader types, the sliders, the questions to Python and what comes back.
import { Python, Stopped } from "./python.js";
import { inLetters, letter, parameters, parse, plain, typeset } from "./formula.js";
import { draw } from "./pictures.js";
import { remedy } from "./remedies.js";

const $ = (id) => document.getElementById(`lab-${id}`);
const lab = document.getElementById("lab");
const EXAMPLES = JSON.parse(document.getElementById("lab-derived").textContent); // with their answers, from the build
const DEFAULT = 1;
const SAMPLES = { weights: "weight; slope\n2; -0.5\n0; 0.2\n0; -0.5", data: "age\tdose\tresponse\n31\t0.5\t2.1\n45\t1.0\t3.9\n52\t1.5\t6.2\n38\t2.0\t7.8" };
const PAUSE = 350; // milliseconds without a key, after which what is typed counts

let python;
let isReady = false;
let isAsking = false;
let waiting; // the question about the penalty that comes next; a later one takes its place
let turn = Promise.resolve(); // Python answers one question after the other
let pause;
let curves;

const numbers = new Map(); // the value of each slider that was ever shown, by the parameter's name

function say(text, state = "") {
  $("status").textContent = text;
  lab.dataset.state = state;
}

// ---- What is typed: the formula is set, sliders appear, the address changes.

const text = () => plain($("text").value);

function show() {
  $("problem").textContent = "";
  $("remedy").hidden = true;
  $("text").removeAttribute("aria-invalid");
  try {
    const typed = parse(text());
    $("shown").replaceChildren(math(typed, "rho(w)"));
    const names = parameters(typed, true);
    if (!names.includes("w")) throw new SyntaxError("a penalty is written in w, the weight");
    showSliders(names.filter((name) => name !== "w"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    refuse(error.message);
    $("verdict").textContent = "Once the line above is a penalty, its verdict stands here.";
    $("results").hidden = true;
  }
}

// Say what is wrong, and offer what may have been meant.
function refuse(message) {
  $("problem").textContent = inLetters(message);
  $("text").setAttribute("aria-invalid", "true");
  const better = remedy(text(), EXAMPLES);
  $("remedy").hidden = !better;
  if (better) Object.assign($("remedy"), { textContent: `Write ${better}`, value: better });
}

// The bounds that the assumptions set for a parameter; all parameters are positive.
function bounds(parameter) {
  let [low, high] = [0, Infinity];
  const number = "([0-9.]+(?:/[0-9]+)?)";
  const value = (text) => text.split("/").reduce((a, b) => a / b);
  for (const [, left, sign, right] of $("assumptions").value.matchAll(/([\w./]+)\s*([<>])\s*(?=([\w./]+))/g)) {
    for (const [name, bound, less] of [[left, right, sign === "<"], [right, left, sign === ">"]]) {
      if (name !== parameter || !new RegExp(`^${number}$`).test(bound)) continue;
      if (less) high = Math.min(high, value(bound));
      else low = Math.max(low, value(bound));
    }
  }
  return [low, high];
}

// A slider's position runs from 0 to 1000, its value over a bounded range evenly, else over four powers of ten.
function valueAt(position, [low, high]) {
  const share = Math.min(Math.max(position, 1), 999) / 1000;
  const value = high < Infinity ? low + share * (high - low) : low + Number((10 ** (4 * share - 2)).toPrecision(2));
  return Number(value.toPrecision(high < Infinity ? 3 : 6));
}

function placeOf(value, [low, high]) {
  const share = high < Infinity ? (value - low) / (high - low) : (Math.log10(value - low) + 2) / 4;
  return Math.round(1000 * Math.min(Math.max(share, 0.001), 0.999));
}

function showSliders(names) {
  const shown = [...$("sliders").children].map((each) => each.dataset.name);
  if (shown.join() !== names.join()) $("sliders").replaceChildren(...names.map(slider));
  for (const each of $("sliders").children) adjust(each);
}

function slider(name) {
  const box = document.createElement("div");
  box.dataset.name = name;
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1000, step: 1 });
  const output = document.createElement("output");
  input.id = `lab-slider-${name}`;
  label.htmlFor = output.htmlFor = input.id;
  label.append(letter(name), document.createElement("small"));
  input.addEventListener("input", () => {
    numbers.set(name, valueAt(+input.value, bounds(name)));
    output.textContent = input.ariaValueText = numbers.get(name);
    remember();
    ask({ symbols: false });
  });
  box.append(label, input, output);
  return box;
}

function adjust(box) {
  const { name } = box.dataset;
  const [low, high] = bounds(name);
  const value = numbers.get(name) ?? DEFAULT;
  if (!numbers.has(name) || value <= low || value >= high) {
    const inside = value > low && value < high;
    numbers.set(name, inside ? value : high < Infinity ? Number(((low + high) / 2).toPrecision(3)) : low + DEFAULT);
  }
  const input = box.querySelector("input");
  input.value = placeOf(numbers.get(name), [low, high]);
  box.querySelector("output").textContent = input.ariaValueText = numbers.get(name);
  box.querySelector("small").textContent = high < Infinity ? ` between ${low} and ${high}` : ` > ${low}`;
}

function values() {
  return Object.fromEntries([...$("sliders").children].map(({ dataset: { name } }) => [name, `${numbers.get(name)}`]));
}

// The assumptions about parameters that the penalty has: the text may have been about another one.
function assumptions() {
  const names = new Set(Object.keys(values()));
  const isHere = (each) => plain(each).match(/[A-Za-z]\w*/g)?.every((name) => name === "and" || names.has(name)) ?? true;
  return $("assumptions").value.split(",").map((each) => plain(each).trim()).filter((each) => each && isHere(each));
}

function remember() {
  const state = new URLSearchParams({ penalty: $("text").value });
  if ($("assumptions").value) state.set("assume", $("assumptions").value);
  for (const [name, value] of Object.entries(values())) state.set(`.${name}`, value);
  history.replaceState(null, "", `#${state}`);
}

function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("penalty")) return false;
  $("text").value = state.get("penalty").slice(0, 300);
  $("assumptions").value = (state.get("assume") ?? "").slice(0, 120);
  for (const [name, value] of state) {
    if (name.startsWith(".") && +value > 0 && +value < 1e6) numbers.set(name.slice(1), +value);
  }
  return true;
}

function changed() {
  clearTimeout(pause);
  show();
  remember();
  ask({ symbols: true });
}

// ---- Questions to Python.

async function ask({ symbols }) {
  if (!isReady) return recall();
  if ($("problem").textContent) return;
  waiting = { symbols: symbols || waiting?.symbols };
  if (isAsking) return;
  isAsking = true;
  while (waiting) {
    const asked = waiting;
    waiting = undefined;
    const request = { text: text(), assumptions: assumptions(), values: values(), symbols: Boolean(asked.symbols) };
    if (asked.symbols) clear();
    await answered(request, hear);
  }
  isAsking = false;
}

function answered(request, receive) {
  const mine = turn.then(() => answer(request, receive));
  turn = mine.catch(() => {});
  return mine;
}

async function answer(request, receive) {
  const began = performance.now();
  busy(true);
  say("Deriving …", "busy");
  let problem;
  try {
    await python.ask(request, receive);
    $("results").hidden = false;
    say(`Derived in ${((performance.now() - began) / 1000).toFixed(1)} s.`, "done");
  } catch (error) {
    problem = error;
    if (error instanceof Stopped) say("Stopped.", "stopped");
    else say("", "refused");
  }
  busy(false);
  if (problem && !(problem instanceof Stopped)) {
    if (request.audit) throw problem;
    clear();
    refuse(problem.message);
    $("results").hidden = true;
  }
  awaitNothing();
}

function busy(is) {
  $("stop").disabled = !is;
  lab.toggleAttribute("aria-busy", is);
}

function clear() {
  $("verdict").textContent = "";
  for (const cell of lab.querySelectorAll("[data-part]")) {
    cell.replaceChildren();
    cell.classList.add("is-awaited");
  }
  $("code").textContent = "";
}

function awaitNothing() {
  lab.querySelectorAll(".is-awaited").forEach((cell) => cell.classList.remove("is-awaited"));
}

// Before Python runs: the answer that the build has derived, if the penalty is an example with its first numbers.
function recall() {
  const state = JSON.stringify([text(), assumptions(), values()]);
  const known = EXAMPLES.find((each) => JSON.stringify([each.text, each.assumptions, each.values]) === state);
  if ($("problem").textContent) return;
  clear();
  $("verdict").textContent = "Start Python to see whether this penalty makes zeros.";
  known?.parts.forEach(hear);
  awaitNothing();
  $("results").hidden = !known;
}

function hear({ part, value, error, assume }) {
  if (part === "verdict") $("verdict").textContent = error ?? value.replace(/-(?=\d)/g, "−");
  else if (part === "pictures") drawn(value, error);
  else if (part === "python") {
    $("code").textContent = `${value ?? error}\npenalty.slopes_at_zero, penalty.zero_interval, penalty.derivative\n`;
  } else {
    const cell = lab.querySelector(`[data-part="${part}"]`);
    if (!cell) return;
    cell.classList.remove("is-awaited");
    cell.replaceChildren(...shown(part, value, error, assume));
  }
}

// What stands in the cell of a part: a formula with what belongs to it, or why there is none.
function shown(part, value, error, assume) {
  if (part === "proximal") return [...(error ? [] : [formula(value)]), note(stretchOfZeros())];
  if (error !== undefined) return [doubt(error, assume)];
  if (part !== "steps") return [formula(value)];
  const [cases, largest] = value;
  if (largest === "oo") return [formula(cases), note("for every step")];
  const bound = note("for every step ");
  bound.append(formula(`s < ${largest}`));
  return [formula(cases), bound];
}

function note(text) {
  return Object.assign(document.createElement("span"), { className: "lab-note", textContent: text });
}

function stretchOfZeros() {
  const number = (x) => `${+x.toPrecision(3)}`.replace("-", "−");
  if (!curves?.prox) return "It does not exist for every v.";
  if (!curves.flat) return "It is exactly 0 for one v at most.";
  return `It is exactly 0 for v between ${number(curves.flat[0])} and ${number(curves.flat[1])}.`;
}

// A formula as the book's own pages have it.
function math(tree, before) {
  const box = document.createElement("span");
  box.className = "math long";
  box.append(typeset(tree, before));
  window.showScrolling(box);
  return box;
}

function formula(text) {
  try {
    const box = math(parse(text, true));
    box.dataset.text = text;
    return box;
  } catch {
    const code = document.createElement("code"); // SymPy's own words, where they are no plain formula
    code.dataset.text = code.textContent = text;
    return code;
  }
}

// Say why there is no answer, with a button for the assumption that would help.
function doubt(message, assumption) {
  const box = document.createElement("span");
  box.className = "lab-doubt";
  box.textContent = inLetters(message);
  if (assumption) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Assume ${inLetters(assumption)}`;
    button.addEventListener("click", () => {
      $("assumptions").value = [...assumptions(), assumption].join(", ");
      changed();
      $("assumptions").focus();
    });
    box.append(" ", button);
  }
  return box;
}

function drawn(value, error) {
  curves = value;
  if (!error) draw(lab, curves);
}

// ---- Start, stop, tabs, a reader's own numbers.

async function start() {
  const began = performance.now();
  $("start").disabled = true;
  $("progress").hidden = false;
  say("Loading Python …");
  try {
    await python.start((share) => {
      $("progress").value = share;
      if (share > 0.95) say("Starting Python …");
    });
  } catch (error) {
    say(`Python could not be started: ${error.message}`);
    $("start").disabled = false;
    return;
  } finally {
    $("progress").hidden = true;
  }
  isReady = true;
  lab.dataset.ready = ((performance.now() - began) / 1000).toFixed(1);
  say(`Python is ready, after ${lab.dataset.ready} s.`);
  $("start").textContent = "Derive";
  $("start").disabled = false;
  $("audit").textContent = "Audit";
  await ask({ symbols: true });
}

function stop() {
  waiting = undefined;
  python.stop();
}

function select(tab) {
  for (const each of lab.querySelectorAll("[role=tab]")) {
    const is = each === tab;
    each.setAttribute("aria-selected", is);
    each.tabIndex = is ? 0 : -1;
    document.getElementById(each.getAttribute("aria-controls")).hidden = !is;
  }
}

function turnTab(event) {
  const tabs = [...lab.querySelectorAll("[role=tab]")];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  select(next);
  next.focus();
}

async function audit(event) {
  event.preventDefault();
  if (!isReady && !$("start").disabled) await start();
  if (!isReady) return;
  const { value: kind } = $("kind");
  const report = $("report");
  report.hidden = false;
  report.textContent = $("problem").textContent && "The line above is no penalty yet.";
  if (report.textContent) return;
  const request = { audit: kind, table: $("table").value, text: text(), assumptions: assumptions(), values: values() };
  try {
    await answered(request, ({ value, error }) => (report.textContent = value ?? error));
  } catch (error) {
    report.textContent = error.message;
  }
}

function choose({ text, assumptions, values }) {
  $("text").value = text;
  $("assumptions").value = assumptions.join(", ");
  for (const [parameter, value] of Object.entries(values)) numbers.set(parameter, +value);
}

function offerExamples() {
  [...$("examples").children].forEach((button, index) => {
    button.addEventListener("click", () => {
      choose(EXAMPLES[index]);
      changed();
    });
  });
}

function offerCopies(button, copied) {
  const label = button.textContent;
  button.style.visibility = navigator.clipboard ? "" : "hidden"; // there is one only over HTTPS or from this machine
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copied());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 2000);
  });
}

async function open() {
  try {
    python = await Python.here();
  } catch (error) {
    say(`The lab does not run here: ${error.message}. The derivations of the book’s penalties are below.`);
    return;
  }
  offerExamples();
  if (!restore()) choose(EXAMPLES[2]);
  $("form").querySelector("fieldset").disabled = false;
  say("Python runs in this page, on your machine, once you start it; nothing that you type leaves it.");
  const size = `${(python.manifest.size / 1e6).toFixed(1)} MB`;
  $("start").textContent = `Start Python here (${size})`;
  $("audit").textContent = `Start Python and audit (${size})`;
  $("audit").disabled = false;
  show();
  recall();

  for (const input of [$("text"), $("assumptions")]) {
    input.addEventListener("input", () => {
      clearTimeout(pause);
      show();
      pause = setTimeout(changed, PAUSE);
    });
  }
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (isReady) changed();
    else if (!$("start").disabled) start();
  });
  $("stop").addEventListener("click", stop);
  $("numbers").addEventListener("submit", audit);
  for (const tab of lab.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", turnTab);
  }
  offerCopies($("copy"), () => $("code").textContent);
  offerCopies($("link"), () => {
    remember();
    return location.href;
  });
  $("remedy").addEventListener("click", () => {
    $("text").value = $("remedy").value;
    changed();
    $("text").focus();
  });
  $("sample").addEventListener("click", () => ($("table").value = SAMPLES[$("kind").value]));
  addEventListener("hashchange", () => {
    if (!restore()) return;
    show();
    ask({ symbols: true });
  });
  lab.python = python; // for whoever looks from outside, as the tests do
}

open();
