// The button that copies code, and keyboard access to whatever scrolls sideways.
{
  // Browsers offer a clipboard only over HTTPS or from this machine.
  for (const code of navigator.clipboard ? document.querySelectorAll(".cell_input pre, .cite pre") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.after(button);
  }

  // Whatever scrolls sideways shows that it does, and can be scrolled with the keyboard. All sizes are read before
  // anything changes, so that the browser lays out the page once.
  function measure(boxes) {
    const sizes = boxes.map((box) => [
      box, box.scrollWidth - box.clientWidth, box.scrollLeft, box.querySelector("caption")?.offsetHeight,
    ]);
    for (const [box, hidden, left, caption] of sizes) {
      if (caption) box.style.setProperty("--caption-height", `${caption}px`);
      box.classList.toggle("more", hidden - left > 2);
      box.classList.toggle("less", hidden > 2 && left > 2);
      if (hidden > 0) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  const resized = new ResizeObserver((entries) => measure(entries.map(({ target }) => target)));
  window.showScrolling = (wide) => {
    resized.observe(wide);
    wide.addEventListener("scroll", () => measure([wide]), { passive: true });
  };
  // A few in each frame, so that the reader never waits for them.
  const wide = [...document.querySelectorAll("pre, .wide, .formula, span.long")];
  function observe() {
    wide.splice(0, 15).forEach(window.showScrolling);
    if (wide.length) requestAnimationFrame(observe);
  }
  window.firstPaint.then(observe);
}
