// The contents: they follow the reader, and a link to a place on the page closes them where they cover it.
{
  const contents = document.querySelector(".contents");
  const links = new Map();
  // Those four levels deep are not shown.
  for (const link of contents.querySelectorAll('.on-this-page a[href^="#"]:not([href="#"], ul ul ul ul a)')) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  let here = null;
  let waiting = false;

  function follow() {
    waiting = false;
    const line = 120; // pixels: a little below the bar at the top
    const last = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    let found = null;
    for (const section of links.keys()) if (last || section.getBoundingClientRect().top <= line) found = section;
    if (found === here) return;
    links.get(here)?.removeAttribute("aria-current");
    links.get(found)?.setAttribute("aria-current", "location");
    here = found;
    const link = links.get(found);
    if (!link || contents.matches(":popover-open")) return;
    const { top, bottom } = link.getBoundingClientRect();
    const box = contents.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) contents.scrollTop += top - box.top - box.height / 2;
  }

  if (links.size) {
    window.firstPaint.then(() => requestAnimationFrame(() => setTimeout(follow))); // when all is laid out anyway
    addEventListener("scroll", () => (waiting ||= requestAnimationFrame(follow)), { passive: true });
  }
  contents.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#"]') && contents.matches(":popover-open")) contents.hidePopover();
  });
}
