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

  // Whatever scrolls sideways can be scrolled with the keyboard.
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const wide of document.querySelectorAll("pre, .wide, .formula, span.math")) resized.observe(wide);
}
