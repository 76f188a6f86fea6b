// The keyboard: j k Enter Esc / ? and the rest that the help dialog lists.
"use strict";
(() => {
  const links = () => [...document.querySelectorAll("[data-id] .row-link")];
  let leader = 0, coming = false;
  const held = [];

  function move(step) {
    const all = links();
    if (!all.length) return;
    const focused = all.indexOf(document.activeElement);
    const chosen = all.findIndex((link) => link.closest(".is-chosen"));
    const from = focused >= 0 ? focused : chosen;
    const to = from < 0 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
    all[to].focus();
    all[to].closest("[data-id]").scrollIntoView({ block: "nearest" });
    if (to === all.length - 1) document.querySelector("#more a")?.click();
  }

  function leave() {
    const left = document.querySelector("[data-chosen]")?.dataset.chosen;
    if (left === undefined) return;
    const row = () => [...document.querySelectorAll("[data-id]")].find((one) => one.dataset.id === left);
    document.addEventListener("htmx:afterSettle", () => row()?.querySelector(".row-link").focus(), { once: true });
    document.querySelector("[data-back]")?.click();
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => document.getElementById("help").showModal(),
    Escape: leave,
    c: () => (document.querySelector("#detail [data-copy].code") || document.activeElement.closest?.("[data-id]")?.querySelector(".code"))?.click(),
    g: () => { leader = Date.now(); },
    1: () => document.querySelector('[data-tab="text"]')?.click(),
    2: () => document.querySelector('[data-tab="timeline"]')?.click(),
    3: () => document.querySelector('[data-tab="wire"]')?.click(),
  };
  const ABOUT_THE_DETAIL = ["1", "2", "3", "c", "Escape"]; // while another is on its way, they are meant for that one
  const PLACES = { s: "/", p: "/phones", c: "/campaigns", o: "/controls", t: "/contracts" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const field = event.target.closest?.("input, textarea, select");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (leader && Date.now() - leader < 1200 && PLACES[event.key]) { location.assign(PLACES[event.key]); return; }
    leader = 0;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    if (coming && ABOUT_THE_DETAIL.includes(event.key)) held.push(act);
    else act();
  });

  const isDetail = (event) => event.detail.target?.id === "detail";
  document.addEventListener("htmx:beforeRequest", (event) => { if (isDetail(event)) coming = true; });
  for (const end of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:abort"]) {
    document.addEventListener(end, (event) => {
      if (!isDetail(event)) return;
      coming = false;
      while (held.length && !coming) held.shift()();
    });
  }
})();
