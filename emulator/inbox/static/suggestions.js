// The search box: keys and known values of the q language, as one types.
"use strict";
(() => {
  const box = document.getElementById("q"), list = document.getElementById("suggestions");
  if (!box || !list) return;
  const ABOUT = {
    provider: "who carries it", account: "whose it is", to: "recipient", from: "sender", status: "where it stands", encoding: "alphabet",
    campaign: "its campaign", reference: "your own reference", direction: "out or in", text: "words of the text", segments: "number of parts, also >1",
    price: "what it cost, also >0.1", parts: "the same as segments:", after: "newer than a message id" };
  let chosen = -1;

  const term = () => box.value.slice(0, box.selectionStart).split(/\s/).pop();

  function offers() {
    const typed = term().replace(/^-/, "");
    const [key, value] = typed.includes(":") ? typed.split(/:(.*)/) : [typed, null];
    if (value === null) return list.dataset.keys.split(" ").filter((name) => name.startsWith(key)).map((name) => [`${name}:`, ABOUT[name] || ""]);
    const values = list.dataset[key] ? list.dataset[key].split(" ") : [];
    return values.filter((one) => one.startsWith(value) && one !== value).map((one) => [`${key}:${one}`, ""]);
  }

  function show() {
    const found = document.activeElement === box ? offers() : [];
    chosen = -1;
    list.replaceChildren(...found.map(([text, about], index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.text = text;
      const code = document.createElement("code"), small = document.createElement("small");
      code.textContent = text; small.textContent = about;
      item.append(code, small);
      return item;
    }));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    box.removeAttribute("aria-activedescendant");
  }

  function point(step) {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (chosen + step + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", items[chosen].id);
  }

  function take(text) {
    const end = box.selectionStart, typed = term(), minus = typed.startsWith("-") ? "-" : "";
    const start = end - typed.length;
    const space = text.endsWith(":") ? "" : " ";
    box.value = box.value.slice(0, start) + minus + text + space + box.value.slice(end);
    box.focus();
    box.selectionStart = box.selectionEnd = start + minus.length + text.length + space.length;
    if (space) box.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  const hide = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); };
  box.addEventListener("input", show);
  box.addEventListener("focus", () => { if (!box.value) show(); });
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); if (list.hidden) show(); point(event.key === "ArrowDown" ? 1 : -1); }
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0 && !list.hidden) { event.preventDefault(); take(list.children[chosen].dataset.text); }
    else if (event.key === "Enter") hide();
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); hide(); }
    else if (event.key === "Escape" && box.value) { event.preventDefault(); box.value = ""; box.dispatchEvent(new Event("input", { bubbles: true })); hide(); }
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (item) { event.preventDefault(); take(item.dataset.text); }
  });
})();
