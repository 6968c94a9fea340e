// Cards: what a link within the book leads to, shown beside the link. A mouse opens a card by resting on the link, the
// keyboard by reaching it, a finger by tapping it; then the card has a link of its own. Each page's excerpts are a
// script (press.excerpts), loaded when the first card needs it.
{
  const REST = 250; // milliseconds
  const SPACE = 8; // pixels between a card and what is around it
  const BESIDE = 288; // pixels: a card that is at least as wide fits beside the text
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  const pages = new Map();
  const coming = new Map();
  const card = Object.assign(document.createElement("div"), { className: "card", id: "card", popover: "manual" });
  let owner = null; // the link whose card is open
  let line = null; // the box of the lines of that link
  let opening = 0;
  let closing = 0;
  let pointer = "mouse";
  let asked = null; // the link whose card was asked for last

  window.excerpts = (page, found) => {
    pages.set(page, new Map(found.flatMap((each) => each.ids.map((id) => [id, each]))));
  };

  function target(link) {
    const address = new URL(link.href);
    if (!address.href.startsWith(root.href) || address.hash.length < 2) return null;
    const path = address.href.slice(root.href.length).replace(/[?#].*/, "");
    const page = decodeURIComponent(path.replace(/\.html$/, "")) || "index";
    return { page, id: decodeURIComponent(address.hash.slice(1)) };
  }

  function load(page) {
    if (!coming.has(page)) {
      const script = document.createElement("script");
      script.src = new URL(`_static/excerpts/${page.split("/").map(encodeURIComponent).join("/")}.js`, root);
      const done = new Promise((resolve) => (script.onload = script.onerror = resolve));
      coming.set(page, done);
      document.head.append(script);
    }
    return coming.get(page);
  }

  async function excerpt({ page, id }) {
    await load(page);
    return pages.get(page)?.get(id);
  }

  const has = (link) => link && !link.closest(".headerlink, .contents, .neighbours, .card") && target(link);
  const linkAt = (event) => event.target.closest?.("main a[href]");

  async function open(link, x, touched) {
    asked = link;
    const found = await excerpt(target(link));
    if (asked !== link || owner === link) return Boolean(found);
    close();
    closing = clearTimeout(closing);
    if (!found) return false;
    card.innerHTML = found.html;
    for (const each of card.querySelectorAll("img[src], link[href]")) {
      const name = each.src ? "src" : "href";
      each[name] = new URL(each.getAttribute(name), root);
    }
    owner = link;
    if (touched) {
      const leave = Object.assign(document.createElement("a"), { href: link.href, textContent: "Open" });
      const line = document.createElement("p");
      line.className = "card-open";
      line.append(leave);
      card.append(line);
    }
    card.role = touched ? "dialog" : "tooltip";
    card.ariaLabel = touched ? found.title || link.textContent : null;
    (document.querySelector("dialog[open]") ?? document.body).append(card);
    card.showPopover();
    place(link, x);
    for (const box of scrolling()) {
      box.tabIndex = 0;
      box.classList.add("more");
    }
    if (card.scrollHeight > card.clientHeight) card.tabIndex = 0;
    else card.removeAttribute("tabindex");
    if (touched) card.querySelector(".card-open a").focus({ preventScroll: true, focusVisible: false });
    else link.setAttribute("aria-describedby", "card");
    return true;
  }

  // The card stands beside the text if there is space, or else below or above the link's lines, and never on them.
  function place(link, x) {
    line = link.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const bar = document.querySelector(".top").getBoundingClientRect().bottom;
    const text = link.closest("article").getBoundingClientRect();
    const beside = wide - text.right - 3 * SPACE;
    card.style.width = card.style.maxHeight = "";
    let left, top;
    const fits = beside >= BESIDE && line.right <= text.right;
    if (fits && card.offsetWidth > beside) card.style.width = `${beside}px`;
    if (fits && (!card.style.width || !scrolling().length)) {
      left = text.right + 2 * SPACE;
      top = Math.max(bar + SPACE, Math.min(line.top - 2 * SPACE, innerHeight - card.offsetHeight - SPACE));
    } else {
      card.style.width = "";
      const below = innerHeight - line.bottom - 2 * SPACE;
      const above = line.top - bar - 2 * SPACE;
      const under = below >= Math.min(card.offsetHeight, above);
      if (card.offsetHeight > (under ? below : above)) card.style.maxHeight = `${under ? below : above}px`;
      left = Math.max(SPACE, Math.min((x ?? link.getClientRects()[0].left) - 4 * SPACE, wide - card.offsetWidth - SPACE));
      top = under ? line.bottom + SPACE : line.top - card.offsetHeight - SPACE;
    }
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
    line = new DOMRect(line.x + scrollX, line.y + scrollY, line.width, line.height);
  }

  const scrolling = () => [...card.querySelectorAll("pre, .wide, .formula, span.long")]
    .filter((box) => box.scrollWidth > box.clientWidth);

  // Whether the mouse is at the link or the card, or on its way from one to the other.
  function between({ pageX, pageY }) {
    const { left, top, right, bottom } = card.getBoundingClientRect();
    return pageX >= Math.min(line.left, left + scrollX) - SPACE && pageX <= Math.max(line.right, right + scrollX) + SPACE &&
      pageY >= Math.min(line.top, top + scrollY) - SPACE && pageY <= Math.max(line.bottom, bottom + scrollY) + SPACE;
  }

  function close() {
    if (!owner) return;
    if (card.matches(":popover-open")) card.hidePopover();
    owner.removeAttribute("aria-describedby");
    owner = null;
    card.remove();
  }

  function leave() {
    opening = clearTimeout(opening);
    closing = clearTimeout(closing);
    asked = null;
    close();
  }

  addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    if (owner && !card.contains(event.target) && linkAt(event) !== owner) leave();
  }, true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = linkAt(event);
    clearTimeout(opening);
    if (!owner && link !== asked) asked = null; // its excerpt may still be on the way
    if (has(link) && link !== owner) opening = setTimeout(() => open(link, event.clientX), REST);
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || !owner) return;
    if (!between(event)) closing ||= setTimeout(leave, REST);
    else closing = clearTimeout(closing);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (has(link) && link.matches(":focus-visible")) open(link);
    else if (!card.contains(event.target) && owner) leave();
  });
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (event.ctrlKey || event.metaKey || event.shiftKey || !has(link)) return;
    if (pointer === "mouse" || event.detail === 0 || link === owner) return leave();
    event.preventDefault();
    open(link, event.clientX, true).then((shown) => {
      if (!shown) location.href = link.href;
    });
  });
  card.addEventListener("click", (event) => {
    if (event.target.closest("a")) setTimeout(leave);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && owner) {
      const link = owner;
      if (card.contains(document.activeElement)) link.focus({ preventScroll: true });
      leave();
      event.preventDefault();
    } else if (event.key === "Tab" && !event.shiftKey && document.activeElement === owner && card.tabIndex === 0) {
      event.preventDefault();
      card.focus();
    } else if (event.key === "Tab" && document.activeElement === card) {
      if (event.shiftKey) event.preventDefault();
      owner.focus();
    }
  });
}
