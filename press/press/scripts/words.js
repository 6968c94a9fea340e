// The words that the reader searched for are marked on the page that the search leads to, until Escape is pressed.
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
  // The key that leads to the search from everywhere.
  addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    document.querySelector('.top input[type="search"]').focus();
  });
}
