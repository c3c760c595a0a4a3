// Shows one event: from its details as plain data to elements. Text enters the page through textContent only.
"use strict";
const chanceryEvent = (() => {
  const MISSING = "A file of this report is missing: the folder explorer/ has to stay beside this page.";

  const words = (name) => String(name).replaceAll("_", " ");

  // An element with attributes and children; a string child becomes text, whatever stands in it.
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
    return element;
  };

  // A link only where the address is one of the web's; anything else stays text.
  const webLink = (address, text) =>
    /^https?:\/\//i.test(address) ? make("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, text) : make("span", {}, address);

  const instant = (text) => (text ? text.replace("T", " ").replace(/(:00)?Z$/, " UTC") : "unknown time");

  const many = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

  const known = (pairs) =>
    make("dl", { class: "known" }, pairs.filter(([, value]) => value !== undefined && value !== null && value !== "").map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

  const row = (cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell ?? "")));

  const table = (caption, headings, rows) =>
    make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption },
      make("table", {},
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, headings.map((heading) => make("th", { scope: "col" }, heading)))),
        make("tbody", {}, rows.map(row))));

  const section = (name, title, ...content) =>
    make("section", { "aria-labelledby": `${name}-title` }, make("h2", { id: `${name}-title` }, title), ...content);

  const nothing = (text) => make("p", { class: "nothing" }, text);

  const share = (number) => (number == null ? "" : number.toFixed(2));

  const wordings = (event) => {
    const how = { seed: "the wording the event's id comes from", exact: "equal to another wording", normalised: "equal but for quotes, dashes, case or blanks", near: "the same item, edited or cut" };
    return section("wordings", `Wordings (${event.forms.length})`,
      event.forms.map((form, place) =>
        make("div", { class: "card" },
          make("p", {}, make("strong", {}, `${place + 1}. `, form.title ?? "without a title")),
          form.teaser ? make("p", { class: "teaser" }, form.teaser) : make("p", { class: "kept" }, "No teaser text."),
          make("p", { class: "facts" },
            make("span", { class: "id" }, form.form_id),
            make("span", {}, form.published_on ? `dated ${form.published_on}` : "undated"),
            make("span", {}, many(form.n_observations, "teaser observation")),
            make("span", {}, `seen ${instant(form.first_captured_at)} to ${instant(form.last_captured_at)}`),
            make("span", {}, `${how[form.match] ?? words(form.match)}${form.similarity == null ? "" : ` (${share(form.similarity)})`}`)))));
  };

  // What a capture's letters stand for; explore_captures.py writes them.
  const CAPTURE = { c: "capture_id", t: "captured_at", a: "archive", u: "url", m: "memento_url", s: "lookup_url", p: "raw_path", n: "record_no" };
  const CAPTURES_SHOWN = 100;

  // A sighting is a capture's number, the wording's or 0, and the line or the article's version; explore_details.py writes them.
  const captures = async (event, captureFacts) => {
    const list = event.captures;
    const shows = ([, wording, place]) => (wording ? `teaser, wording ${wording}, line ${place}` : place ? `article, version ${place}` : "article, cut off");
    const links = (capture) => {
      const parts = [];
      if (capture.memento_url) parts.push(webLink(capture.memento_url, `the archived page${capture.archive ? ` (${capture.archive})` : ""}`));
      if (capture.lookup_url) parts.push(webLink(capture.lookup_url, "search an archive"), make("span", { class: "mark" }, "may land elsewhere"));
      return parts.length ? parts.flatMap((part) => [part, " "]) : "no address known";
    };
    const rows = async (some) => {
      const told = await captureFacts(some.map(([number]) => number));
      return told.map((facts, place) => {
        const capture = Object.fromEntries(Object.entries(CAPTURE).map(([letter, name]) => [name, facts[letter]]));
        return [
          make("time", {}, instant(capture.captured_at)),
          shows(some[place]),
          capture.url ?? "",
          make("span", {}, links(capture)),
          make("span", { class: "id" }, capture.capture_id),
          capture.raw_path ? `${capture.raw_path}, record ${capture.record_no}` : "",
        ];
      });
    };
    const shown = table("Captures that show this event", ["captured", "shows", "address on the site", "in an archive", "capture", "raw record"], await rows(list.slice(0, CAPTURES_SHOWN)));
    const body = shown.querySelector("tbody");
    const more = make("button", { type: "button" });
    const left = () => {
      const number = list.length - body.children.length;
      more.textContent = `Show more (${number.toLocaleString("en")} left)`;
      more.hidden = number <= 0;
    };
    more.addEventListener("click", async () => {
      const first = body.children.length;
      more.disabled = true;
      try {
        body.append(...(await rows(list.slice(first, first + CAPTURES_SHOWN))).map(row));
        left();
      } catch {
        more.replaceWith(make("p", { class: "nothing", role: "alert" }, MISSING));
      }
      more.disabled = false;
    });
    left();
    return section("captures", `Captures (${new Set(list.map(([number]) => number)).size})`,
      make("p", { class: "kept" }, "“The archived page” is an address the dump proves. “Search an archive” asks the Wayback Machine for the nearest capture it has, which may be another one."),
      shown, make("p", {}, more));
  };

  const decisions = (event) => {
    if (!event.decisions.length) return section("decisions", "Match decisions", nothing("No other wording came near enough to need a decision."));
    const number = new Map(event.forms.map((form, place) => [form.form_id, place + 1]));
    const other = (decision) => {
      if (decision.other_event_id === event.event_id) return `wording ${number.get(decision.other_form_id) ?? "?"}`;
      const title = `${decision.other_published_on ?? "undated"}, ${decision.other_title ?? "without a title"}`;
      return decision.other_event_id ? make("a", { href: `#event=${decision.other_event_id}` }, title) : make("span", { class: "id" }, decision.other_form_id);
    };
    return section("decisions", `Match decisions (${event.decisions.length})`,
      table("Why wordings are this event, or another", ["wording", "compared with", "same?", "reason", "title", "text"],
        event.decisions.map((decision) => [
          `wording ${number.get(decision.form_id) ?? "?"}`, other(decision), decision.same ? "same event" : "another event",
          words(decision.reason), share(decision.title_similarity), share(decision.text_similarity)])));
  };

  // Long stretches that stayed are shortened to what stands around a change; the whole text is one click away.
  const around = (text, isFirst, isLast) => {
    const keep = 160;
    if (text.length <= 3 * keep) return text;
    const start = isFirst ? "" : text.slice(0, keep).replace(/\S*$/, "");
    const end = isLast ? "" : text.slice(-keep).replace(/^\S*/, "");
    const left = text.length - start.length - end.length;
    return [start, make("span", { class: "kept" }, ` [… ${left.toLocaleString("en")} characters unchanged …] `), end];
  };

  const diff = (segments, isWhole) =>
    make("div", { class: "diff" }, segments.map(([sign, text], place) => {
      if (sign === 1) return make("ins", {}, text);
      if (sign === -1) return make("del", {}, text);
      return isWhole ? text : around(text, place === 0, place === segments.length - 1);
    }));

  const bodyOf = (version) => version.body ?? version.diff?.filter(([sign]) => sign !== -1).map(([, text]) => text).join("");

  const versions = (article) => {
    const list = article.versions;
    const above = list.find((version) => version.is_shown);
    const text = above && bodyOf(above);
    const parts = list.map((version) => {
      const facts = make("p", { class: "facts" },
        make("span", {}, `seen ${instant(version.first_captured_at)} to ${instant(version.last_captured_at)}`),
        make("span", {}, many(version.n_captures, "capture")),
        version.diff ? make("span", {}, `${many(version.n_words_added, "word")} came, ${version.n_words_removed.toLocaleString("en")} went`) : null,
        make("span", { class: "id" }, version.version_id));
      const heading = make("h3", {}, `Version ${version.version}${version.is_shown && list.length > 1 ? " (the text above)" : ""}`);
      const title = version.title ? make("p", {}, version.title) : null;
      if (!version.diff) return [heading, facts, title, list.length > 1 ? make("details", {}, make("summary", {}, "Text of version 1"), make("div", { class: "body", role: "region", tabindex: "0", "aria-label": "Text of version 1" }, version.body)) : null];
      const shown = make("div", {}, diff(version.diff, false));
      const button = make("button", { type: "button", "aria-pressed": "false" }, "Show the whole text");
      button.addEventListener("click", () => {
        const isWhole = button.getAttribute("aria-pressed") === "false";
        button.setAttribute("aria-pressed", String(isWhole));
        shown.replaceChildren(diff(version.diff, isWhole));
      });
      return [heading, facts, title, make("p", { class: "kept" }, "Against the version before: ", make("ins", {}, "words that came"), ", ", make("del", {}, "words that went"), "."), shown, make("p", {}, button)];
    });
    return [
      section("text", article.is_truncated ? "Text (no complete capture is known)" : "Text", text ? make("div", { class: "body", role: "region", tabindex: "0", "aria-label": "Text of the article" }, text) : nothing("No capture shows a text under this title.")),
      section("versions", `Versions (${list.length})`, parts.flat()),
    ];
  };

  const statements = (article) => {
    const list = article.statements;
    if (!list.length) return section("statements", "Questions and answers", nothing("The text marks no questions and answers."));
    const who = (statement) => statement.speaker ?? (statement.role === "question" ? "unnamed questioner" : "");
    return section("statements", `Questions and answers (${list.length})`, list.map((statement) =>
      make("div", { class: `statement ${["question", "answer"].includes(statement.role) ? statement.role : ""}` },
        make("p", { class: "facts" }, make("strong", {}, words(statement.role)), make("span", {}, who(statement)),
          statement.addressed_to ? make("span", {}, `to ${statement.addressed_to}`) : null, statement.note ? make("span", {}, statement.note) : null),
        make("p", {}, statement.text))));
  };

  const article = (event) => {
    if (!event.article) return [section("article", "Article", nothing("No capture shows the article itself; the event is known from teasers only."))];
    const found = event.article;
    const link = event.links[0];
    const method = { href: "a teaser links to it", text: "its text begins as the teaser does", article_only: "no teaser of it was seen" };
    return [
      section("article", "Article", known([
        ["title", found.title],
        ["first title", found.first_title === found.title ? null : found.first_title],
        ["published", found.published_on ? `${found.published_on} (read from the ${found.published_on_source})` : "date unknown"],
        ["section", found.section], ["address", found.url], ["language", found.language],
        ["words", found.n_words?.toLocaleString("en")],
        ["seen", `in ${many(found.n_captures, "capture")}, ${instant(found.first_captured_at)} to ${instant(found.last_captured_at)}`],
        ["joined to the event", link ? `${method[link.method] ?? words(link.method)}${link.similarity == null ? "" : ` (${share(link.similarity)})`}` : null],
        ["id", make("span", { class: "id" }, found.article_id)]])),
      ...versions(found), statements(found)];
  };

  // The whole view; `manifest` explains categories and names countries, `captureFacts` tells captures by their numbers.
  const view = async (told, manifest, back, captureFacts) => {
    const [found] = told.articles;
    const event = { ...told, ...told.event, article: found && { ...found, versions: told.versions, statements: told.statements } };
    const country = new Map(manifest.countries.map(([code, , name]) => [code, name]));
    const speakers = event.speakers.map((speaker) => [speaker.name, speaker.role].filter(Boolean).join(", ")).join("; ");
    const heading = make("h1", { tabindex: "-1" }, event.title ?? "Event without a title");
    const sections = [...article(event), wordings(event), decisions(event), await captures(event, captureFacts)];
    // the address after # says what is on view, so the sections are reached by buttons and not by anchors
    const jumps = make("nav", { class: "jumps", "aria-label": "Sections of this event" }, sections.map((part) => {
      const title = part.querySelector("h2");
      const button = make("button", { type: "button" }, title.textContent);
      title.setAttribute("tabindex", "-1");
      button.addEventListener("click", () => title.focus());
      return button;
    }));
    return { heading, parts: [
      make("p", {}, make("a", { href: back }, "← Back to the list")),
      heading,
      known([
        ["published", event.published_on ? `${event.published_on} (read from the ${event.published_on_source})` : "date unknown"],
        ["first title", event.first_title === event.title ? null : event.first_title],
        ["teaser", event.teaser],
        ["category", `${words(event.category)} – ${manifest.meaning[event.category] ?? ""}`],
        ["speakers", speakers], ["place", event.place],
        ["date in the title", event.title_date ? `${event.title_date}, ${words(event.title_date_kind)}` : null],
        ["countries named", event.countries ? event.countries.split(" ").map((code) => country.get(code) ?? code).join(", ") : null],
        ["section", event.section],
        ["known from", { teaser: "teasers only", article: "its article only", both: "teasers and its article" }[event.known_from]],
        ["seen", `in ${many(event.n_captures, "capture")}, ${instant(event.first_captured_at)} to ${instant(event.last_captured_at)}`],
        ["id", make("span", { class: "id" }, event.event_id)]]),
      jumps, ...sections] };
  };

  return { view, make, words, MISSING };
})();
