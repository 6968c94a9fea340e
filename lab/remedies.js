// What a reader may have meant by a text that is no penalty: `remedy` returns a text that is one, or undefined.
import { FUNCTIONS, parameters, parse } from "./formula.js";

const OTHER_NAMES = { lasso: "L1", l2: "Ridge", tikhonov: "Ridge", weightdecay: "Ridge", relu: "Only positive" };
const OTHER_FUNCTIONS = { ln: "log", arctan: "atan", fabs: "abs", absolute: "abs", norm: "abs", maximum: "max", minimum: "min", sum: "" };
const MODULES = /\b(?:np|numpy|math|sp|sympy|torch|jnp)\./g;
const VARIABLES = ["x", "theta", "z", "u", "t", "v", "y"];
const MOST_FIXES = 8;

// `examples` have a name and a text.
export function remedy(text, examples) {
  const simple = (words) => words.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (fixed(text) === text) return undefined; // it is a penalty for the parser, so what is wrong is not its spelling
  const named = examples.find(({ name }) => simple(name) === simple(OTHER_NAMES[simple(text)] ?? text));
  if (named) return named.text;
  const start = text.split("=").at(-1).replace(MODULES, "").trim();
  const spelled = start.replace(/[a-z]+(?=\()/g, (name) => OTHER_FUNCTIONS[name] ?? name);
  const candidates = [spelled, spelled.replace(/(\d),(\d)/g, "$1.$2")].flatMap((each) => [each, inW(each)]);
  return candidates.map(fixed).find((each) => each !== undefined && each !== text);
}

// Put in what is missing, as the parser says, and return the text if it then is a penalty.
function fixed(text) {
  for (let fixes = 0; fixes <= MOST_FIXES; fixes += 1) {
    try {
      return parameters(parse(text), true).includes("w") ? text : undefined;
    } catch (error) {
      if (!error.fix) return undefined;
      const { at, insert } = error.fix;
      text = text.slice(0, at).trimEnd() + insert + text.slice(at);
    }
  }
}

// The weight may have got another name.
function inW(text) {
  const names = text.match(/[A-Za-z]\w*/g)?.filter((name) => !FUNCTIONS.has(name)) ?? [];
  const other = VARIABLES.find((name) => names.includes(name)) ?? names.at(-1);
  return names.includes("w") || !other ? text : text.replace(new RegExp(`\\b${other}\\b`, "g"), "w");
}
