// Search, filters and the event on view. Data arrives as scripts that call chanceryReceive: from disk a page may load
// scripts but not JSON. What is asked for stands in the address after #, so that every view can be linked.
"use strict";
const chanceryReceive = (() => {
  const { make, words, MISSING } = chanceryEvent;
  const PAGE = 50;
  const FIELDS = ["q", "from", "to", "category", "speaker", "country", "article", "in", "order"];
  const ID = 0, DAY = 1, CATEGORY = 2, SPEAKERS = 3, COUNTRIES = 4, VERSIONS = 5, CAPTURES = 6, TITLE = 7, TEASER = 8, FURTHER = 9;
  const byId = (id) => document.getElementById(id);

  let manifest = null;
  const chunks = new Map();
  let events = [];
  let haystacks = [];
  let numberOf = new Map();
  const files = new Map();
  const waiting = new Map();
  let found = [];
  let shown = 0;
  let lastSearch = "";

  // The same letters however they are printed: case, accents and kinds of quotes and dashes do not matter.
  const QUOTE = /[‘’‚‛′`´ʼ]|([“”„‟«»])|([‐-―−])/g;
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]+/g, "").replace(QUOTE, (mark, double, dash) => (double ? '"' : dash ? "-" : "'")).toLowerCase();

  // Words that must all occur; "words in quotes" must occur as they stand.
  const terms = (query) => [...fold(query).matchAll(/"([^"]+)"|(\S+)/g)].map((match) => match[1] ?? match[2].replaceAll('"', "")).filter(Boolean);

  const asked = () => new URLSearchParams(location.hash.slice(1));

  // What is searched of an event; folded when it is first looked at, for most visits look at few.
  const haystack = (number) => {
    const event = events[number];
    return (haystacks[number] ??= fold([event[TITLE], event[TEASER], event[SPEAKERS].join(" "), event[FURTHER], event[ID]].filter(Boolean).join("\n")));
  };

  const receive = (kind, number, data) => {
    if (kind === "manifest") manifest = data;
    if (kind === "index") chunks.set(number, data);
    if (["details", "words", "captures"].includes(kind)) {
      const name = fileName(kind, number);
      files.set(name, data);
      for (const resolve of waiting.get(name) ?? []) resolve(data);
      waiting.delete(name);
    }
  };

  const ready = () => {
    events = [...chunks.keys()].sort((a, b) => a - b).flatMap((number) => chunks.get(number));
    chunks.clear();
    numberOf = new Map(events.map((event, number) => [event[ID], number]));
    haystacks = new Array(events.length);
    const offer = (id, options) => byId(id).append(...options.map(([value, text]) => make("option", { value }, text)));
    offer("category", manifest.categories.map(([name, n]) => [name, `${words(name)} (${n})`]));
    offer("speaker", manifest.speakers.map(([name, n]) => [name, `${name} (${n})`]));
    offer("country", manifest.countries.map(([code, n, name]) => [code, `${name} (${n})`]));
    const form = byId("filters");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", later);
    form.addEventListener("reset", () => setTimeout(filtersToAddress));
    byId("more").addEventListener("click", () => {
      const first = shown;
      showMore();
      byId("results").children[first]?.querySelector("a")?.focus();
    });
    addEventListener("hashchange", follow);
    follow();
  };

  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(filtersToAddress, 120);
  };

  const filtersToAddress = () => {
    clearTimeout(timer);
    const wanted = new URLSearchParams();
    for (const field of FIELDS) if (byId(field).value) wanted.set(field, byId(field).value);
    location.replace(`#${wanted}`);
  };

  // Shows what the address asks for: an event, or a search.
  const follow = () => {
    const wanted = asked();
    const id = wanted.get("event");
    byId("search").hidden = id !== null;
    byId("event").hidden = id === null;
    if (id !== null) {
      showEvent(id);
      return;
    }
    byId("event").replaceChildren();
    document.title = "Explorer of events – chancery";
    for (const field of FIELDS) if (byId(field).value !== (wanted.get(field) ?? "")) byId(field).value = wanted.get(field) ?? "";
    lastSearch = wanted.toString();
    search(wanted);
  };

  // Events whose article's text has a word that begins so.
  const withWord = async (start) => {
    const number = manifest.letters.indexOf([...start][0]);
    const numbers = new Set();
    if (number < 0) return numbers;
    for (const [word, steps] of Object.entries(await load("words", number))) {
      if (!word.startsWith(start)) continue;
      let event = 0;
      for (const step of steps) numbers.add((event += step));
    }
    return numbers;
  };

  // Per term, the events whose article's text has all its words; a phrase cannot be looked for in texts.
  const inTexts = (needles) =>
    Promise.all(needles.map(async (needle) => {
      const parts = needle.includes(" ") ? [] : needle.replaceAll(/['\\]/g, "").split(/[^\p{L}\p{N}£$€%]+/u).filter(Boolean);
      const sets = await Promise.all(parts.map(withWord));
      return sets.length ? sets.reduce((all, numbers) => new Set([...all].filter((number) => numbers.has(number)))) : new Set();
    }));

  const search = async (wanted) => {
    const needles = terms(wanted.get("q") ?? "");
    let texts = [];
    if (wanted.get("in") === "text" && needles.length) {
      byId("count").textContent = "Searching …";
      try {
        texts = await inTexts(needles);
      } catch {
        byId("count").textContent = MISSING;
        return;
      }
      if (lastSearch !== wanted.toString()) return;
    }
    const [from, to, category, speaker, country, article] = ["from", "to", "category", "speaker", "country", "article"].map((name) => wanted.get(name) ?? "");
    found = [];
    events.forEach((event, number) => {
      if (from && !(event[DAY] >= from)) return;
      if (to && !(event[DAY] && event[DAY] <= to)) return;
      if (category && event[CATEGORY] !== category) return;
      if (speaker && !event[SPEAKERS].includes(speaker)) return;
      if (country && !event[COUNTRIES].split(" ").includes(country)) return;
      if (article === "yes" && !event[VERSIONS]) return;
      if (article === "edited" && event[VERSIONS] < 2) return;
      if (article === "no" && event[VERSIONS]) return;
      if (!needles.every((needle, place) => haystack(number).includes(needle) || texts[place]?.has(number))) return;
      found.push(event);
    });
    const byDay = (a, b) => (a[DAY] === b[DAY] ? (a[ID] < b[ID] ? -1 : 1) : !a[DAY] ? 1 : !b[DAY] ? -1 : a[DAY] < b[DAY] ? 1 : -1);
    const orders = {
      oldest: (a, b) => (a[DAY] && b[DAY] ? -byDay(a, b) : byDay(a, b)),
      versions: (a, b) => b[VERSIONS] - a[VERSIONS] || byDay(a, b),
      captures: (a, b) => b[CAPTURES] - a[CAPTURES] || byDay(a, b),
    };
    found.sort(orders[wanted.get("order")] ?? byDay);
    const all = `${events.length.toLocaleString("en")} ${events.length === 1 ? "event" : "events"}`;
    const part = found.length === events.length ? "All" : `${found.length.toLocaleString("en")} of`;
    byId("count").textContent = events.length === 1 && found.length ? all : `${part} ${all}`;
    shown = 0;
    byId("results").replaceChildren();
    if (!events.length) byId("results").append(make("li", { class: "nothing" }, "This dataset has no events."));
    else if (!found.length) byId("results").append(make("li", { class: "nothing" }, "No event meets all of this. Fewer words or filters find more."));
    showMore();
  };

  const showMore = () => {
    byId("results").append(...found.slice(shown, shown + PAGE).map(result));
    shown = Math.min(shown + PAGE, found.length);
    byId("more").hidden = shown >= found.length;
    byId("more").textContent = `Show more (${(found.length - shown).toLocaleString("en")} left)`;
  };

  const result = (event) => {
    const article = event[VERSIONS] > 1 ? `article in ${event[VERSIONS]} versions` : event[VERSIONS] ? "article" : "teaser only";
    const captures = event[CAPTURES] === 1 ? "1 capture" : `${event[CAPTURES].toLocaleString("en")} captures`;
    const teaser = event[TEASER] ?? "";
    return make("li", {},
      make("h2", {}, make("a", { href: `#event=${event[ID]}` }, event[TITLE] ?? "without a title")),
      make("p", { class: "facts" }, event[DAY] ? make("time", { datetime: event[DAY] }, event[DAY]) : make("span", {}, "undated"),
        make("span", {}, words(event[CATEGORY])), event[SPEAKERS].length ? make("span", {}, event[SPEAKERS].join(", ")) : null,
        make("span", {}, article), make("span", {}, captures)),
      teaser ? make("p", { class: "teaser" }, teaser.length > 220 ? `${teaser.slice(0, 219)}…` : teaser) : null);
  };

  const fileName = (kind, number) => `explorer/${kind}-${String(number).padStart(5, "0")}.js`;

  // A file of details, words or captures, loaded once, when it is first asked for.
  const load = (kind, number) => {
    const name = fileName(kind, number);
    if (files.has(name)) return Promise.resolve(files.get(name));
    return new Promise((resolve, reject) => {
      if (waiting.has(name)) {
        waiting.get(name).push(resolve);
        return;
      }
      waiting.set(name, [resolve]);
      const script = make("script", { src: name });
      script.addEventListener("error", () => {
        waiting.delete(name);
        reject(new Error("missing"));
      });
      document.head.append(script);
    });
  };

  // What is told of captures, by their numbers.
  const captureFacts = (numbers) =>
    Promise.all(numbers.map(async (number) => (await load("captures", Math.floor(number / manifest.perCaptures)))[number % manifest.perCaptures]));

  const showEvent = async (id) => {
    const place = byId("event");
    const back = `#${lastSearch}`;
    const number = numberOf.get(id);
    const home = make("p", {}, make("a", { href: back }, "← Back to the list"));
    if (number === undefined) {
      place.replaceChildren(home, make("p", { class: "nothing", role: "alert" }, `There is no event ${id} in this dataset.`));
      return;
    }
    place.replaceChildren(home, make("p", { role: "status" }, "Loading …"));
    try {
      const part = await load("details", Math.floor(number / manifest.perDetail));
      if (asked().get("event") !== id) return;
      const view = await chanceryEvent.view(part[number % manifest.perDetail], manifest, back, captureFacts);
      if (asked().get("event") !== id) return;
      place.replaceChildren(...view.parts);
      document.title = `${view.heading.textContent} – chancery`;
      scrollTo(0, 0);
      view.heading.focus({ preventScroll: true });
    } catch (error) {
      const text = error.message === "missing" ? MISSING : "This event cannot be shown.";
      place.replaceChildren(home, make("p", { class: "nothing", role: "alert" }, text));
    }
  };

  addEventListener("DOMContentLoaded", ready);
  return receive;
})();
