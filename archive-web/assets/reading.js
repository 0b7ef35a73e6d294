// What makes reading handier; without it every page works by its links and buttons.
"use strict";

// Keys work while the page itself has the focus, so that they take nothing from other uses of the keyboard.
for (const sheet of document.querySelectorAll("[data-keys]")) {
  sheet.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === "=" ? "+" : event.key;
    const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`)
      || document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    if (!link) return;
    event.preventDefault();
    sessionStorage.setItem("reading", "1");
    link.click();
  });
  if (sessionStorage.getItem("reading")) {
    sessionStorage.removeItem("reading");
    sheet.focus({ preventScroll: true });
  }
}

// Suggestions while typing: the last letters asked for win, whatever answer comes first.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const list = document.getElementById(box.getAttribute("list"));
  let waiting, asked = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const turn = ++asked;
      if (!box.value.trim()) return list.replaceChildren();
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`);
        const { suggestions = [] } = answer.ok ? await answer.json() : {};
        if (turn !== asked) return;
        list.replaceChildren(...suggestions.map((text) => Object.assign(document.createElement("option"), { value: text })));
      } catch { /* offline or stopped: typing goes on without suggestions */ }
    }, 180);
  });
}
