"""The live figure of the chapter "The diamond, corrected"."""

import sympy as sp

from .. import style
from ..javascript import function
from .live import LiveFigure, axis, choice, model, panel, slider

SPREAD = 0.5  # of the drawn targets
_SETS = {
    "1": ("p = 1: the diamond", "l1"),
    "1.1": ("p = 1.1", "lp(3/2)"),
    "1.5": ("p = 1.5", "lp(3/2)"),
    "2": ("p = 2: the disk", "l2"),
    "Infinity": ("p = ∞: the square", "nonnegative"),
}


def aim():
    """Aim at a ball of the p-norm: where the target lands, which targets land on the axis, and their share nearby."""
    colors = ", ".join(f"'{p}': '{style.color(look)}'" for p, (_, look) in _SETS.items())
    once = f"const colors = {{{colors}}}, spread = {SPREAD}; {_printed()} {_ONCE}"
    marks = [
        {"line": "axes", "color": style.INK, "width": 0.7},
        {"area": "cones", "color": "=color", "opacity": 0.25},
        {"line": "rays", "color": "=color", "width": 2},
        {"line": "contours", "color": style.LOSS, "width": 0.9},
        {"area": "outline", "color": "=color", "opacity": 0.15},
        {"line": "outline", "color": "=color", "width": 2.2},
        {"dot": "others", "color": style.LOSS, "width": 5},
        {"dot": "caught", "color": "=color", "width": 7},
        {"dot": "point", "color": style.INK, "width": 12},
        {"handle": "target", "by": "byHand"},
    ]
    key = [("the set", "=color"), ("targets", style.LOSS), ("target y and its contours", style.INK)]
    across, up = axis(-2.5, 2.5, [-2, -1, 0, 1, 2], "weight w₁ across, weight w₂ up"), axis(-2, 2, [-2, -1, 0, 1, 2])
    return LiveFigure(
        "aim",
        "The plane of two weights with a ball of the p-norm, a target and the contours of the loss around it, and the "
        "point of the ball where the contours first touch it, a dot. Shaded, or drawn as lines, are all targets that "
        f"land on a point with weight 2 exactly 0. Around the target lie {_COUNT} others, in color where this happens.",
        [
            choice("p", "power p", {p: text for p, (text, _) in _SETS.items()}, "1"),
            slider("r", "correlation", -0.9, 0.9, 0.05, 0.3),
            slider("y1", "target, across", -2.5, 2.5, 0.05, 1.7),
            slider("y2", "target, up", -2, 2, 0.05, 0.6),
        ],
        [panel(across, up, *marks, height=None, shape="5 / 4", key=key)],
        model(
            "p, r, y1, y2",
            _AIM,
            "axes, cones, rays, contours, outline, others, caught, point, target, byHand, color, share, count, cloud, "
            "words",
            once,
        ),
        presets=[
            ("diamond", {"p": "1", "r": 0.3, "y1": 1.7, "y2": 0.6}),
            ("p = 1.1", {"p": "1.1", "r": 0.3, "y1": 1.7, "y2": 0.6}),
            ("on its ray", {"p": "1.1", "r": 0.5, "y1": 1.5, "y2": -0.25}),
            ("tilted contours", {"p": "1", "r": 0.8, "y1": 1.7, "y2": 0.6}),
        ],
    )


_COUNT = 60


def _printed():
    """Return what follows from the loss `(w - y)'G(w - y)/2`, as JavaScript."""
    r, a, b, m1, m2 = sp.symbols("r a b m1 m2", real=True)
    size, turn, s = sp.symbols("size turn s", positive=True)
    gram = sp.Matrix([[1, r], [r, 1]])
    gap = sp.Matrix([a, b])
    axes = [(sp.Matrix([1, sign]) / sp.sqrt(2), 1 + sign * r) for sign in (1, -1)]  # eigenvectors and eigenvalues
    steps = [size * sp.cos(turn), size * sp.sin(turn)]
    ellipse = sum((step * part / sp.sqrt(value) for step, (part, value) in zip(steps, axes, strict=True)), gap)
    corner = sp.Matrix([1, 0])
    ends = [
        (side * sp.Matrix([m1, m2]) - corner).dot(part) * sp.sqrt(value) / s for side in (1, -1) for part, value in axes
    ]
    functions = {
        "pullOf": ("a, b, r", tuple(gram * gap)),
        "lossOf": ("a, b, r", sp.expand((gap.T * gram * gap)[0] / 2)),
        "ellipse": ("a, b, r, size, turn", tuple(ellipse)),
        "edges": ("m1, m2, r, s", tuple(ends)),
        "rayOf": ("r", tuple(sp.simplify(gram.det() * gram.inv() * corner))),
    }
    return " ".join(f"const {name} = {function(names, result)};" for name, (names, result) in functions.items())


_ONCE = f"""
const axes = [[-9, 0], [9, 0], null, [0, -9], [0, 9]];
const steps = (count) => Array.from({{length: count + 1}}, (_, i) => i / count);
const sizeOf = (a, b, p) => {{
  const largest = Math.max(Math.abs(a), Math.abs(b));
  if (p === Infinity || largest === 0) return largest;
  return largest * (Math.abs(a / largest) ** p + Math.abs(b / largest) ** p) ** (1 / p);
}};
const outlines = Object.fromEntries(Object.keys(colors).map((p) => [p, steps(240).map((share) => {{
  const [a, b] = [Math.cos(2 * Math.PI * share), Math.sin(2 * Math.PI * share)], size = sizeOf(a, b, Number(p));
  return [a / size, b / size];
}})]));
const polygons = {{1: [[1, 0], [0, 1], [-1, 0], [0, -1]], Infinity: [[1, 1], [-1, 1], [-1, -1], [1, -1]]}};
const dot = ([a, b], [c, d]) => a * c + b * d, minus = ([a, b], [c, d]) => [a - c, b - d];

const onPolygon = (y, p, r) => {{
  let best, least = Infinity;
  polygons[p].forEach((start, i, corners) => {{
    const end = corners[(i + 1) % 4], edge = minus(end, start), length = dot(pullOf(...edge, r), edge);
    const share = Math.min(Math.max(dot(pullOf(...minus(y, start), r), edge) / length, 0), 1);
    const point = share === 1 ? end : [start[0] + share * edge[0], start[1] + share * edge[1]];
    const loss = lossOf(...minus(y, point), r);
    if (loss < least) [best, least] = [point, loss];
  }});
  return best;
}};
const FAR = 700;
const ofRatio = (logarithm, p) => {{
  const small = Math.exp(-Math.abs(logarithm)), large = (1 + small ** p) ** (-1 / p);
  return logarithm < 0 ? [large, small * large] : [small * large, large];
}};
const halve = (y1, y2, p, r, low) => {{
  let high = FAR;
  for (let k = 0; k < 64; k++) {{
    const middle = (low + high) / 2, [a, b] = ofRatio(middle, p), [pull1, pull2] = pullOf(y1 - a, y2 - b, r);
    const u = a ** (p - 1), v = b ** (p - 1);
    if (pull2 * u - pull1 * v > 0 && pull1 * u + pull2 * v >= 0) low = middle;
    else high = middle;
  }}
  return ofRatio((low + high) / 2, p);
}};
const counterclockwise = (y1, y2, a, b, p, r) => {{
  let turns = 0, outward, onward;
  for (; !(a > 0 && b >= 0); turns++) [y1, y2, a, b, r] = [y2, -y1, b, -a, -r];
  let low = b > 0 ? Math.max(Math.log(b / a), -FAR) : -FAR;
  for (;; turns++) {{
    const pull = pullOf(y1, y2 - 1, r);
    [onward, outward] = [-pull[0], pull[1]];
    if (onward <= 0 || outward < 0) break;
    [y1, y2, r, low] = [y2, -y1, -r, -FAR];
  }}
  let point = onward === 0 && outward >= 0 ? [0, 1] : halve(y1, y2, p, r, low);
  for (let k = turns % 4; k > 0; k--) point = [-point[1], point[0]];
  return point;
}};
const onCurve = ([y1, y2], p, r) => {{
  const size = sizeOf(y1, y2, p), a = y1 / size, b = y2 / size, pull = pullOf(y1 - a, y2 - b, r);
  const slope = pull[1] * Math.sign(a) * Math.abs(a) ** (p - 1) - pull[0] * Math.sign(b) * Math.abs(b) ** (p - 1);
  if (slope === 0) return [a, b];
  const mirror = slope < 0 ? -1 : 1, found = counterclockwise(y1, mirror * y2, a, mirror * b, p, mirror * r);
  return [found[0], mirror * found[1]];
}};
const nearest = (y, p, r) => {{
  const [a, b] = sizeOf(...y, p) <= 1 ? y : p in polygons ? onPolygon(y, p, r) : onCurve(y, p, r);
  return [a + 0, b + 0];
}};

// The normal distribution: a series of positive terms near 0, a continued fraction in the tails.
const normal = (z) => {{
  const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI), size = Math.abs(z);
  if (size > 3) {{
    let rest = size;
    for (let k = 80; k > 0; k--) rest = size + k / rest;
    return z > 0 ? 1 - density / rest : density / rest;
  }}
  let term = z, sum = z;
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) sum += (term *= z * z / k);
  return 0.5 + density * sum;
}};
const spiral = Array.from({{length: {_COUNT}}}, (_, i) =>
  [Math.sqrt(-2 * Math.log(1 - (i + 0.5) / {_COUNT})), i * Math.PI * (3 - Math.sqrt(5))]);
"""
_AIM = """
const power = Number(p), target = [y1, y2], color = colors[p], outline = outlines[p], isDiamond = power === 1;
const byHand = (y1, y2) => ({y1, y2});
const point = nearest(target, power, r), gap = minus(target, point), reach = Math.sqrt(2 * lossOf(...gap, r));
const contours = [reach / 3, 2 * reach / 3, reach].flatMap((size) =>
  [...steps(90).map((share) => ellipse(y1, y2, r, size, 2 * Math.PI * share)), null]);
const cones = isDiamond ? [[1, 0], [9, 8], [9, -8], null, [-1, 0], [-9, 8], [-9, -8]] : [[9, 9]];
const ray = rayOf(r), rays = isDiamond ? [[-1, 0], [1, 0]] : [1, -1].flatMap((side) =>
  [[side, 0], [side * (1 + 9 * ray[0]), side * 9 * ray[1]], null]).concat([[-1, 0], [1, 0]]);
const cloud = spiral.map(([size, turn]) => ellipse(y1, y2, r, spread * size, turn));
const isCaught = cloud.map((y) => nearest(y, power, r)[1] === 0);
const caught = cloud.filter((_, i) => isCaught[i]), others = cloud.filter((_, i) => !isCaught[i]);
const count = caught.length, ends = edges(y1, y2, r, spread).map(normal);
const share = isDiamond ? ends[0] * ends[1] + ends[2] * ends[3] : 0;
const percent = share > 0.9995 ? "more than 99.9 %" : share === 0 ? "0" : share < 5e-4 ? "less than 0.1 %" :
  `${show(100 * share, 1)} %`;
const words = [
  (point[1] === 0 ? "w₂ is exactly 0" : `w₂ is ${show(point[1])}, not 0`) + ` (w₁ is ${show(point[0])}).`,
  `Share of targets with w₂ exactly 0: ${percent}.`,
  `Of the ${cloud.length} targets drawn around y: ${count}.`,
];
"""
