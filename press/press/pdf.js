// Copy the text of all pages of the site into the open page, the index, for printing.
// Ids are prefixed with the name of their page, and links between pages lead to these ids.
async (pages) => {
  const slug = (page) => page.replaceAll("/", "-");
  const here = new URL(".", location.href);
  const nameOf = (target) => target.href.split("#")[0].slice(here.href.length).replace(/\.html$/, "");
  const parts = await Promise.all(pages.map(async (page) => {
    const address = new URL(`${page}.html`, here);
    const text = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const article = text.querySelector("article");
    for (const each of article.querySelectorAll("[id]")) each.id = `${slug(page)}--${each.id}`;
    for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"])
      for (const each of article.querySelectorAll(`[${name}]`))
        each.setAttribute(name, each.getAttribute(name).split(" ").map((id) => `${slug(page)}--${id}`).join(" "));
    for (const each of article.querySelectorAll("[src]")) each.src = new URL(each.getAttribute("src"), address);
    for (const link of article.querySelectorAll("a[href]")) {
      const target = new URL(link.getAttribute("href"), address);
      const name = nameOf(target);
      if (pages.includes(name)) link.href = `#${slug(name)}${target.hash ? "--" + target.hash.slice(1) : ""}`;
      else if (target.origin === here.origin) link.removeAttribute("href");  // a file of the site, not of the book
    }
    for (const each of article.querySelectorAll("details:not(.hide)")) each.open = true;
    article.id = slug(page);
    return article;
  }));
  const contents = document.querySelector("nav.contents").cloneNode(true);
  contents.querySelector(".on-this-page")?.remove();
  contents.removeAttribute("popover");
  contents.className = "contents-in-print";
  for (const link of contents.querySelectorAll("a")) link.href = `#${slug(nameOf(link) || "index")}`;
  document.querySelector("main").replaceChildren(...parts);
  const rights = document.createElement("p");
  rights.className = "rights";
  rights.textContent = document.querySelector(".bottom p").firstChild.data;
  parts[0].querySelector("h1").after(contents, rights);
  await Promise.all([...document.fonts].map((face) => face.load()));
  await Promise.all([...document.images].map((image) => ((image.loading = "eager"), image.decode())));
}
