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

  // Whatever scrolls sideways shows that it does, and can be scrolled with the keyboard.
  function measure(box) {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle("more", hidden - box.scrollLeft > 2);
    box.classList.toggle("less", hidden > 2 && box.scrollLeft > 2);
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => measure(target)));
  for (const wide of document.querySelectorAll("pre, .wide, .formula, span.math")) {
    resized.observe(wide);
    wide.addEventListener("scroll", () => measure(wide), { passive: true });
  }
}
