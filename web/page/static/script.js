"use strict";

// What was just done is read out: a live region speaks of what changes in it.
for (const p of document.querySelectorAll(".news p")) {
  const text = p.textContent;
  p.textContent = "";
  setTimeout(() => { p.textContent = text; }, 150);
}

// A button that was pressed says so, and cannot be pressed twice.
const busy = new Set();
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button");
    if (busy.has(form)) return event.preventDefault();
    busy.add(form);
    if (button.dataset.busy) {
      button.dataset.text = button.textContent;
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
}
addEventListener("pageshow", () => { // By the browser's back button the page comes as it was left.
  busy.clear();
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.textContent = button.dataset.text;
    button.removeAttribute("aria-busy");
  }
});

// Filters apply by themselves. Words are found as they are typed where all
// accounts are on the page; otherwise the server finds them, after a pause.
const filter = document.querySelector(".filter");
if (filter) {
  const q = filter.elements.q;
  const rows = [...document.querySelectorAll(".accounts tbody tr")].map((row) => [row, row.querySelector("th").textContent.toLowerCase()]);
  const found = document.querySelector(".found");
  const whole = filter.dataset.whole === "true" && q.value === "" && rows.length > 0;
  const send = () => {
    for (const field of filter.elements) if (field.value === "") field.disabled = true; // The link stays short.
    sessionStorage.setItem("focus", document.activeElement.name || "");
    filter.submit();
  };
  let pause;
  filter.addEventListener("change", (event) => { if (event.target !== q) send(); });
  const find = () => {
    clearTimeout(pause);
    if (!whole) {
      pause = setTimeout(send, 600);
      return;
    }
    const words = q.value.toLowerCase().split(/\s+/);
    let n = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((w) => text.includes(w));
      if (!row.hidden) n++;
    }
    pause = setTimeout(() => { found.textContent = found.dataset.text.replace("{n}", n).replace("{total}", rows.length); }, 300);
  };
  q.addEventListener("input", (event) => { if (!event.isComposing) find(); }); // Pinyin is no word yet.
  q.addEventListener("compositionend", find);
  const focus = sessionStorage.getItem("focus");
  sessionStorage.removeItem("focus");
  if (focus && filter.elements[focus]) {
    filter.elements[focus].focus();
    if (focus === "q") q.setSelectionRange(q.value.length, q.value.length);
  }
  addEventListener("pageshow", () => { for (const field of filter.elements) field.disabled = false; });
}

// Code is copied by a button.
for (const box of document.querySelectorAll(".copyable")) {
  const button = document.createElement("button");
  const code = box.querySelector("code");
  button.type = "button";
  button.textContent = box.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = box.dataset.copied;
      setTimeout(() => { button.textContent = box.dataset.copy; }, 1500);
    } catch {
      getSelection().selectAllChildren(code);
    }
  });
  box.append(button);
}

// Whoever comes back to a page after a while sees what is true now, unless
// something was typed.
const written = Date.now();
let typed = false;
addEventListener("input", () => { typed = true; });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !typed && busy.size === 0 && Date.now() - written > 5 * 60000) location.reload();
});
