// A live figure is a model, which turns the reader's settings into named values, and a drawing, which uses these names.
// `html` writes it as text, so that a page shows it before and without scripts; `comeAlive` then takes over that text.
// Lines are drawn in thousandths of their panel, and the browser stretches them; they keep their width, and letters
// their size, on every screen.
globalThis.liveFigure = (() => {
  const definitions = {};
  const INK = "#222222";
  const SAMPLES = 120; // steps along a curve

  const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const round = (number) => Math.round(Math.min(Math.max(number, -2e4), 2e4) * 10) / 10;

  // ---- Numbers as text: only an exact zero is written as "0".

  const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

  function show(value, digits = 2) {
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    let text = value.toFixed(digits);
    if (Math.abs(value) < 0.5 * 10 ** -digits) {
      const [mantissa, exponent] = value.toExponential(0).split("e");
      text = `${mantissa} · 10${[...exponent.replace("+", "")].map((sign) => SUPERSCRIPT[sign]).join("")}`;
    }
    return text.replace("-", "−");
  }

  // ---- Positions: from a value on an axis to its share of the axis, and back.

  const shareOf = ({ low, high, log }, value) =>
    log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const valueAt = ({ low, high, log }, share) => (log ? low * (high / low) ** share : low + share * (high - low));
  const percent = (share) => `${round(100 * share)}%`;

  function path(points, { x, y }, closed = false) {
    let text = "", pen = "M";
    const places = points.map((point) => point && [1000 * shareOf(x, point[0]), 1000 - 1000 * shareOf(y, point[1])]);
    places.forEach((place, i) => {
      if (!place || Number.isNaN(place[0]) || Number.isNaN(place[1]) || (!closed && !place.every(Number.isFinite))) {
        pen = "M";
      } else if (pen === "M" || closed || !isStraight(places[i - 1], place, places[i + 1])) {
        text += `${pen}${round(place[0])} ${round(place[1])}`;
        pen = "L";
      }
    });
    return closed ? `${text}Z` : text;
  }

  function isStraight(before, here, after) {
    if (!before || !after) return false;
    const turn = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (after[0] - here[0]);
    return Math.abs(turn) < 1e-6;
  }

  function sampled(curve, { x }) {
    return Array.from({ length: SAMPLES + 1 }, (_, i) => valueAt(x, i / SAMPLES)).map((at) => [at, curve(at)]);
  }

  // ---- Marks. Each becomes one <path> or one <div> of texts; only its attributes or its content change.

  const named = (values, name) => (typeof name === "string" ? values[name] : name);

  // Colors are those of a light page. On a dark one lightness is turned around and the hue stays, as in still figures.
  function color(values, name = INK) {
    const light = name.startsWith("=") ? values[name.slice(1)] : name;
    if (light.toLowerCase() === INK) return "currentColor";
    if (light === "#ffffff") return "var(--ground, #ffffff)";
    return `light-dark(${light}, ${turned(light)})`;
  }

  function turned(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => 255 - parseInt(hex.slice(at, at + 2), 16));
    const rows = [[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]]; // a turn of the hue by 180 degrees
    const parts = rows.map((row) => Math.round(Math.min(Math.max(row[0] * r + row[1] * g + row[2] * b, 0), 255)));
    return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  }

  // Letters are thin, and need more contrast than lines.
  const textColor = (values, name) => `color-mix(in srgb, ${color(values, name)} 75%, light-dark(black, white))`;

  function pointsOf(values, name) {
    if (Array.isArray(name)) return [name.map((each) => named(values, each))];
    const points = named(values, name);
    return typeof points[0] === "number" ? [points] : points;
  }

  const stroke = (values, { color: name, width = 2, dash = "", opacity = 1 }) =>
    `stroke:${color(values, name)};stroke-width:${width}px;stroke-dasharray:${dash};stroke-opacity:${opacity}`;
  const fill = (values, { color: name, opacity = 0.25 }) => `fill:${color(values, name)};fill-opacity:${opacity}`;

  const paths = new WeakMap(); // for points that do not depend on the settings

  const MARKS = {
    line(mark, panel, values) {
      const curve = named(values, mark.line);
      if (typeof curve === "function") return { d: path(sampled(curve, panel), panel), style: stroke(values, mark) };
      if (!paths.has(curve)) paths.set(curve, path(curve, panel));
      return { d: paths.get(curve), style: stroke(values, mark) };
    },
    area(mark, panel, values) {
      return { d: path(named(values, mark.area), panel, true), style: fill(values, mark) };
    },
    band(mark, panel, values) {
      const [low, high] = mark.band.map((name) => named(values, name));
      const across = mark.axis === "y" ? "x" : "y", ends = [panel[across].low, panel[across].high];
      const corners = [[low, ends[0]], [high, ends[0]], [high, ends[1]], [low, ends[1]]];
      return {
        d: path(across === "x" ? corners.map(([a, b]) => [b, a]) : corners, panel, true),
        style: fill(values, mark),
      };
    },
    dot(mark, panel, values) {
      const dots = pointsOf(values, mark.dot).filter((point) => point && point.every(Number.isFinite));
      const d = dots.map((point) => `${path([point], panel)}h0`).join("");
      return { d, style: `${stroke(values, { width: 10, ...mark })};stroke-linecap:round` };
    },
    text(mark, panel, values) {
      const texts = [named(values, mark.text)].flat();
      return {
        html: pointsOf(values, mark.at).map((point, i) => {
          const shown = point && texts[i] && point.every(Number.isFinite);
          return shown ? place("span", `live-text live-${mark.anchor ?? "start"}`, panel, point, escape(texts[i]),
            `color:${textColor(values, mark.color)};margin:${mark.dy ?? 0}px 0 0 ${mark.dx ?? 0}px`) : "";
        }).join(""),
      };
    },
    handle(mark, panel, values) {
      const [point] = pointsOf(values, mark.handle);
      return { html: place("span", "live-handle", panel, point, "", "") };
    },
  };

  const place = (tag, kind, { x, y }, [across, up], content, style) =>
    `<${tag} class="${kind}" style="left:${percent(shareOf(x, across))};top:${percent(1 - shareOf(y, up))};${style}">` +
    `${content}</${tag}>`;

  const kindOf = (mark) => Object.keys(MARKS).find((kind) => kind in mark);
  const drawn = (mark, panel, values) => MARKS[kindOf(mark)](mark, panel, values);
  const isPath = (mark) => !["text", "handle"].includes(kindOf(mark));

  // ---- The figure as text.

  function ticks(axis, letter, follow) {
    return (axis.ticks ?? []).map((tick, i) => {
      const [value, label] = Array.isArray(tick) ? tick : [tick, String(tick).replace("-", "−")];
      const share = shareOf(axis, value);
      const at = letter === "x" ? `left:${percent(share)}` : `top:${percent(1 - share)}`;
      const [tag, more] = follow ? ["button", ` type="button" data-follow="${i}" aria-pressed="false"`] : ["span", ' aria-hidden="true"'];
      return `<${tag} class="live-tick live-${letter}" style="${at}"${more}>${escape(label)}</${tag}>`;
    }).join("");
  }

  function keyText(parts, values) {
    const words = parts.map(([text, name]) => `<b style="color:${textColor(values, name)}">${escape(text)}</b>`);
    return words.reduce((line, word, i) => line + (/[:,]$/.test(parts[i - 1][0]) ? " " : " · ") + word);
  }

  function panelHtml(panel, values) {
    const parts = panel.marks.map((mark) => [mark, drawn(mark, panel, values)]);
    const paths = parts.filter(([mark]) => isPath(mark)).map(([, { d, style }]) => `<path d="${d}" style="${style}"/>`);
    const texts = parts.filter(([mark]) => !isPath(mark)).map(([, { html }]) => `<div>${html}</div>`);
    const { x, y } = panel, size = panel.height ? `height:${panel.height}px` : `aspect-ratio:${panel.shape}`;
    return `<div class="live-panel" style="${panel.place ? `grid-area:${panel.place}` : ""}">` +
      (panel.key ? `<p class="live-key" aria-hidden="true">${keyText(panel.key, values)}</p>` : "") +
      `<div class="live-plot" style="${size};margin-left:${panel.left ?? 28}px">` +
      `<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">${paths.join("")}</svg>` +
      `${ticks(x, "x")}${ticks(y, "y", panel.follow)}<div class="live-texts" aria-hidden="true">${texts.join("")}</div></div>` +
      (x.title ? `<p class="live-title${x.ticks ? "" : " live-bare"}" aria-hidden="true" style="margin-left:${panel.left ?? 28}px">${escape(x.title)}</p>` : "") +
      "</div>";
  }

  const nameOf = (figure, values) => `${figure.about} ${values.words.join(" ")}`;

  function stageHtml(figure, state) {
    const values = figure.model(state, show);
    return `<div class="live-stage" style="grid-template-columns:${figure.columns ?? "minmax(0, 1fr)"}">` +
      `<div class="live-said" role="img" aria-label="${escape(nameOf(figure, values))}"></div>` +
      figure.panels.map((panel) => panelHtml(panel, values)).join("") + "</div>" +
      (figure.steps ? "" : `<p class="live-words" aria-hidden="true">${wordsHtml(values)}</p>`);
  }

  const wordsHtml = (values) => values.words.map((line) => `<span>${escape(line)}</span>`).join(" ");

  // A slider on a logarithmic scale moves the exponent of ten; the setting is the number itself, to three digits.
  const toSlider = (control, value) => (control.log ? Math.log10(value) : value);
  const fromSlider = (control, place) => (control.log ? Number((10 ** place).toPrecision(3)) : place);

  const CONTROLS = {
    slider: (c, value) =>
      `<label class="live-control"><span class="live-name">${escape(c.label)}</span>` +
      `<input type="range" name="${c.name}" min="${toSlider(c, c.low)}" max="${toSlider(c, c.high)}" step="${c.step}"` +
      ` value="${toSlider(c, value)}"><output aria-hidden="true">${show(value, c.digits)}</output></label>`,
    choice: (c, value) =>
      `<label class="live-control"><span class="live-name">${escape(c.label)}</span><select name="${c.name}">` +
      c.options.map(([option, label]) =>
        `<option value="${option}"${option === value ? " selected" : ""}>${escape(label)}</option>`).join("") +
      "</select></label>",
    switch: (c, value) =>
      `<label class="live-control"><span class="live-name">${escape(c.label)}</span>` +
      `<input type="checkbox" name="${c.name}"${value ? " checked" : ""}></label>`,
  };

  const controlsHtml = ({ controls, presets = [], play, state }) =>
    '<div class="live-controls"><div class="live-buttons">' +
    presets.map(([label], i) => `<button type="button" data-preset="${i}" aria-pressed="false">${escape(label)}</button>`).join("") +
    (play ? '<button type="button" data-play>Play</button>' : "") +
    '<button type="button" data-reset>Reset</button></div>' +
    controls.map((control) => CONTROLS[control.kind](control, state[control.name])).join("") +
    '</div><p class="live-status" role="status"></p>';

  function html(name) {
    const figure = definitions[name];
    if (!figure.steps) return stageHtml(figure, figure.state) + controlsHtml(figure);
    const steps = figure.steps.map(([text, settings]) =>
      `<section class="live-step"><div class="live-picture">${stageHtml(figure, { ...figure.state, ...settings })}</div>` +
      `<p class="live-telling">${text}</p></section>`);
    return `<div class="live-story">${steps.join("")}</div>`;
  }

  // ---- Alive: settings, a drawing that follows them, and the reader's pointer.

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function follower(figure, stage) {
    const said = stage.querySelector(".live-said");
    const panels = [...stage.querySelectorAll(".live-panel")].map((element, i) => {
      const paths = [...element.querySelectorAll("path")], texts = [...element.querySelectorAll(".live-texts > div")];
      const nodes = figure.panels[i].marks.map((mark) => (isPath(mark) ? paths : texts).shift());
      return { panel: figure.panels[i], nodes, key: element.querySelector(".live-key"), last: [] };
    });
    return (values) => {
      for (const { panel, nodes, key, last } of panels) {
        panel.marks.forEach((mark, i) => {
          const { d, style, html } = drawn(mark, panel, values);
          if (html !== undefined) {
            if (html !== last[i]) moveTexts(nodes[i], (last[i] = html));
          } else if (d + style !== last[i]) {
            last[i] = d + style;
            nodes[i].setAttribute("d", d);
            nodes[i].style.cssText = style;
          }
        });
        if (panel.key) {
          const text = keyText(panel.key, values);
          if (text !== last.key) key.innerHTML = last.key = text;
        }
      }
      said.setAttribute("aria-label", nameOf(figure, values));
    };
  }

  // A handle must remain the same element while it is dragged.
  function moveTexts(node, html) {
    const handle = node.querySelector(".live-handle");
    if (!handle) return (node.innerHTML = html);
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    handle.style.cssText = fresh.firstChild.style.cssText;
  }

  function within(control, value) {
    if (!control || control.kind !== "slider" || !Number.isFinite(value)) return value;
    const [low, high] = [toSlider(control, control.low), toSlider(control, control.high)];
    const steps = Math.round((toSlider(control, Math.min(Math.max(value, control.low), control.high)) - low) / control.step);
    return fromSlider(control, Number(Math.min(low + steps * control.step, high).toFixed(9)));
  }

  function comeAlive(element) {
    const figure = definitions[element.dataset.figure];
    if (figure.steps) return tell(element, figure);
    const id = element.closest("figure")?.id;
    const state = { ...figure.state };
    const controls = new Map(figure.controls.map((control) => [control.name, control]));
    const inputs = [...element.querySelectorAll("input, select")];
    const words = element.querySelector(".live-words"), status = element.querySelector(".live-status");
    const draw = follower(figure, element.querySelector(".live-stage"));
    let values, waiting = false, settled, playing;

    function redraw() {
      waiting = false;
      values = figure.model(state, show);
      draw(values);
      words.innerHTML = wordsHtml(values);
      for (const input of inputs) {
        const control = controls.get(input.name), value = state[input.name];
        if (control.kind === "switch") input.checked = value;
        else if (control.kind === "choice") input.value = value;
        else {
          if (fromSlider(control, input.valueAsNumber) !== value) input.value = toSlider(control, value);
          input.nextElementSibling.textContent = show(value, control.digits);
          input.setAttribute("aria-valuetext", `${show(value, control.digits)}: ${values.words[0]}`);
        }
      }
      for (const button of element.querySelectorAll("[data-preset]")) {
        const chosen = Object.entries(figure.presets[button.dataset.preset][1]);
        button.setAttribute("aria-pressed", chosen.every(([name, value]) => state[name] === value));
      }
      for (const button of element.querySelectorAll("[data-follow]"))
        button.setAttribute("aria-pressed", state.follow === Number(button.dataset.follow));
    }

    function set(changed, byHand = true) {
      for (const [name, value] of Object.entries(changed)) state[name] = within(controls.get(name), value);
      if (!waiting) requestAnimationFrame(redraw);
      waiting = true;
      clearTimeout(settled);
      if (byHand) settled = setTimeout(settle, 300);
    }

    function settle() {
      status.textContent = values.words.join(" ");
      const changed = Object.entries(state).filter(([name, value]) => value !== figure.state[name]);
      const hash = changed.length ? `#${id}${changed.map(([name, value]) => `&${name}=${value}`).join("")}` : "";
      if (id) remember(hash, id);
    }

    function play() {
      if (playing) return stop();
      const control = controls.get(figure.play), button = element.querySelector("[data-play]");
      const [low, high, now] = [control.low, control.high, state[figure.play]].map((value) => toSlider(control, value));
      const from = now >= high ? low : now, seconds = (6 * (high - from)) / (high - low), start = performance.now();
      button.textContent = "Pause";
      const advance = (time) => {
        const share = still() ? 1 : Math.min(Math.max(time - start, 0) / (1000 * seconds), 1);
        set({ [figure.play]: fromSlider(control, from + share * (high - from)) }, share === 1);
        if (share < 1) playing = requestAnimationFrame(advance);
        else stop();
      };
      playing = requestAnimationFrame(advance);
    }

    function stop() {
      cancelAnimationFrame(playing);
      playing = undefined;
      const button = element.querySelector("[data-play]");
      if (button) button.textContent = "Play";
    }

    element.addEventListener("input", ({ target }) => {
      stop();
      const control = controls.get(target.name);
      if (!control) return;
      const value = { slider: () => fromSlider(control, target.valueAsNumber), choice: () => target.value, switch: () => target.checked };
      set({ [target.name]: value[control.kind]() });
    });
    element.addEventListener("click", ({ target }) => {
      const { preset, reset, play: asked, follow } = target.dataset;
      if (asked !== undefined) return play();
      if (preset === undefined && reset === undefined && follow === undefined) return;
      if (follow !== undefined) return set({ follow: Number(follow) });
      stop();
      set({ ...figure.state, ...figure.presets?.[preset]?.[1] });
    });
    element.addEventListener("pointerover", ({ target }) => {
      if (target.dataset.follow !== undefined) set({ follow: Number(target.dataset.follow) }, false);
    });
    element.addEventListener("focusin", ({ target }) => {
      if (target.dataset.follow !== undefined) set({ follow: Number(target.dataset.follow) }, false);
    });
    dragging(element, figure, (by, point) => (stop(), set(values[by](...point))));

    function restore() {
      const [target, ...settings] = decodeURIComponent(location.hash.slice(1)).split("&");
      if (!id || target !== id || !settings.length) return;
      for (const [name, text] of settings.map((each) => each.split("="))) {
        if (name === "follow" && element.querySelector(`[data-follow="${Number(text)}"]`)) state.follow = Number(text);
        const control = controls.get(name);
        if (!control) continue;
        if (control.kind === "slider") state[name] = within(control, Number.isFinite(Number(text)) ? Number(text) : state[name]);
        if (control.kind === "switch") state[name] = text === "true";
        if (control.kind === "choice" && control.options.some(([option]) => option === text)) state[name] = text;
      }
      element.closest("figure").scrollIntoView();
      redraw();
    }

    redraw();
    restore();
    addEventListener("hashchange", restore);
    element.classList.add("is-live");
    element.figure = { set, state, values: () => (redraw(), values) }; // for the tests and for debugging
  }

  // Settings that differ from the initial ones go into the address, without adding to the browser's history.
  function remember(hash, id) {
    const now = decodeURIComponent(location.hash.slice(1)).split("&");
    if (!hash && (now[0] !== id || now.length === 1)) return;
    try {
      history.replaceState(history.state, "", hash || location.pathname + location.search);
    } catch {} // a frame without its own address
  }

  function dragging(element, figure, drag) {
    const plots = [...element.querySelectorAll(".live-plot")];
    plots.forEach((plot, i) => {
      const panel = figure.panels[i], handles = [...plot.querySelectorAll(".live-handle")];
      const names = panel.marks.filter((mark) => kindOf(mark) === "handle").map(({ by }) => by);
      const pull = (by) => ({ clientX, clientY }) => {
        const box = plot.getBoundingClientRect();
        const shares = [(clientX - box.left) / box.width, 1 - (clientY - box.top) / box.height];
        drag(by, [valueAt(panel.x, shares[0]), valueAt(panel.y, shares[1])]);
      };
      handles.forEach((handle, k) => grab(handle, pull(names[k])));
      if (panel.drag) {
        plot.classList.add("live-draggable");
        grab(plot, pull(panel.drag));
      }
    });
  }

  function grab(target, move) {
    target.addEventListener("pointerdown", (down) => {
      if (down.target.closest("button")) return;
      if (down.button !== 0 || (down.target.closest(".live-handle") && !target.matches(".live-handle"))) return;
      down.preventDefault();
      target.setPointerCapture(down.pointerId);
      target.classList.add("is-held");
      move(down);
      target.addEventListener("pointermove", move);
    });
    for (const end of ["pointerup", "pointercancel"])
      target.addEventListener(end, () => {
        target.classList.remove("is-held");
        target.removeEventListener("pointermove", move);
      });
  }

  // A story: one picture stays in view, and moves to the settings of the step that the reader has reached.
  function tell(element, figure) {
    const tellings = [...element.querySelectorAll(".live-telling")];
    const draw = follower(figure, element.querySelector(".live-stage"));
    const settings = figure.steps.map(([, changed]) => ({ ...figure.state, ...changed }));
    let state = { ...settings[0] }, step = 0, gliding;

    function glide(to) {
      cancelAnimationFrame(gliding);
      const from = state, start = performance.now();
      const advance = (now) => {
        const share = still() ? 1 : Math.min(Math.max(now - start, 0) / 500, 1), eased = share * share * (3 - 2 * share);
        state = Object.fromEntries(Object.entries(to).map(([name, value]) =>
          [name, typeof value === "number" && share < 1 ? from[name] + eased * (value - from[name]) : value]));
        draw(figure.model(state, show));
        if (share < 1) gliding = requestAnimationFrame(advance);
      };
      gliding = requestAnimationFrame(advance);
    }

    function follow() {
      const line = 0.8 * innerHeight;
      const reached = Math.max(tellings.findLastIndex((each) => each.getBoundingClientRect().top < line), 0);
      if (reached !== step) glide(settings[(step = reached)]);
      tellings.forEach((each, i) => each.classList.toggle("is-told", i === step));
    }

    addEventListener("scroll", follow, { passive: true });
    follow();
    element.classList.add("is-live");
    element.figure = { state: () => state, values: () => figure.model(state, show) };
  }

  // ---- On a page: when the reader gets near a figure, its script is loaded and the figure comes alive.

  const asked = new Set();

  function ask(element) {
    if (definitions[element.dataset.figure]) return comeAlive(element);
    asked.add(element);
    const script = document.createElement("script");
    script.src = element.dataset.script;
    document.head.append(script);
  }

  function define(name, definition) {
    definitions[name] = definition;
    for (const element of asked) if (element.dataset.figure === name && asked.delete(element)) comeAlive(element);
  }

  if (globalThis.document) {
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting) {
          near.unobserve(target);
          ask(target);
        }
    }, { rootMargin: "600px" });
    const addressed = document.getElementById(decodeURIComponent(location.hash.slice(1)).split("&")[0]);
    for (const element of document.querySelectorAll(".live")) {
      if (addressed?.contains(element)) ask(element);
      else near.observe(element);
    }
  }

  return { define, html, show, definitions };
})();
