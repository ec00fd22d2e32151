// The pages work without this script. It copies tokens, keeps lists fresh, and
// sends a filter when its choice changes.
"use strict";

const spoken = document.getElementById("spoken");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard; // browsers have none where the page is not trustworthy
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    spoken.textContent = spoken.dataset.copied;
    const label = button.textContent;
    button.textContent = "✓";
    setTimeout(() => { button.textContent = label; spoken.textContent = ""; }, 1200);
  });
}

for (const form of document.querySelectorAll("[data-filter]")) {
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
}

// mergeList takes over the entries that are new and drops those that are gone.
// Entries stay the elements they are, so that one that is open, focused or
// partly selected remains so.
function mergeList(list, fresh) {
  const wanted = new Set([...fresh.children].map((entry) => entry.id));
  for (const entry of [...list.children]) if (!wanted.has(entry.id)) entry.remove();
  let at = list.firstElementChild;
  for (const entry of [...fresh.children]) {
    if (at && at.id === entry.id) {
      at = at.nextElementSibling;
    } else {
      entry.classList.add("fresh");
      list.insertBefore(entry, at);
    }
  }
}

const regions = [...document.querySelectorAll("[data-live]")];
let etag = "";
let paused = false;

async function refresh() {
  if (paused || document.hidden) return;
  const answer = await fetch(location.href, {cache: "no-store", headers: etag ? {"If-None-Match": etag} : {}});
  if (answer.status !== 200) return; // 304: nothing has changed
  etag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of regions) {
    const other = fresh.getElementById(region.id);
    if (!other) continue;
    if (region.dataset.live === "list") mergeList(region, other);
    else if (region.innerHTML !== other.innerHTML && !region.contains(document.activeElement)) region.innerHTML = other.innerHTML;
  }
}

const refreshEvery = 1500; // milliseconds
async function keepFresh() {
  try { await refresh(); } catch { /* the sandbox has stopped or restarts: look again later */ }
  setTimeout(keepFresh, refreshEvery);
}
if (regions.some((region) => region.id !== "navigation")) setTimeout(keepFresh, refreshEvery);

for (const button of document.querySelectorAll("[data-pause]")) {
  button.hidden = false;
  const labels = [button.textContent, button.dataset.pause];
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = labels[Number(paused)];
  });
}

// "/" goes to the filter, as on other pages of this kind: once the key is up,
// so that it does not write itself there.
const field = document.querySelector("[data-filter] input");
const slash = (event) => event.key === "/" && field && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
addEventListener("keydown", (event) => { if (slash(event)) event.preventDefault(); });
addEventListener("keyup", (event) => { if (slash(event)) field.focus(); });
