// A formula as a reader types it, or as SymPy prints it, becomes MathML. `parse` makes a tree, `typeset` sets it.
const TOKEN = /\s*(?:([0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?)|(Interval\.[A-Za-z]+|[A-Za-z_][A-Za-z0-9_]*)|(\*\*|<=|>=|[-+*/^(),|<>&{}]))/y;
const BINDING = { or: 1, "&": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "^": 7, "**": 7 };
const SIGN = 6; // a minus binds its operand less than a power, and more than a product
const DEEPEST = 100;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`${text.slice(at).trim()[0]} is not part of a formula`);
    const [whole, number, name, sign] = match;
    const place = TOKEN.lastIndex - whole.trimStart().length;
    found.push(number ? { number, at: place } : name ? { name, at: place } : { sign, at: place });
  }
  return found;
}

// Return the tree of a text: {number}, {name}, {call, args}, {sign, left, right}, {minus}, {bars}, {list, open, close}.
// SymPy prints "or" as a bar; what a reader types has bars around sizes only, and functions that the lab knows.
// An error has a `fix`, if something is missing: what to `insert`, and at which character.
export function parse(text, isPrinted = false) {
  const all = tokens(text);
  let next = 0;
  let bars = 0;
  let depth = 0;

  const sign = () => all[next]?.sign;
  function fail(message, insert, at = all[next]?.at ?? text.length) {
    throw Object.assign(new SyntaxError(message), insert && { fix: { insert, at } });
  }
  function expect(wanted) {
    if (sign() !== wanted) refuse(wanted);
    next += 1;
  }
  function refuse(wanted) {
    const token = all[next];
    if (token && (token.number || token.name || "({|".includes(token.sign))) fail("an operator is missing, such as *", "*");
    if (!wanted) fail(`${token.sign} is one too many`);
    fail(`${wanted} is missing`, wanted);
  }
  function infix() {
    return sign() === "|" ? (isPrinted && !bars ? "or" : undefined) : sign();
  }
  function read(least = 0) {
    if ((depth += 1) > DEEPEST) throw new SyntaxError("nested too deeply");
    let left = prefix(least);
    while (BINDING[infix()] >= least) {
      const operator = infix();
      next += 1;
      const power = operator === "^" || operator === "**";
      left = { sign: power ? "^" : operator, left, right: read(power ? SIGN : BINDING[operator] + 1) };
    }
    depth -= 1;
    return left;
  }
  function list(close) {
    const outer = bars;
    bars = 0;
    const items = sign() === close ? [] : [read()];
    while (sign() === ",") {
      next += 1;
      if (sign() !== close) items.push(read()); // SymPy writes (a,)
    }
    expect(close);
    bars = outer;
    return items;
  }
  function prefix(least) {
    const token = all[next];
    if (!token) throw new SyntaxError("a number, a name or a parenthesis is missing");
    next += 1;
    if (token.number) return token;
    if (token.name === "if" || token.name === "else") fail("cases are written Piecewise((value, condition), ..., (value, True))");
    if (token.name) {
      if (sign() !== "(") return token;
      if (!isPrinted && !FUNCTIONS.has(token.name)) fail(`there is no function ${token.name}; there are ${KNOWN}`, "*");
      next += 1;
      return { call: token.name, args: list(")") };
    }
    // At the start of a term the whole product is negative, which reads better: -a/b as −(a/b).
    if (token.sign === "-") return { minus: read(least > BINDING["+"] ? SIGN : BINDING["*"]) };
    if (token.sign === "+") return read(SIGN);
    if (token.sign === "(") {
      const items = list(")");
      return items.length === 1 ? items[0] : { list: items, open: "(", close: ")" };
    }
    if (token.sign === "{") return { list: list("}"), open: "{", close: "}" };
    if (token.sign === "|") {
      bars += 1;
      const inner = read();
      bars -= 1;
      expect("|");
      return { bars: inner };
    }
    throw new SyntaxError(`a number, a name or a parenthesis is missing before ${token.sign}`);
  }

  const tree = read();
  if (next < all.length) refuse();
  return tree;
}

const NAMED = ["abs", "atan", "cos", "cosh", "exp", "log", "max", "min", "sign", "sin", "sinh", "sqrt", "tanh", "Piecewise"];
const KNOWN = `${NAMED.slice(0, -1).join(", ")} and ${NAMED.at(-1)}`;
export const FUNCTIONS = new Set([...NAMED, "Abs", "Max", "Min"]);

// What readers type with the signs of their keyboard or from a paper, as the parser and Python read it.
const TYPED = {
  "−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "∗": "*", "÷": "/", "²": "^2", "³": "^3", "½": "(1/2)", "≤": "<=",
  "≥": ">=", "∞": "oo", "‖": "|", "∣": "|", "√": "sqrt", "₁": "", "π": "pi",
};

// Return the text in plain letters: β as beta, w² as w^2, and e^ as E^, since e is no parameter there.
export function plain(text) {
  const names = Object.fromEntries(Object.entries(LETTERS).map(([name, sign]) => [sign, `\0${name}\0`]));
  const written = [...text].map((sign) => names[sign] ?? TYPED[sign] ?? sign).join("");
  const spaced = written.replace(/(?<=\w)\0+(?=\w)/g, " ").replaceAll("\0", "");
  return spaced.replace(/(?<=\|)_[0-9]/g, "").replace(/\be(?=\s*(?:\^|\*\*))/g, "E");
}

const NO_PARAMETERS = new Set(["w", "pi", "E", "oo", "True", "nan", "EmptySet"]);

// Return the names of the parameters in a tree, each once, in alphabetical order; with the weight, if asked.
export function parameters(tree, withWeight = false) {
  const found = new Set();
  (function walk(node) {
    if (node.name && (!NO_PARAMETERS.has(node.name) || (withWeight && node.name === "w"))) found.add(node.name);
    for (const child of [node.left, node.right, node.minus, node.bars, ...(node.args ?? []), ...(node.list ?? [])]) {
      if (child) walk(child);
    }
  })(tree);
  return [...found].sort();
}

const LETTERS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", eps: "ε", zeta: "ζ", eta: "η", theta: "θ", kappa: "κ",
  lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", chi: "χ", psi: "ψ", omega: "ω",
};
const SIGNS = { "<=": "≤", ">=": "≥", "-": "−", "&": "and", or: "or" };
const NAMES = { oo: "∞", pi: "π", E: "e", EmptySet: "∅", nan: "undefined" };
const CALLS = { atan: "arctan", Max: "max", Min: "min", gamma: "Γ", Abs: "abs" }; // gamma(2/3) is the function
const INTERVALS = { Interval: "[]", "Interval.open": "()", "Interval.Lopen": "(]", "Interval.Ropen": "[)" };

// Return a parameter's name as one would write it: beta as β.
export function letter(name) {
  return LETTERS[name] ?? name.replace(/^_/, "");
}

// Return a message with the letters of its parameters.
export function inLetters(message) {
  return message.replace(/[A-Za-z_]\w*/g, letter).replaceAll("**", "^");
}

function element(tag, ...children) {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  made.append(...children);
  return made;
}
const row = (...children) => element("mrow", ...children);
const operator = (text) => element("mo", text);

// Put signs around a part; they grow with it only if it is tall, as a sign that may grow stands too far off.
function fenced(open, inner, close) {
  const signs = [operator(open), operator(close)];
  const tall = inner.matches("mfrac, msqrt, mtable") || inner.querySelector("mfrac, msqrt, mtable");
  if (!tall) signs.forEach((each) => each.setAttribute("stretchy", "false"));
  return row(signs[0], inner, signs[1]);
}

// How strongly the outermost sign of a tree binds; what is no sign binds most.
function strength(node) {
  if (node.minus) return BINDING["+"];
  return BINDING[node.sign] ?? 9;
}
// Set a tree, in parentheses where it binds less than what is around it.
function within(node, least) {
  return strength(node) < least ? fenced("(", set(node), ")") : set(node);
}
const separated = (items) =>
  row(...items.flatMap((item, index) => (index ? [operator(","), set(item)] : [set(item)])));

function name(text) {
  if (NAMES[text]) return element(text === "nan" ? "mtext" : "mi", NAMES[text]);
  const [, start, index] = /^_?(.*?)_?([0-9]*)$/.exec(text);
  const letters = element("mi", letter(start || text));
  return index && start ? element("msub", letters, element("mn", index)) : letters;
}

function call(node) {
  const { args } = node;
  const function_ = CALLS[node.call] ?? node.call;
  if (function_ === "abs" && args.length === 1) return fenced("|", set(args[0]), "|");
  if (function_ === "sqrt" && args.length === 1) return element("msqrt", set(args[0]));
  if (function_ === "exp" && args.length === 1) return element("msup", element("mi", "e"), set(args[0]));
  if (function_ === "Piecewise") return cases(args);
  if (INTERVALS[function_]) return interval(function_, args);
  return row(element("mi", letter(function_)), operator("\u2061"), fenced("(", separated(args), ")"));
}

function interval(kind, [low, high]) {
  const [open, close] = INTERVALS[kind];
  const isInfinite = (node) => (node.minus ?? node).name === "oo";
  const inner = row(set(low), operator(","), set(high));
  return fenced(isInfinite(low) ? "(" : open, inner, isInfinite(high) ? ")" : close);
}

function cases(pairs) {
  const rows = pairs.map(({ list = [] }) => {
    const [value, condition] = list;
    if (!condition) throw new SyntaxError("Piecewise takes pairs of a value and a condition");
    const when = condition.name === "True" ? [element("mtext", "otherwise")] : [element("mtext", "if\u00a0"), set(condition)];
    return element("mtr", element("mtd", set(value)), element("mtd", ...when));
  });
  const table = element("mtable", ...rows);
  table.setAttribute("columnalign", "left left");
  return row(operator("{"), table);
}

// Whether a part begins or ends with the name of a function, such as log(w), which stands off from its factor.
const isNamed = (node) => Boolean(node?.call) && !["Abs", "abs", "sqrt", "exp", "Piecewise"].includes(node.call);

function gap() {
  const made = element("mspace");
  made.setAttribute("width", "0.17em");
  return made;
}

function product(node) {
  const { left, right } = node;
  const startsWithDigit = (each) => each.number || ((each.sign === "*" || each.sign === "^") && startsWithDigit(each.left));
  const named = [left, left.right].some(isNamed) || [right, right.left].some(isNamed);
  const between = startsWithDigit(right) ? operator("·") : named ? gap() : operator("\u2062");
  return row(within(left, BINDING["*"]), between, within(right, right.sign === "/" ? 0 : BINDING["*"] + 1));
}

function set(node) {
  if (node.number) return element("mn", node.number);
  if (node.name) return name(node.name);
  if (node.call) return call(node);
  if (node.bars) return fenced("|", set(node.bars), "|");
  if (node.list) return fenced(node.open, separated(node.list), node.close);
  if (node.minus) return row(operator("−"), within(node.minus, BINDING["*"]));
  const { sign, left, right } = node;
  if (sign === "/") return element("mfrac", set(left), set(right));
  if (sign === "*") return product(node);
  if (sign === "^") {
    if (right.sign === "/" && right.left.number === "1" && right.right.number === "2") return element("msqrt", set(left));
    const power = left.call === "exp" || left.sign === "/" ? fenced("(", set(left), ")") : within(left, 8);
    return element("msup", power, set(right));
  }
  const word = sign === "&" || sign === "or";
  const middle = word ? element("mtext", `\u00a0${SIGNS[sign]}\u00a0`) : operator(SIGNS[sign] ?? sign);
  return row(within(left, BINDING[sign]), middle, within(right, BINDING[sign] + 1));
}

// Return the MathML element of a tree, with a name and a sign before it, if given: typeset(tree, "rho(w)").
export function typeset(tree, before = "") {
  const inner = set(tree);
  const made = element("math", before ? row(set(parse(before, true)), operator("="), inner) : inner);
  made.setAttribute("displaystyle", "true");
  return made;
}
