// The search: ranks the book's sections, statements, figures, terms and objects by the words of the query.
{
  const SHORT = {
    ch: "chapter", cor: "corollary", def: "definition", eq: "equation", ex: "exercise", exc: "exercise",
    exa: "example", fig: "figure", lem: "lemma", prop: "proposition", sec: "section", tab: "table", thm: "theorem",
  };
  const WEIGHT = { title: 4, page: 1, text: 1 };
  const root = document.documentElement.dataset.content_root;
  const field = document.querySelector('main input[type="search"]');
  const list = document.getElementById("search-results");
  const told = document.getElementById("search-progress");

  const tokens = (text) => text.toLowerCase().match(/\p{L}[\p{L}\p{N}]*|\p{N}+(?:\.\p{N}+)*/gu) ?? [];
  const escaped = (text) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

  // The beginning that all forms of a word share; a number is itself.
  function stem(word) {
    const short = word.replace(/(?:i[sz](?:ations?|e[drs]?|ers?|ing)|ies|ing|e[ds]|[ys])$/, "");
    return short.length > 3 ? short : word;
  }

  const matches = (word, start) => (/^\p{N}/u.test(start) ? word === start : word.startsWith(start));

  function counts(text) {
    const found = new Map();
    for (const word of tokens(text)) found.set(word, (found.get(word) ?? 0) + 1);
    return found;
  }

  function times(found, starts) {
    let sum = 0;
    for (const [word, count] of found) if (starts.some((start) => matches(word, start))) sum += count;
    return sum;
  }

  const entries = book.entries.map(([page, id, kind, title, text]) => ({
    page, id, kind, title, text,
    words: { title: counts(title), page: counts(book.titles[page]), text: counts(text) },
    whole: tokens(`${title} ${text}`).map(stem).join(" "),
  }));

  // A term of the glossary that has several names makes them equal: "car, automobile".
  const names = entries.filter((each) => each.kind === "term").map((each) => each.title.split(", ").map(tokens));

  function alike(word) {
    const start = stem(word);
    const others = names.filter((each) => each.some((name) => name.length === 1 && stem(name[0]) === start));
    return [start, ...others.flat().filter((name) => name.length === 1).map((name) => stem(name[0]))];
  }

  function find(query) {
    const words = tokens(query).map((word) => SHORT[word] ?? word);
    const terms = words.map(alike);
    const phrase = words.map(stem).join(" ");
    const rare = terms.map((starts) => {
      const having = entries.filter(({ words }) => times(words.title, starts) || times(words.text, starts)).length;
      return Math.log(1 + entries.length / (1 + having));
    });
    const found = [];
    for (const entry of entries) {
      let score = 0;
      let met = 0;
      terms.forEach((starts, i) => {
        let own = 0;
        for (const [part, weight] of Object.entries(WEIGHT)) {
          const count = times(entry.words[part], starts);
          own += (weight * count) / (count + 1);
        }
        met += own > 0;
        score += rare[i] * own;
      });
      if (met < terms.length / 2 || !met) continue;
      score *= (met / terms.length) ** 3;
      if (terms.length > 1 && entry.whole.includes(phrase)) score *= 1.5;
      if (tokens(entry.title).map(stem).join(" ").startsWith(phrase)) score *= 2;
      found.push({ ...entry, score });
    }
    return { terms: terms.flat(), found: found.sort((a, b) => b.score - a.score).slice(0, 30) };
  }

  function excerpt(text, starts) {
    const pattern = starts.map((start) => start.replace(/\./g, "\\.")).join("|");
    const marked = new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})[\\p{L}\\p{N}]*`, "giu");
    const first = Math.max(0, (text.search(marked) ?? 0) - 60);
    const begin = first ? text.indexOf(" ", first) + 1 : 0;
    const shown = text.slice(begin, begin + 220);
    const end = begin + 220 < text.length ? `${shown.slice(0, shown.lastIndexOf(" "))} …` : shown;
    return (begin ? "… " : "") + escaped(end).replace(marked, "<mark>$&</mark>");
  }

  function show(query) {
    const { terms, found } = find(query);
    const words = terms.some((each) => /^\p{N}/u.test(each)) ? "" : `?words=${encodeURIComponent(terms.join(" "))}`;
    told.textContent = found.length ? `${found.length === 30 ? "The best 30" : found.length} found` : "Nothing found";
    list.innerHTML = found.map(({ page, id, title, text }) => {
      const address = `${root}${page.split("/").map(encodeURIComponent).join("/")}.html${words}#${encodeURIComponent(id)}`;
      const whole = book.titles[page];
      const place = title.endsWith(whole) ? "" : ` <span class="found-in">${escaped(whole)}</span>`;
      return `<li><a href="${escaped(address)}">${escaped(title)}${place}</a><p>${excerpt(text, terms)}</p></li>`;
    }).join("");
  }

  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  field.value = query;
  if (query) show(query);
}
