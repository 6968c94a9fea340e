// A page opened as a file cannot ask for its fonts early, so there they may replace another face; and it runs no module.
{
  function load(tag, attributes) {
    document.head.append(Object.assign(document.createElement(tag), attributes));
  }

  if (location.protocol === "file:") {
    load("link", { rel: "stylesheet", href: `${document.documentElement.dataset.content_root}_static/late-fonts.css` });
  } else {
    for (const { dataset } of document.querySelectorAll("[data-module]")) {
      load("script", { type: "module", src: dataset.module });
    }
  }
}
