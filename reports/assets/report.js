"use strict";
// The reviewer's report. Everything from pages enters the document as text nodes: no markup is ever parsed here.
(() => {
  const $ = (id) => document.getElementById(id);
  const DATA = JSON.parse($("data").textContent);
  const { pages, findings, entries, evidence } = DATA;
  const VERDICTS = ["contradicted", "unsupported", "overstated", "supported"];
  const SIGNS = { contradicted: "✕", unsupported: "◇", overstated: "△", supported: "✓" };
  const LADDER = ["investigational", "hedged", "qualified", "flat", "absolute"];
  const SEVERITIES = ["error", "warning", "note"];
  const VIEWS = ["overview", "findings", "pages", "omissions", "coverage"];
  const CHUNK = 25;

  findings.forEach((f, n) => { f.n = n; });
  const byId = new Map(findings.map((f) => [f.id, f]));
  const byPage = new Map();
  for (const f of findings) {
    if (!byPage.has(f.page)) byPage.set(f.page, []);
    byPage.get(f.page).push(f);
  }

  // ---- small helpers -------------------------------------------------------------------------------------------
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
    return element;
  }
  // Only web links become links: "javascript:" and friends stay text.
  const safe = (url) => (/^https?:\/\//i.test(url || "") ? url : null);
  const outside = (url, text, cls) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: cls || null }, text);
  const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many || one + "s"}`;
  const short = (url) => url.replace(/^https?:\/\//i, "");

  let toastTimer = 0;
  function toast(text) {
    $("toast").textContent = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { $("toast").textContent = ""; }, 2500);
  }
  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const box = h("textarea", { class: "sr", "aria-hidden": "true" });
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    toast(done);
  }

  // ---- the address: every filter lives in the hash, so that a colleague can be sent it -------------------------
  const FACETS = ["verdict", "severity", "family", "state"];
  function readHash() {
    const given = new URLSearchParams(location.hash.slice(1));
    const state = { view: VIEWS.includes(given.get("view")) ? given.get("view") : "overview" };
    state.show = ["all", "suppressed"].includes(given.get("show")) ? given.get("show") : "open";
    for (const facet of FACETS) state[facet] = new Set((given.get(facet) || "").split(",").filter(Boolean));
    for (const one of ["page", "entry", "q", "finding"]) state[one] = given.get(one) || "";
    state.sort = given.get("sort") === "page" ? "page" : "worst";
    if (state.finding && !given.get("view")) state.view = "findings";
    return state;
  }
  function hashOf(state) {
    const out = new URLSearchParams();
    out.set("view", state.view);
    if (state.show !== "open") out.set("show", state.show);
    for (const facet of FACETS) if (state[facet].size) out.set(facet, [...state[facet]].join(","));
    for (const one of ["page", "entry", "q", "finding"]) if (state[one]) out.set(one, state[one]);
    if (state.sort !== "worst") out.set("sort", state.sort);
    return "#" + out.toString();
  }
  const fresh = (change) => ({
    view: "findings", show: "open", sort: "worst", page: "", entry: "", q: "", finding: "",
    ...Object.fromEntries(FACETS.map((f) => [f, new Set()])), ...change,
  });
  let state = readHash();
  function change(to, replace) {
    const hash = hashOf({ ...state, ...to });
    if (hash === location.hash) return;
    if (replace) {
      history.replaceState(null, "", hash);
      apply();
    } else location.hash = hash;
  }

  // ---- filtering -----------------------------------------------------------------------------------------------
  const VALUE = {
    verdict: (f) => f.verdict, severity: (f) => f.severity, family: (f) => f.family, state: (f) => f.state,
  };
  const SHOW = {
    open: (f) => f.open, all: () => true, suppressed: (f) => f.suppressed !== null,
  };
  function words(f) {
    if (f.words === undefined) {
      const page = pages[f.page];
      f.words = [f.quote, f.reason, f.entry || "", f.family, f.propositions.join(" "), page.url, page.title, f.id]
        .join("\n").toLowerCase();
    }
    return f.words;
  }
  function passes(f, but) {
    if (but !== "show" && !SHOW[state.show](f)) return false;
    for (const facet of FACETS) {
      if (facet !== but && state[facet].size && !state[facet].has(VALUE[facet](f))) return false;
    }
    if (state.page && pages[f.page].url !== state.page) return false;
    if (state.entry && (f.entry || "none") !== state.entry) return false;
    return needles.every((needle) => words(f).includes(needle));
  }
  let needles = [];
  let shown = [];
  function select() {
    needles = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    shown = findings.filter((f) => passes(f));
    if (state.sort === "worst") {
      const rank = (f) => VERDICTS.indexOf(f.verdict) + 4 * SEVERITIES.indexOf(f.severity);
      shown.sort((a, b) => rank(a) - rank(b) || a.n - b.n);
    }
  }

  // ---- facets --------------------------------------------------------------------------------------------------
  const fieldsets = Object.fromEntries([...document.querySelectorAll("fieldset[data-facet]")].map((f) => [f.dataset.facet, f]));
  const OPTIONS = {
    show: [["open", "Needs attention"], ["all", "All claims"], ["suppressed", "Suppressed"]],
    verdict: VERDICTS.map((v) => [v, v]),
    severity: SEVERITIES.map((v) => [v, v]),
    family: [...new Set(findings.map((f) => f.family))].sort().map((v) => [v, v]),
    state: [["new", "new"], ["unchanged", "unchanged"]],
  };
  function buildFilters() {
    for (const [facet, options] of Object.entries(OPTIONS)) {
      for (const [value, label] of options) {
        const box = h("input", { type: facet === "show" ? "radio" : "checkbox", name: facet, value });
        fieldsets[facet].append(h("label", { class: "option" }, box, h("span", {}, label), h("span", { class: "of" })));
      }
    }
    const urls = [...byPage.keys()].map((p) => pages[p].url);
    $("page").append(new Option("All pages", ""), ...[...new Set(urls)].map((u) => new Option(short(u), u)));
    const ids = [...new Set(findings.map((f) => f.entry || "none"))].sort();
    $("entry").append(new Option("All entries", ""), ...ids.map((i) => new Option(i === "none" ? "no entry" : i, i)));
    $("filters").addEventListener("submit", (event) => event.preventDefault());
    $("filters").addEventListener("change", (event) => fromForm(event.target, false));
    $("filters").addEventListener("reset", (event) => {
      event.preventDefault();
      location.hash = hashOf(fresh({}));
    });
    let typing = 0;
    $("q").addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => change({ q: $("q").value, finding: "" }, true), 120);
    });
    $("share").addEventListener("click", () => copy(location.href, "Link copied"));
  }
  function fromForm(target) {
    if (target.id === "q") return;
    if (["page", "entry", "sort"].includes(target.id)) return void change({ [target.id]: target.value, finding: "" }, true);
    if (target.name === "show") return void change({ show: target.value, finding: "" }, true);
    const set = new Set(state[target.name]);
    if (target.checked) set.add(target.value);
    else set.delete(target.value);
    const more = { [target.name]: set, finding: "" };
    if (target.name === "verdict" && set.has("supported") && state.show === "open") more.show = "all";
    change(more, true);
  }
  function showFilters() {
    for (const [facet, options] of Object.entries(OPTIONS)) {
      const tally = new Map();
      for (const f of findings) {
        if (!passes(f, facet)) continue;
        if (facet === "show") {
          for (const [value] of options) if (SHOW[value](f)) tally.set(value, (tally.get(value) || 0) + 1);
        } else tally.set(VALUE[facet](f), (tally.get(VALUE[facet](f)) || 0) + 1);
      }
      for (const label of fieldsets[facet].querySelectorAll("label")) {
        const box = label.querySelector("input");
        box.checked = facet === "show" ? state.show === box.value : state[facet].has(box.value);
        label.querySelector(".of").textContent = (tally.get(box.value) || 0).toLocaleString("en");
      }
    }
    if (document.activeElement !== $("q")) $("q").value = state.q;
    for (const one of ["page", "entry", "sort"]) $(one).value = state[one];
  }

  // ---- one finding ---------------------------------------------------------------------------------------------
  const AROUND = 180;
  function statement(f) {
    const block = f.block === null ? null : pages[f.page].blocks[f.block];
    const text = block ? block[2] : f.quote;
    const from = Math.max(0, f.start - AROUND);
    const to = Math.min(text.length, f.end + AROUND);
    const out = [];
    if (f.start > 0) out.push(h("span", { class: "around" }, (from > 0 ? "… " : "") + text.slice(from, f.start)));
    let at = f.start;
    for (const [s, e] of f.marks) {
      if (s < at) continue;
      out.push(text.slice(at, s), h("mark", { class: "telling" }, text.slice(s, e)));
      at = e;
    }
    out.push(text.slice(at, f.end));
    if (f.end < text.length) out.push(h("span", { class: "around" }, text.slice(f.end, to) + (to < text.length ? " …" : "")));
    return h("p", { class: `says ${f.verdict}`, dir: "ltr" }, h("span", {}, ...out));
  }
  function ladder(f) {
    const said = `S${f.strength} ${LADDER[f.strength]}`;
    const none = f.verdict !== "supported" && entries[f.entry] && entries[f.entry].stance !== "accepted";
    const may = f.allowed === null ? (none ? "at no strength" : null) : `up to S${f.allowed} ${LADDER[f.allowed]}`;
    const steps = LADDER.map((name, i) => h("span", {
      class: `step${f.allowed !== null && i <= f.allowed ? " allowed" : ""}${i === f.strength ? " said" : ""}`,
      title: `S${i} ${name}`,
    }, `S${i}`));
    const label = `Said at strength ${said}${may ? `; allowed ${may}` : ""}.`;
    return h("div", { class: "ladder" }, h("span", { class: "steps", role: "img", "aria-label": label }, steps),
      h("span", {}, "Said ", h("strong", {}, said), may ? h("span", { class: "soft" }, ` · allowed ${may}`) : null));
  }
  function better(f) {
    if (!f.better) return null;
    const [label, text] = f.better;
    if (!label) return h("div", { class: "better" }, h("p", {}, text));
    return h("div", { class: "better" },
      h("div", {}, h("span", { class: "label" }, label), h("blockquote", {}, text)),
      h("button", { type: "button", "data-copy": "", on: { click: () => copy(text, "Wording copied") } }, "Copy"));
  }
  function cited(e) {
    const twice = !e.identifier || e.citation.includes(e.identifier);
    const text = twice ? e.citation : `${e.citation}, ${e.identifier}`;
    return text.endsWith(".") ? text : `${text}.`;
  }
  function confirmation(e) {
    if (!e.confirmed) return h("span", { class: "tag doubt" }, "not confirmed at the source");
    if (e.unconfirmed) return h("span", { class: "tag doubt" }, "confirmed at the source in part");
    return h("span", { class: "tag ok" }, "confirmed at the source");
  }
  function sources(f) {
    if (!f.evidence.length) return null;
    const items = f.evidence.map((id) => {
      const e = evidence[id];
      if (!e) return h("li", { class: "source" }, id);
      const link = safe(e.url);
      return h("li", { class: "source" }, e.finding, " ", h("cite", {}, cited(e)), " ",
        confirmation(e),
        " ", link ? outside(link, `Open ${id}`) : h("span", { class: "tag" }, id));
    });
    const rest = items.splice(1);
    return h("div", { class: "evidence" }, h("ul", {}, items), rest.length
      ? h("details", {}, h("summary", {}, plural(rest.length, "more source")), h("ul", {}, rest)) : null);
  }
  function reading(f) {
    const entry = entries[f.entry];
    const others = f.wordings.filter((w) => !f.better || w !== f.better[1]);
    const rows = f.cues.map(([slot, value, text, rule, place]) => h("tr", {}, h("td", {}, slot), h("td", {}, value),
      h("td", {}, [text ? `“${text}”` : "", place === "statement" ? "" : `(${place.replace("_", " ")})`].filter(Boolean).join(" ")), h("td", {}, rule)));
    return h("details", {}, h("summary", {}, "How it was read"),
      h("dl", { class: "facts" },
        f.slots.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
        entry ? h("div", {}, h("dt", {}, "entry"), h("dd", {}, `${entry.title}. ${entry.message}`)) : null,
        entry ? h("div", {}, h("dt", {}, "review"), h("dd", {}, entry.reviewed_by ? `${entry.status}: ${entry.reviewed_by}, ${entry.reviewed_on}` : entry.status,
          entry.due ? `; due ${entry.due}` : "")) : null,
        others.length ? h("div", {}, h("dt", {}, "also passes"), h("dd", {}, others.map((w) => h("p", {}, w)))) : null),
      rows.length ? h("table", { class: "plain cues" },
        h("thead", {}, h("tr", {}, ["Slot", "Value", "Words", "Rule"].map((t) => h("th", { scope: "col" }, t)))), h("tbody", {}, rows)) : null);
  }
  function card(f) {
    const page = pages[f.page];
    const where = `${short(page.url)}${f.line ? `, line ${f.line}` : ""}`;
    const block = f.block === null ? null : page.blocks[f.block];
    const live = safe(f.link) || safe(page.url);
    const heading = `h-${f.n}`;
    return h("article", { class: `finding ${f.verdict}${f.open ? "" : " closed"}`, id: `f-${f.n}`, tabindex: "-1", "data-finding": f.id, "aria-labelledby": heading },
      h("div", { class: "head" },
        h("span", { class: `badge ${f.verdict}` }, `${SIGNS[f.verdict]} ${f.verdict}`),
        h("h2", { id: heading }, f.family, h("span", { class: "sr" }, ` ${f.verdict}`)),
        h("span", { class: "soft" }, f.propositions.join(", ").replaceAll("_", " ")),
        f.verdict === "supported" ? null : h("span", { class: "tag" }, f.severity),
        f.state === "unchanged" ? h("span", { class: "tag" }, "unchanged") : null,
        h("span", { class: "where" }, where)),
      block && block[4] ? h("p", { class: "trail" }, block[4]) : null,
      statement(f),
      h("p", { class: "why" }, f.reason),
      ladder(f),
      f.suppressed ? h("p", { class: "suppressed" }, `Suppressed: ${f.suppressed}.`) : null,
      better(f), sources(f), reading(f),
      h("div", { class: "acts" },
        live ? outside(live, safe(f.link) ? "Open live page here" : "Open live page", "quiet") : null,
        block ? h("a", { class: "quiet", href: hashOf(fresh({ view: "pages", page: page.url, finding: f.id })) }, "Show in page") : null,
        f.also > 1 ? h("a", { class: "quiet", href: hashOf(fresh({ show: "all", family: new Set([f.family]), q: f.quote })) }, `Stands on ${plural(f.also, "page")}`) : null,
        h("button", { type: "button", class: "quiet", on: { click: () => copyLink(f) } }, "Copy link")),
      h("p", { class: "fine" }, [f.entry ? `Entry ${f.entry}` : "No entry carries this claim",
        page.captured ? `captured ${page.captured}` : null, page.sha ? `sha256 ${page.sha.slice(0, 16)}…` : null,
        `fingerprint ${f.id}`].filter(Boolean).join(" · ")));
  }
  function copyLink(f) {
    const url = new URL(location.href);
    url.hash = hashOf(fresh({ finding: f.id, show: f.open ? "open" : "all" }));
    copy(url.href, "Link copied");
  }

  // ---- the list, drawn as it is scrolled to --------------------------------------------------------------------
  let drawn = 0;
  function drawMore(until) {
    const stop = Math.min(shown.length, Math.max(until || 0, drawn + CHUNK));
    const piece = document.createDocumentFragment();
    for (; drawn < stop; drawn += 1) piece.append(card(shown[drawn]));
    $("list").append(piece);
  }
  // In words, for narrow screens and for paper, where the form is not to be seen.
  function filterInWords() {
    const parts = FACETS.filter((facet) => state[facet].size).map((facet) => `${facet} ${[...state[facet]].join(" or ")}`);
    if (state.page) parts.push(`page ${short(state.page)}`);
    if (state.entry) parts.push(state.entry === "none" ? "no entry" : `entry ${state.entry}`);
    if (state.q) parts.push(`with “${state.q}”`);
    const only = parts.length ? `only ${parts.join("; ")}` : "";
    const which = state.show === "open" ? "" : OPTIONS.show.find(([value]) => value === state.show)[1];
    const said = [which, only].filter(Boolean).join("; ");
    return said.slice(0, 1).toUpperCase() + said.slice(1);
  }
  function drawList() {
    select();
    $("filtered").textContent = filterInWords();
    $("filtered").hidden = !$("filtered").textContent;
    showFilters();
    drawn = 0;
    $("list").replaceChildren();
    const on = new Set(shown.map((f) => f.page)).size;
    $("count").textContent = shown.length ? `${plural(shown.length, "finding")} on ${plural(on, "page")}`
      : "Nothing matches. Clear a filter to see more.";
    drawMore();
  }
  function reveal(id) {
    const wanted = byId.get(id);
    if (!wanted) return;
    let at = shown.indexOf(wanted);
    if (at < 0) {
      shown.unshift(wanted);
      $("list").prepend(card(wanted));
      drawn += 1;
      at = 0;
    }
    drawMore(at + 1);
    goTo(at, "auto");
  }
  let current = -1;
  function goTo(at, behavior) {
    if (at < 0 || at >= shown.length) return;
    if (at >= drawn) drawMore(at + 1);
    current = at;
    const element = $(`f-${shown[at].n}`);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start", behavior });
  }
  new IntersectionObserver((seen) => {
    if (state.view === "findings" && seen.some((one) => one.isIntersecting) && drawn < shown.length) drawMore();
  }, { rootMargin: "1200px" }).observe($("more"));

  // ---- pages ---------------------------------------------------------------------------------------------------
  const flagged = (list) => list.filter((f) => f.open).length;
  function drawPages() {
    const page = pages.findIndex((p) => p.url === state.page);
    $("pages-list").hidden = page >= 0;
    $("page-view").hidden = page < 0;
    if (page >= 0) return drawPage(page);
    if ($("pages-table").childElementCount) return;
    const rows = pages.map((p, n) => [p, n]).filter(([p]) => p.blocks.length)
      .sort((a, b) => flagged(byPage.get(b[1]) || []) - flagged(byPage.get(a[1]) || []) || a[1] - b[1])
      .map(([p, n]) => {
        const mine = byPage.get(n) || [];
        return h("tr", {}, h("td", {}, h("a", { href: hashOf(fresh({ view: "pages", page: p.url })) }, p.title || short(p.url)), h("div", { class: "fine" }, short(p.url))),
          h("td", { class: "n" }, flagged(mine).toLocaleString("en")), h("td", { class: "n" }, mine.length.toLocaleString("en")),
          h("td", { class: "n" }, String(p.omissions.length)));
      });
    $("pages-table").append(h("div", { class: "card" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Page"),
      ["To do", "Claims", "Left out"].map((t) => h("th", { scope: "col", class: "n" }, t)))), h("tbody", {}, rows))));
  }
  function pieces(text, mine) {
    const cuts = [...new Set([0, text.length, ...mine.flatMap((f) => [f.start, f.end])])].sort((a, b) => a - b);
    const out = [];
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const here = mine.filter((f) => f.start <= cuts[i] && f.end >= cuts[i + 1]);
      const words = text.slice(cuts[i], cuts[i + 1]);
      if (!here.length) out.push(words);
      else {
        const worst = VERDICTS.find((v) => here.some((f) => f.verdict === v));
        out.push(h("mark", { class: worst, title: here.map((f) => `${f.family}: ${f.verdict}`).join("; ") }, words));
      }
    }
    return out;
  }
  const KINDS = { title: "title", meta: "description", alt: "image text", structured_data: "structured data", question: "question", button: "button" };
  function drawPage(number) {
    const page = pages[number];
    const mine = byPage.get(number) || [];
    const live = safe(page.url);
    const lines = page.blocks.map((block, index) => {
      const [kind, region, text] = block;
      const here = mine.filter((f) => f.block === index);
      const label = [KINDS[kind], region === "main" ? null : region].filter(Boolean).join(", ");
      return h("div", { class: `line ${kind}${region === "main" ? "" : " aside-text"}`, id: `b-${index}` },
        h("p", { dir: "ltr" }, label ? h("span", { class: "kind" }, label) : null, pieces(text, here)),
        h("div", { class: "margin" }, here.map((f) => h("a", {
          class: f.verdict, href: hashOf(fresh({ finding: f.id, show: f.open ? "open" : "all", page: page.url, sort: "page" })), title: f.reason,
          "data-finding": f.id,
        }, `${SIGNS[f.verdict]} ${f.family}`, h("span", { class: "sr" }, ` ${f.verdict}`)))));
    });
    $("page-view").replaceChildren(
      h("p", {}, h("a", { class: "quiet", href: "#view=pages" }, "‹ All pages")),
      h("h1", {}, page.title || short(page.url)),
      h("p", { class: "lede" }, live ? outside(live, short(page.url)) : short(page.url), ` · ${plural(mine.length, "claim")}, ${flagged(mine)} to do`),
      h("p", { class: "fine" }, [page.captured ? `Captured ${page.captured}` : null, page.sha ? `sha256 ${page.sha}` : null].filter(Boolean).join(" · ")),
      page.omissions.length ? h("section", { class: "card omission", "aria-label": "Left out" }, page.omissions.map((o) => h("p", {}, h("strong", {}, o.title), ". ", o.reason))) : "",
      h("div", { class: "pagetext" }, lines));
    const wanted = byId.get(state.finding);
    if (wanted && wanted.page === number && wanted.block !== null) {
      const target = $(`b-${wanted.block}`);
      target.scrollIntoView({ block: "center", behavior: "auto" });
      const link = [...target.querySelectorAll("a[data-finding]")].find((a) => a.dataset.finding === wanted.id);
      if (link) link.focus({ preventScroll: true });
    }
  }

  const toPage = (page) => (page.blocks.length
    ? h("a", { href: hashOf(fresh({ view: "pages", page: page.url })) }, short(page.url)) : short(page.url));

  // ---- left out, unread ----------------------------------------------------------------------------------------
  function drawOmissions() {
    if ($("omissions-list").childElementCount) return;
    const kinds = new Map();
    pages.forEach((page, n) => page.omissions.forEach((o) => {
      const key = `${o.kind}\n${o.reason}`;
      if (!kinds.has(key)) kinds.set(key, [o, []]);
      kinds.get(key)[1].push([page, n, o]);
    }));
    const cards = [...kinds.values()].sort((a, b) => b[1].length - a[1].length).map(([o, on]) => h("section", { class: "card omission" },
      h("h2", {}, `${o.title} `, h("span", { class: "tag" }, o.severity), " ", h("span", { class: "tag" }, plural(on.length, "page"))),
      h("p", {}, o.reason),
      o.add ? h("div", { class: "better" }, h("div", {}, h("span", { class: "label" }, "What could be added"), h("blockquote", {}, o.add)),
        h("button", { type: "button", on: { click: () => copy(o.add, "Wording copied") } }, "Copy")) : null,
      h("ul", {}, on.map(([page, , own]) => h("li", {}, toPage(page),
        own.suppressed ? h("span", { class: "soft" }, ` (${own.suppressed})`) : null)))));
    $("omissions-list").append(...(cards.length ? cards : [h("p", {}, "Nothing was found to be left out.")]));
  }
  function drawCoverage() {
    if ($("unread-list").childElementCount) return;
    const items = [];
    pages.forEach((page) => page.unread.forEach(([block, seen]) => {
      const text = page.blocks[block] ? page.blocks[block][2] : "";
      items.push(h("li", {}, text, " ", h("span", { class: "soft" }, `${seen} · `), toPage(page)));
    }));
    $("unread-list").append(items.length ? h("ul", {}, items.slice(0, 500)) : h("p", {}, "None."));
    if (items.length > 500) $("unread-list").append(h("p", { class: "soft" }, `${plural(items.length - 500, "more block")} in the json report.`));
  }

  // ---- putting it together -------------------------------------------------------------------------------------
  const DRAW = { overview: () => {}, findings: drawList, pages: drawPages, omissions: drawOmissions, coverage: drawCoverage };
  function apply() {
    const before = state;
    state = readHash();
    for (const view of VIEWS) $(view).hidden = view !== state.view;
    for (const link of document.querySelectorAll("nav a[data-view]")) {
      if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    current = -1;
    DRAW[state.view]();
    if (before.view !== state.view || before.page !== state.page) scrollTo({ top: 0, behavior: "instant" });
    if (state.view === "findings" && state.finding) reveal(state.finding);
    if (state.view === "pages" && state.finding) drawPages();
  }
  addEventListener("hashchange", apply);

  const theme = () => document.documentElement.dataset.theme;
  $("theme").addEventListener("click", () => {
    const dark = theme() ? theme() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    toast(dark ? "Light" : "Dark");
  });
  $("keys").addEventListener("click", () => $("help").showModal());
  $("close").addEventListener("click", () => $("help").close());

  const typing = () => /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName) && document.activeElement.type !== "checkbox" && document.activeElement.type !== "radio";
  const focused = () => {
    const element = document.activeElement.closest(".finding");
    return element ? shown.findIndex((f) => `f-${f.n}` === element.id) : current;
  };
  const KEYS = {
    j: () => goTo(focused() + 1, "auto"),
    k: () => goTo(Math.max(0, focused() - 1), "auto"),
    c: () => { const f = shown[focused()]; if (f && f.better && f.better[0]) copy(f.better[1], "Wording copied"); },
    l: () => { const f = shown[focused()]; if (f) copyLink(f); },
    o: () => { const f = shown[focused()]; const url = f && (safe(f.link) || safe(pages[f.page].url)); if (url) open(url, "_blank", "noopener,noreferrer"); },
    p: () => { const f = shown[focused()]; if (f) location.hash = hashOf(fresh({ view: "pages", page: pages[f.page].url, finding: f.id })); },
    "/": () => { change({ view: "findings", finding: "" }, true); $("q").focus(); $("q").select(); },
    "?": () => $("help").showModal(),
  };
  const ONLY_FINDINGS = new Set(["j", "k", "c", "l", "o", "p"]);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (event.key === "Escape" && document.activeElement === $("q")) return void $("list").querySelector(".finding")?.focus();
    if (typing()) return;
    if (/^[1-5]$/.test(event.key)) { event.preventDefault(); location.hash = `#view=${VIEWS[event.key - 1]}`; return; }
    const run = KEYS[event.key];
    if (!run || (ONLY_FINDINGS.has(event.key) && state.view !== "findings")) return;
    event.preventDefault();
    run();
  });

  // Print what is filtered, all of it; a page view prints alone.
  addEventListener("beforeprint", () => {
    const alone = state.view === "pages";
    $("pages").classList.toggle("printed", alone);
    for (const one of ["overview", "findings"]) $(one).classList.toggle("unprinted", alone);
    if (alone) return;
    if (state.view !== "findings") drawList();
    drawMore(shown.length);
    drawOmissions();
    drawCoverage();
    for (const details of document.querySelectorAll(".evidence details")) details.open = true;
  });

  buildFilters();
  if (matchMedia("(max-width: 56rem)").matches) $("filterbox").open = false;
  apply();
  document.documentElement.dataset.ready = "yes";
})();
