// Keyboard, dialogs and ticks. Everything here also works without it: the pages are plain forms and links.
"use strict";
const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr[tabindex]")];
const typing = (target) => target.closest("input, select, textarea, [contenteditable]") && target.type !== "checkbox";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "/" && !typing(event.target)) {
    const find = document.querySelector("[data-key='/']:not([hidden])");
    if (find) { event.preventDefault(); find.focus(); find.select(); }
  } else if (event.key === "?" && !typing(event.target)) {
    event.preventDefault();
    document.getElementById("keys").showModal();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !typing(event.target)) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(event.target.closest("tr"));
    const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)));
    event.preventDefault();
    all[next].focus();
  } else if (event.key === " " && event.target.matches("tr[tabindex]")) {
    const box = event.target.querySelector("input[type=checkbox]");
    if (box) { event.preventDefault(); box.click(); }
  } else if (event.key === "Enter" && event.target.matches("tr[tabindex]")) {
    const link = event.target.querySelector("a[data-open]");
    if (link) { event.preventDefault(); link.click(); }
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});

// A form is sent once: a second click while the answer is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
});

// Ticking the whole page is one change, kept by one request.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-ticks-page]")) return;
  const boxes = [...document.querySelectorAll("input[name=row]")];
  for (const box of boxes) box.checked = event.target.checked;
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});

// Brygga does not answer, or knows this browser no more: a sentence, until one of the page's questions is answered again.
const away = (when) => { for (const each of document.querySelectorAll("[data-away]")) each.hidden = each.dataset.away !== when; };
document.addEventListener("htmx:error", (event) => { if (event.detail.ctx) away("lost"); });
document.addEventListener("htmx:after:request", (event) => {
  const { status } = event.detail.ctx.response;
  away(status === 401 ? "closed" : status >= 500 ? "lost" : "");
});

// On paper everything is unfolded; the buttons for it stand only where scripts run.
const folds = () => [...document.querySelectorAll("main details")];
for (const button of document.querySelectorAll("[data-prints], [data-unfolds]")) button.hidden = false;
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
  if (event.target.closest("[data-unfolds]")) for (const each of folds()) each.open = true;
});
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = folds().filter((each) => !each.open);
  for (const each of folded) each.open = true;
});
window.addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
