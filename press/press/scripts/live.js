// Live figures: their runtime comes when the reader comes near the first of them, or follows a link into one.
{
  const figures = document.querySelectorAll(".live[data-runtime]");
  const addressed = document.getElementById(decodeURIComponent(location.hash.slice(1)).split("&")[0]);
  const near = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) load();
  }, { rootMargin: "800px" });

  function load() {
    near.disconnect();
    for (const src of new Set([...figures].flatMap(({ dataset }) => dataset.runtime.split(" ")))) {
      document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
    }
  }

  if ([...figures].some((figure) => addressed?.contains(figure))) load();
  else for (const figure of figures) near.observe(figure);
}
