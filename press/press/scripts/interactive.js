// Replace each still picture with its live figure, and announce the figure's sentence to screen readers when it changes.
for (const figure of document.querySelectorAll(".interactive")) {
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const words = figure.querySelector(".interactive-words");
  const stage = document.createElement("div");
  stage.className = "interactive-stage";
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", figure.querySelector("img").alt);
  const drawing = stage.appendChild(document.createElement("div"));
  drawing.setAttribute("aria-hidden", "true"); // Vega labels every mark; the stage's label says it all at once

  const view = new vega.View(vega.parse(spec), {
    renderer: "svg",
    container: drawing,
    bind: figure.querySelector(".interactive-sliders"),
  });
  let waiting;
  view.addSignalListener("words", (_, sentence) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => (words.textContent = sentence.replaceAll("|", " ")), 300);
  });
  view.runAsync().then(() => {
    for (const value of figure.querySelectorAll(".vega-bind input + span")) value.setAttribute("aria-hidden", "true");
    figure.querySelector(".interactive-picture").append(stage);
    figure.classList.add("is-live");
  });
  figure.view = view; // for the tests and for debugging
}
