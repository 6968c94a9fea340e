// The search, and the words that the reader searched for: they are marked on the page that the search leads to, until Escape is pressed.
{
  const query = new URLSearchParams(location.search).get("words");
  const text = document.querySelector("article");
  if (query && text && window.Highlight) {
    const escaped = query.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const words = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})[\\p{L}\\p{N}]*`, "giu");
    const found = new Highlight();
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      for (const { index, 0: word } of node.data.matchAll(words)) {
        found.add(new StaticRange({
          startContainer: node, startOffset: index, endContainer: node, endOffset: index + word.length,
        }));
      }
    }
    CSS.highlights.set("words", found);
    addEventListener("keydown", (event) => event.key === "Escape" && CSS.highlights.delete("words"));
  }
  // The search comes when somebody goes to its field, or to its page.
  const field = document.querySelector('.top input[type="search"]');
  const root = document.documentElement.dataset.content_root;
  const load = () => {
    for (const name of ["entries", "search"]) {
      document.head.append(Object.assign(document.createElement("script"), { src: `${root}_static/${name}.js`, async: false }));
    }
  };
  if (document.querySelector("main form[role=search]")) load();
  else field.addEventListener("focus", load, { once: true });

  // The key that leads to the search from everywhere.
  addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
}
