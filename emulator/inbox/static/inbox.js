// What every page does by itself. Markup says what it wants:
//   data-live="/url"            refreshed from that URL whenever something changes (an element with an id; the answer holds the same element)
//   data-copy="text"            a button that copies the text;  data-copy-from="#id" copies what an element shows
//   form[data-api="POST /_emulator/..."]  sends its fields as JSON to the control API; data-json on a field: its value is JSON;
//                               data-done="said when it worked"; data-then="/url" goes there ({id} is the answer's)
//   button[data-dialog="id"]    opens a <dialog>
//   data-now="instant" data-frozen="yes|no"  its .hands show how that clock goes on
"use strict";
(() => {
  const VISIBLE = 1000, HIDDEN = 10000; // milliseconds between two questions
  let cursor = document.body.dataset.cursor;
  let timer = 0, asking = false, failures = 0;
  const stored = JSON.parse(sessionStorage.getItem("unread") || "{}");
  const unread = new Set(stored.ids), seen = new Set(stored.seen); // rows that are marked, and those read meanwhile
  let count = stored.count || 0; // of what is unread, on this page or not
  const title = document.title;

  // Live: one cheap question a second, 304 while nothing is new.
  async function poll() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(`/_emulator/changes?after=${encodeURIComponent(cursor)}`, {
        headers: { "If-None-Match": `"${cursor}"` }, cache: "no-store" });
      if (answer.status === 200) {
        const news = await answer.json();
        if (news.cursor !== cursor) {
          cursor = news.cursor;
          forget(news);
          await refresh();
        }
      }
      failures = 0;
    } catch { failures += 1; }
    document.body.classList.toggle("is-offline", failures > 1);
    asking = false;
    timer = setTimeout(poll, document.hidden ? HIDDEN : VISIBLE * Math.min(2 ** failures, 10));
  }

  const known = () => new Set([...document.querySelectorAll("[data-id]")].map((row) => row.dataset.id));

  async function refresh() {
    const heard = new Set([...document.querySelectorAll(".said")].map((one) => one.id));
    await Promise.all([...document.querySelectorAll("[data-live]")].map(renew));
    if (!document.hidden && heard.size) for (const one of document.querySelectorAll(".said")) if (!heard.has(one.id)) read(one.id.slice(5));
    tell();
  }

  async function renew(element) {
    if (element.id === "list" && element.dataset.first === "no") return; // an older page stands still
    const url = element.dataset.live;
    const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": element.id, Accept: "text/html" } });
    if (!answer.ok || !element.isConnected || element.dataset.live !== url) return;
    const said = element.querySelectorAll(".said").length;
    const before = element.dataset.first === "yes" ? known() : null;
    const grown = element.querySelectorAll("#rows > .row").length;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parsed.getElementById(element.id);
    if (!fresh) return;
    if (element.id === "list") keepGrown(element, fresh, grown);
    Idiomorph.morph(element, fresh.outerHTML, { morphStyle: "outerHTML", ignoreActiveValue: document.activeElement?.matches("input, textarea, select") ?? false, callbacks: { beforeAttributeUpdated: (name, node) => !(name === "open" || (name === "value" && node === document.activeElement)) } });
    const now = document.getElementById(element.id);
    if (now) htmx.process(now);
    if (now?.id === "arrivals") arrive(now.dataset.count);
    if (before) mark(before);
    if (now?.id === "detail" && now.querySelectorAll(".said").length !== said) follow();
  }

  // Pages fetched by "Older" stay below the newest when those are refreshed.
  function keepGrown(element, fresh, grown) {
    const rows = fresh.querySelector("#rows");
    if (!rows || grown <= 50) return;
    const there = new Set([...rows.querySelectorAll(".row")].map((row) => row.id));
    const last = [...rows.querySelectorAll(".row")].pop();
    const present = [...element.querySelectorAll("#rows > .row")];
    const from = last ? present.findIndex((row) => row.id === last.id) : -1;
    if (from < 0) return;
    rows.querySelector("#more")?.remove();
    for (const row of present.slice(from + 1)) if (!there.has(row.id)) rows.append(row.cloneNode(true));
    const more = element.querySelector("#more");
    if (more) rows.append(more.cloneNode(true));
  }

  // What came, on whatever page; nobody knows how much where the server has begun anew.
  function arrive(number) {
    if (number === "unknown") nothingUnread();
    else count += Number(number);
  }

  function nothingUnread() { unread.clear(); seen.clear(); count = 0; }

  function forget(news) {
    for (const id of news.removed) if (unread.delete(id)) count -= 1;
    if (news.reload && !news.total) nothingUnread();
  }

  // New are the rows above the first that was there before.
  function mark(before) {
    for (const row of document.querySelectorAll("#rows > [data-id]")) {
      if (before.has(row.dataset.id)) break;
      row.classList.add("arrives");
      if (!seen.has(row.dataset.id)) unread.add(row.dataset.id);
    }
  }

  // Of the whole stream, the first rows are what came while this list was not looked at, or was too short for it.
  function claim() {
    const list = document.getElementById("list");
    if (list?.dataset.live !== "/" || list.dataset.first !== "yes") return;
    for (const row of list.querySelectorAll("#rows > [data-id]")) {
      if (count <= unread.size) return;
      if (!seen.has(row.dataset.id)) unread.add(row.dataset.id);
    }
  }

  // A conversation is read from its end.
  function follow() {
    const talk = document.querySelector(".talk");
    const pane = talk?.closest(".pane");
    if (pane && pane.scrollHeight > pane.clientHeight + 4) pane.scrollTop = pane.scrollHeight;
    else if (pane) window.scrollTo(0, document.body.scrollHeight);
  }

  // A message that shows is read, whether its row was marked or not.
  function read(id) {
    if (seen.has(id) || !(unread.delete(id) || count > unread.size)) return;
    seen.add(id);
    count -= 1;
  }

  function tell() {
    claim();
    choose();
    count = Math.max(count, unread.size);
    if (!count) seen.clear();
    const place = document.getElementById("arrivals")?.dataset.live;
    sessionStorage.setItem("unread", JSON.stringify({ ids: [...unread].slice(-1000), seen: [...seen].slice(-1000), count, place }));
    const shown = count.toLocaleString("en");
    document.title = count ? `(${shown}) ${title}` : title;
    const button = document.querySelector("[data-read-all]");
    if (button) {
      button.hidden = !count;
      button.textContent = `${shown} new`;
      button.setAttribute("aria-label", `${shown} new, mark all as read`);
    }
    for (const row of document.querySelectorAll("[data-id]")) row.classList.toggle("is-new", unread.has(row.dataset.id));
    nameCountries();
  }

  function choose() {
    const chosen = document.querySelector("[data-chosen]")?.dataset.chosen;
    for (const row of document.querySelectorAll("#rows > [data-id]")) row.classList.toggle("is-chosen", row.dataset.id === chosen);
    if (unread.has(chosen)) read(chosen);
    for (const one of document.querySelectorAll(".said")) if (unread.has(one.id.slice(5))) read(one.id.slice(5));
  }

  // The browser knows the names of countries; the server would need a quarter of a second to learn them.
  const regions = new Intl.DisplayNames(["en"], { type: "region" });
  function nameCountries() {
    for (const place of document.querySelectorAll("[data-country]:not([title])")) {
      try { place.title = regions.of(place.textContent.trim()); } catch { /* no country */ }
    }
  }

  // Copying
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch { // no secure context: the old way
      const area = document.createElement("textarea");
      area.value = text; area.className = "sr"; document.body.append(area); area.select();
      document.execCommand("copy"); area.remove();
    }
    toast(text.length <= 24 ? `Copied ${text}` : "Copied");
  }

  function toast(text, bad = false) {
    const note = document.createElement("div");
    note.className = bad ? "toast bad" : "toast";
    note.textContent = text;
    document.querySelector(".toasts").append(note);
    setTimeout(() => note.remove(), bad ? 8000 : 2400);
  }

  // Forms that speak to the control API
  async function send(form, submitter) {
    const [method, url] = (submitter?.dataset.api || form.dataset.api).split(" ");
    const body = {};
    for (const field of form.elements) {
      if (!field.name || field.disabled || (["checkbox", "radio"].includes(field.type) && !field.checked)) continue;
      if (field.tagName === "BUTTON" && field !== submitter) continue;
      if (field.value === "" && !field.required) continue;
      body[field.name] = field.dataset.json !== undefined ? JSON.parse(field.value) : field.value;
    }
    const init = { method, headers: { Accept: "application/json" } };
    if (Object.keys(body).length) { init.body = JSON.stringify(body); init.headers["Content-Type"] = "application/json"; }
    const answer = await fetch(url, init);
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) { toast(said.error?.message || `${answer.status}`, true); return; }
    if (form.dataset.done) toast(form.dataset.done);
    if (form.dataset.clear !== undefined) form.reset();
    if (form.dataset.then) { location.assign(form.dataset.then.replace("{id}", encodeURIComponent(said.id ?? ""))); return; }
    await refresh();
    poll();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-api]")) return;
    event.preventDefault();
    send(form, event.submitter).catch((error) => toast(String(error), true));
  });

  // A handset may send nothing but blanks; who writes here has only slipped.
  const isWritten = (field) => field.setCustomValidity(field.value.trim() ? "" : "Write something first.");
  document.addEventListener("input", (event) => { if (event.target.matches?.("textarea[required]")) isWritten(event.target); });

  document.addEventListener("keydown", (event) => { // Enter sends, Shift-Enter is a new line
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches?.("[data-send-on-enter]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const copied = on("[data-copy], [data-copy-from]");
    if (copied) {
      event.preventDefault();
      copy(copied.dataset.copy ?? document.querySelector(copied.dataset.copyFrom)?.textContent ?? "");
    }
    const opener = on("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (on("[data-read-all]")) { nothingUnread(); tell(); }
    const row = on("[data-id]");
    if (row && on(".row-link") && unread.has(row.dataset.id)) { read(row.dataset.id); tell(); }
    const filled = on("[data-fill]");
    if (filled) { const field = document.querySelector(filled.dataset.into); field.value = filled.dataset.fill; isWritten(field); field.form.requestSubmit(); }
  });

  document.addEventListener("htmx:afterSettle", (event) => { tell(); event.detail.elt?.querySelector?.("[autofocus]")?.focus(); if (event.detail.elt?.querySelector?.(".talk")) follow(); });
  document.addEventListener("htmx:responseError", (event) => toast(`${event.detail.xhr.status}: ${event.detail.xhr.statusText || "that did not work"}`, true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });

  // Clocks go on between two answers.
  setInterval(() => {
    for (const clock of document.querySelectorAll("[data-now]")) {
      if (clock.dataset.frozen === "yes") continue;
      if (clock.dataset.now !== clock.since) { clock.since = clock.dataset.now; clock.from = performance.now(); }
      clock.querySelector(".hands").textContent = new Date(Date.parse(clock.since) + performance.now() - clock.from).toISOString().slice(11, 19);
    }
  }, 1000);

  window.inbox = { refresh, toast, copy, poll };
  follow();
  if (stored.place) { // what came on the way from page to page
    const arrivals = document.getElementById("arrivals");
    const isAnother = arrivals.dataset.live !== stored.place;
    arrivals.dataset.live = stored.place;
    if (isAnother) renew(arrivals).then(tell, () => {});
  }
  tell();
  timer = setTimeout(poll, VISIBLE);
})();
