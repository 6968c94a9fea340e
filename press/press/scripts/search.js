// The search: ranks the book's sections, statements, figures, terms and objects by the words of the query, as one types.
{
  const SHORT = {
    ch: "chapter", cor: "corollary", def: "definition", eq: "equation", eqn: "equation", ex: "exercise", exc: "exercise",
    exa: "example", fig: "figure", lem: "lemma", prop: "proposition", sec: "section", tab: "table", thm: "theorem",
  };
  const SAYS_LITTLE = new Set((
    "a an and any are as at be by can do does for from get give gives has have how i if in is it its me my of on or " +
    "so than that the their then there these they this to was we what when where which who why will with you your"
  ).split(" "));
  const GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon " +
    "phi chi psi omega"
  ).split(" ");
  const WEIGHT = { title: 4, page: 1, text: 1 };
  const KIND = { term: 1.5, figure: 0.7, equation: 0.7 }; // a definition first, a drawing after what it illustrates
  const MOST = 30;
  const WAIT = 100; // milliseconds after a key
  const root = document.documentElement.dataset.content_root;

  const plain = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[α-ω]/g, (letter) => ` ${GREEK[letter.codePointAt(0) - 0x3b1]} `);
  const tokens = (text) => plain(text).match(/\p{L}[\p{L}\p{N}]*|\p{N}+(?:\.\p{N}+)*/gu) ?? [];
  const escaped = (text) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

  // The beginning that all forms of a word share; a number is itself.
  function stem(word) {
    const short = word.replace(/(?:i[sz](?:ations?|e[drs]?|ers?|ing)|ies|ing|e[ds]|[ys])$/, "");
    return short.length > 3 ? short : word;
  }

  function counts(words) {
    const found = new Map();
    for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
    return found;
  }

  const entries = book.entries.map(([page, id, kind, title, text]) => {
    const names = kind === "term" ? title.split(", ") : [title];
    const what = title.endsWith(book.titles[page]) ? "chapter" : kind;
    const words = tokens(text);
    return {
      page, id, kind, title, text,
      names: names.map((name) => tokens(name).map(stem).join(" ")),
      words: {
        title: counts([what, ...tokens(title)]), page: counts(tokens(book.titles[page])), text: counts(words),
      },
      whole: ` ${[...tokens(title), ...words].map(stem).join(" ")} `,
    };
  });
  const vocabulary = new Map(); // each word of the book, and how many entries have it
  for (const { words } of entries) {
    for (const word of new Set(Object.values(words).flatMap((all) => [...all.keys()]))) {
      vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
    }
  }

  // A term of the glossary that has several names makes them equal: "car, automobile".
  const synonyms = entries.filter((each) => each.kind === "term" && each.names.length > 1).map((each) => each.names);

  // How many letters have to be left out, added, replaced or swapped with the next, at most `most`, or more than that.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    const rows = [[...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i++) {
      rows.push([i]);
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        let least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + !same);
        if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, rows[i - 2][j - 2] + 1);
        rows[i].push(least);
      }
    }
    return rows[one.length][other.length];
  }

  const begins = (start) => [...vocabulary.keys()].filter((word) => word.startsWith(start));

  // A word that is not in the book is taken for the nearest that is.
  function spelled(word) {
    const start = stem(word);
    if (word.length < 4 || /^\p{N}/u.test(word) || begins(start).length) return word;
    const most = word.length < 8 ? 1 : 2;
    const near = [...vocabulary].map(([each, often]) => [distance(start, stem(each), most), -often, each]);
    const [[far, , nearest]] = near.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return far <= most ? nearest : word;
  }

  // The words of the book that a word of the query means: its forms and its synonyms.
  function meant(word) {
    const start = stem(word);
    if (/^\p{N}/u.test(word) || (start.length < 3 && vocabulary.has(word))) return [word];
    const others = synonyms.filter((names) => names.includes(start)).flat().filter((name) => /^\S{3,}$/.test(name));
    return [...new Set([start, ...others].flatMap(begins))];
  }

  function find(query) {
    const asked = tokens(query).map((word) => SHORT[word] ?? spelled(word));
    const telling = asked.filter((word) => !SAYS_LITTLE.has(word));
    const terms = (telling.length ? telling : asked).map(meant);
    const phrase = asked.map(stem).join(" ");
    const times = (words, term) => term.reduce((sum, word) => sum + (words.get(word) ?? 0), 0);
    const rare = terms.map((term) => {
      const having = entries.filter(({ words }) => times(words.title, term) || times(words.text, term)).length;
      return Math.log(1 + entries.length / (1 + having));
    });
    const found = [];
    for (const entry of entries) {
      let score = 0;
      let met = 0;
      terms.forEach((term, i) => {
        let own = 0;
        for (const [part, weight] of Object.entries(WEIGHT)) {
          const count = times(entry.words[part], term);
          own += (weight * count) / (count + 1);
        }
        met += own > 0;
        score += rare[i] * own;
      });
      if (met < terms.length / 2 || !met) continue;
      score *= (KIND[entry.kind] ?? 1) * (met / terms.length) ** 3;
      if (terms.length > 1 && entry.whole.includes(` ${phrase}`)) score *= 1.5;
      if (entry.names.includes(phrase)) score *= 3;
      else if (entry.names.some((name) => `${name} `.startsWith(`${phrase} `))) score *= 2;
      found.push({ ...entry, score });
    }
    return { words: [...new Set(terms.flat())], found: found.sort((a, b) => b.score - a.score) };
  }

  function excerpt(text, words) {
    const parts = words.map((word) => word.replace(/\./g, "\\.")).join("|");
    const marked = new RegExp(`(?<![\\p{L}\\p{N}])(${parts})(?![\\p{L}\\p{N}])`, "giu");
    const first = Math.max(0, text.search(marked) - 60);
    const begin = first ? text.indexOf(" ", first) + 1 : 0;
    const shown = text.slice(begin, begin + 220);
    const end = begin + 220 < text.length ? `${shown.slice(0, shown.lastIndexOf(" "))} …` : shown;
    const pieces = end.split(marked).map((piece, i) => (i % 2 ? `<mark>${escaped(piece)}</mark>` : escaped(piece)));
    return (begin ? "… " : "") + pieces.join("");
  }

  function item({ page, id, kind, title, text }, words) {
    const named = words.some((word) => /^\p{N}/u.test(word)); // what has this number, whatever words it has
    const query = named ? "" : `?words=${encodeURIComponent(words.join(" "))}`;
    const address = `${root}${page.split("/").map(encodeURIComponent).join("/")}.html${query}#${encodeURIComponent(id)}`;
    const whole = book.titles[page];
    const place = title.endsWith(whole) ? "" : `<span class="found-in"> ${escaped(whole)}</span>`;
    const name = kind === "object" ? escaped(title).replaceAll(".", ".<wbr>") : escaped(title);
    const said = text && `<p>${excerpt(text, words)}</p>`;
    return `<li><a href="${escaped(address)}">${name}${place}</a>${said}</li>`;
  }

  for (const form of document.querySelectorAll('form[role="search"]')) {
    const field = form.querySelector('input[type="search"]');
    const list = form.querySelector("ol");
    const told = form.querySelector('[role="status"]');
    const covers = form.matches(".top *"); // its results cover the page
    let timer = 0;

    const show = () => {
      clearTimeout(timer);
      const { words, found } = field.value.trim() ? find(field.value) : { found: [] };
      const number = found.length > MOST ? `The best ${MOST} of ${found.length}` : `${found.length}`;
      list.innerHTML = found.slice(0, MOST).map((each) => item(each, words)).join("");
      told.textContent = !words ? "" : found.length ? `${number} found` : "Nothing found";
    };
    const close = () => {
      clearTimeout(timer);
      list.textContent = told.textContent = "";
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, WAIT);
    });
    form.addEventListener("keydown", (event) => {
      const stops = [field, ...list.querySelectorAll("a")];
      const here = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && stops.length > 1 && here >= 0) {
        stops[Math.max(0, Math.min(here + step, stops.length - 1))].focus();
        event.preventDefault();
      } else if (event.key === "Escape" && (here > 0 || (covers && told.textContent))) {
        field.focus();
        if (covers) close();
        event.preventDefault(); // which would empty the field
      }
    });
    if (covers) {
      form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
      addEventListener("pointerdown", (event) => form.contains(event.target) || close());
      if (document.activeElement === field) show();
    } else {
      field.value = new URLSearchParams(location.search).get("q") ?? "";
      show();
    }
  }
}
