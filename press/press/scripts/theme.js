// The switch between light and dark.
{
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
}
