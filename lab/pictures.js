// The four pictures of a penalty, drawn as SVG from what Python sends.
const WIDTH = 320;
const HEIGHT = 214;
const EDGE = { left: 40, right: 10, top: 8, bottom: 38 };

function shape(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const short = (number) => `${+number.toPrecision(3)}`.replace("-", "−");

// The multiples of 1, 2 or 5 times a power of ten between two numbers, three to five of them or so.
function ticks(low, high) {
  const rough = (high - low) / 4.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= rough);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

// A picture over [-reach, reach] and [low, high], with a name below: shapes are given in these coordinates.
class Plot {
  constructor(svg, name, reach, low, high) {
    const x = (value) => EDGE.left + ((value + reach) / (2 * reach)) * (WIDTH - EDGE.left - EDGE.right);
    const y = (value) => HEIGHT - EDGE.bottom - ((value - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
    const inside = (value) => Math.min(Math.max(value, low - (high - low)), high + (high - low));
    this.point = (a, b) => `${x(a).toFixed(1)},${y(inside(b)).toFixed(1)}`;
    Object.assign(this, { svg, reach, low, high });
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.replaceChildren();
    const frame = { x: EDGE.left, y: EDGE.top, width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
    const clip = shape("clipPath", { id: `${svg.id}-frame` }, shape("rect", frame));
    this.layer = shape("g", { "clip-path": `url(#${svg.id}-frame)` });
    svg.append(clip, this.layer);
    const ground = low <= 0 && 0 <= high ? 0 : low;
    this.line([[-reach, ground], [reach, ground]], "lab-axis");
    this.line([[0, low], [0, high]], "lab-axis");
    const bottom = HEIGHT - EDGE.bottom;
    const marks = [`M${EDGE.left} ${EDGE.top}V${bottom}H${WIDTH - EDGE.right}`];
    for (const value of ticks(-reach, reach)) {
      marks.push(`M${x(value)} ${bottom}v3`);
      this.#write(short(value), x(value), bottom + 16, "middle");
    }
    for (const value of ticks(low, high)) {
      marks.push(`M${EDGE.left} ${y(value)}h-3`);
      this.#write(short(value), EDGE.left - 6, y(value) + 4, "end");
    }
    svg.append(shape("path", { d: marks.join(""), class: "lab-frame" }));
    this.#write(name, (EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 5, "middle");
  }

  #write(text, x, y, anchor) {
    this.svg.append(shape("text", { x, y, "text-anchor": anchor }, text));
  }

  line(points, kind) {
    this.layer.append(shape("polyline", { points: points.map(([a, b]) => this.point(a, b)).join(" "), class: kind }));
  }

  area(points, kind) {
    this.layer.append(shape("polygon", { points: points.map(([a, b]) => this.point(a, b)).join(" "), class: kind }));
  }

  // A curve, which has gaps where it has no value.
  curve(xs, ys, kind = "lab-curve") {
    let stretch = [];
    const end = () => stretch.length && this.line(stretch, kind);
    xs.forEach((x, index) => {
      if (ys[index] !== null) stretch.push([x, ys[index]]);
      else {
        end();
        stretch = [];
      }
    });
    end();
  }
}

function range(values, ...others) {
  const known = [...values.filter((value) => value !== null), ...others];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

function describe(svg, words) {
  svg.setAttribute("aria-label", words);
}

// The penalty, and the wedge of all lines through its value at 0 that stay below it next to 0.
function penalty(svg, { x, penalty: ys, slopes }) {
  const reach = x.at(-1);
  const [low, high] = range(ys, 0);
  const plot = new Plot(svg, "weight w", reach, low, high + 0.05 * (high - low));
  const start = ys[(ys.length - 1) / 2];
  const steep = (10 * (high - low)) / reach + 1;
  const [left, right] = [slopes[0] ?? -steep, slopes[1] ?? steep].map((slope) => Math.max(-steep, Math.min(slope, steep)));
  if (left < right) {
    const far = steep > 1e6 ? reach : reach * 2;
    plot.area([[0, start], [far, start + right * far], [far, start + left * far]], "lab-shaded");
    plot.area([[0, start], [-far, start - left * far], [-far, start - right * far]], "lab-shaded");
  }
  plot.curve(x, ys);
  const words = left < right ? "with a kink at 0 and the wedge of its slopes there" : "without a kink at 0 that points down";
  describe(svg, `The penalty from ${short(-reach)} to ${short(reach)}, ${words}.`);
}

// The minimizer of loss plus penalty against the slope of the loss; where it is exactly 0, the stretch is shaded.
function minimizer(svg, { x, prox, flat }) {
  const reach = x.at(-1);
  const ys = prox.toReversed();
  const plot = new Plot(svg, "slope g of the loss at w = 0", reach, ...range(ys));
  if (flat) {
    const [low, high] = [-flat[1], -flat[0]];
    plot.area([[low, plot.low], [high, plot.low], [high, plot.high], [low, plot.high]], "lab-shaded");
  }
  plot.curve(x, ys);
  const words = flat ? `exactly 0 for slopes from ${short(-flat[1])} to ${short(-flat[0])}` : "0 on no stretch of slopes";
  describe(svg, `The minimizer against the slope of the loss: ${words}.`);
}

function density(svg, { x, density: ys }) {
  const plot = new Plot(svg, "weight w", x.at(-1), 0, range(ys, 0)[1]);
  plot.curve(x, ys);
  describe(svg, `The density of the prior, ${short(ys[(ys.length - 1) / 2] ?? 0)} at 0.`);
}

function proximal(svg, { x, prox, flat }) {
  const reach = x.at(-1);
  const plot = new Plot(svg, "v", reach, -reach, reach);
  if (flat) {
    const [low, high] = flat;
    plot.area([[low, -reach], [high, -reach], [high, reach], [low, reach]], "lab-shaded");
  }
  plot.line([[-reach, -reach], [reach, reach]], "lab-diagonal");
  plot.curve(x, prox);
  describe(svg, `The proximal operator${flat ? `, exactly 0 from ${short(flat[0])} to ${short(flat[1])}` : ""}.`);
}

const PICTURES = { penalty, minimizer, density, prox: proximal };
const NEEDS = { penalty: "penalty", minimizer: "prox", density: "density", prox: "prox" };

// Draw all four into the figures of `root`; what does not exist is hidden, and its caption says so.
export function draw(root, curves) {
  for (const [kind, picture] of Object.entries(PICTURES)) {
    const figure = root.querySelector(`[data-picture="${kind}"]`);
    const exists = curves[NEEDS[kind]] !== null;
    figure.classList.toggle("is-missing", !exists);
    if (exists) picture(figure.querySelector("svg"), curves);
  }
}
