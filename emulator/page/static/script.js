"use strict";

// The request log follows what happens, unless it is paused.
const rows = document.getElementById("rows");
const live = document.getElementById("live");
if (rows && live) {
  const news = document.getElementById("news");
  let seen; // As the server wrote it; the first time says nothing new.
  live.hidden = false;
  live.addEventListener("click", () => {
    live.setAttribute("aria-pressed", String(live.getAttribute("aria-pressed") !== "true"));
  });
  const follow = async () => {
    if (live.getAttribute("aria-pressed") === "true" && !document.hidden && !rows.contains(document.activeElement)) {
      try {
        const response = await fetch("/_emulator/log");
        const text = (await response.text()).trim();
        if (response.ok && text !== seen) {
          rows.innerHTML = text; // The server wrote and escaped it, as it did the page.
          if (seen !== undefined) news.textContent = "The request log has changed.";
          seen = text;
        }
      } catch {
        news.textContent = "The emulator does not answer.";
      }
    }
    setTimeout(follow, 1500);
  };
  setTimeout(follow, 1500);
}

// The virtual clock ticks at its own speed.
const now = document.getElementById("now");
if (now) {
  const began = performance.now();
  const { now: start, speed, zone } = now.dataset;
  setInterval(() => {
    const at = Number(start) + (performance.now() - began) * Number(speed) + Number(zone) * 60000;
    const text = new Date(at).toISOString();
    now.textContent = text.slice(0, 10) + " " + text.slice(11, 19);
  }, 250);
}

// Code is copied by a button.
for (const box of document.querySelectorAll(".copyable")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(box.querySelector("code").textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(box.querySelector("code"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  box.append(button);
}

// Actions are found by any word of theirs, and bring their parameters along.
const search = document.getElementById("search");
if (search) {
  const choices = [...document.querySelectorAll("#actions .choice")];
  const parameters = document.getElementById("parameters");
  search.hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    for (const c of choices) c.hidden = !words.every((w) => c.textContent.toLowerCase().includes(w));
    document.getElementById("no-actions").textContent = choices.some((c) => !c.hidden) ? "" : "No action is called so.";
  });
  for (const c of choices) {
    const radio = c.querySelector("input");
    radio.addEventListener("change", () => {
      parameters.value = radio.dataset.parameters;
      parameters.rows = Math.max(3, parameters.value.split("\n").length);
    });
  }
}

// A form sends only itself, so what was typed into another is asked about.
const forms = [...document.querySelectorAll(".columns form[method=post]")];
const changed = new Set();
for (const form of forms) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", (event) => {
    const others = [...changed].filter((f) => f !== form).length > 0;
    if (others && !confirm("What you typed elsewhere on this page is not saved. Go on without it?")) event.preventDefault();
  });
}
