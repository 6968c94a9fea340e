// The three things that need a script: the switch between light and dark, the button that copies code, and keyboard
// access to whatever scrolls sideways.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const themeSwitch = document.querySelector(".theme-switch");

function show(theme) {
  root.dataset.theme = theme;
  themeSwitch.setAttribute("aria-pressed", theme === "dark");
}

function systemTheme() {
  return system.matches ? "dark" : "light";
}

function remember(theme) {
  try {
    if (theme === systemTheme()) localStorage.removeItem("theme");
    else localStorage.theme = theme;
  } catch {} // a browser without storage forgets the choice
}

themeSwitch.hidden = false;
show(root.dataset.theme);
themeSwitch.addEventListener("click", () => {
  show(root.dataset.theme === "dark" ? "light" : "dark");
  remember(root.dataset.theme);
});
system.addEventListener("change", () => {
  show(systemTheme());
  remember(systemTheme());
});

// Browsers offer a clipboard only over HTTPS or from this machine.
for (const code of navigator.clipboard ? document.querySelectorAll(".cell_input pre") : []) {
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

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const wide of document.querySelectorAll("pre, .wide, .formula, span.math")) resized.observe(wide);
