// The behaviour of the site's pages. It is loaded in the head and runs before the
// page is painted, so that a dark page does not flash.
"use strict";

(() => {
  const store = "kakaorpc.theme";
  const root = document.documentElement;
  // Storage may be switched off; the page then forgets the choice.
  const remember = (value) => { try { localStorage.setItem(store, value); } catch { /* forgotten */ } };
  const remembered = () => { try { return localStorage.getItem(store); } catch { return null; } };

  const picked = remembered();
  if (picked === "light" || picked === "dark") root.dataset.theme = picked;

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    copying();
    addresses();
    finder();
    errors();
    health();
    keys();
  });

  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  function theme() {
    const button = document.getElementById("theme");
    const say = () => { button.title = isDark() ? button.dataset.light : button.dataset.dark; };
    say();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      say();
    });
  }

  // Each command has a button that copies it.
  function copying() {
    for (const button of document.querySelectorAll(".copy")) {
      const label = button.textContent;
      button.addEventListener("click", async () => {
        const command = button.parentElement.querySelector("code");
        try {
          await navigator.clipboard.writeText(command.textContent);
        } catch {
          // Without https the clipboard is closed: select the text instead.
          getSelection().selectAllChildren(command);
          return;
        }
        button.textContent = button.dataset.copied;
        setTimeout(() => { button.textContent = label; }, 1500);
      });
    }
  }

  // The commands name the address by which this page was reached.
  function addresses() {
    const paste = document.querySelector(".paste");
    if (!paste) return;
    const grpc = paste.dataset.grpc.replace(/^.*:/, location.hostname + ":");
    for (const command of paste.querySelectorAll("code")) {
      command.textContent = command.textContent
        .replaceAll(paste.dataset.facade, location.origin)
        .replaceAll(paste.dataset.grpc, grpc);
    }
  }

  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  // narrowing shows of groups what is wanted of each, and opens those that have
  // any of it. When nothing is looked for any more, they are as they were before.
  function narrowing(groups, entries) {
    const all = [...groups].map((group) => ({
      group, tally: group.querySelector("summary .count"),
      entries: [...group.querySelectorAll(entries)].map((entry) => ({ entry, text: entry.textContent.toLowerCase() })),
    }));
    let before = null;
    return (looking, wanted) => {
      if (looking && !before) before = all.map(({ group }) => group.open);
      let count = 0;
      for (const { group, tally, entries } of all) {
        let here = 0;
        for (const { entry, text } of entries) {
          entry.hidden = !wanted(group, text);
          here += entry.hidden ? 0 : 1;
        }
        group.hidden = here === 0;
        tally.textContent = looking ? `${here} / ${entries.length}` : entries.length;
        if (looking) group.open = here > 0;
        count += here;
      }
      if (!looking && before) {
        all.forEach(({ group }, i) => { group.open = before[i]; });
        before = null;
      }
      return count;
    };
  }

  // The table shows the rows that have every word, of the chosen product.
  function finder() {
    const search = document.getElementById("search");
    if (!search) return;
    const chips = [...document.querySelectorAll(".chips .chip")];
    const found = document.getElementById("found");
    const narrow = narrowing(document.querySelectorAll("#table details"), "tr.row");
    let product = "";
    const show = () => {
      const wanted = words(search.value);
      const looking = wanted.length > 0 || product !== "";
      const count = narrow(looking, (group, text) => (!product || group.dataset.product === product) && wanted.every((word) => text.includes(word)));
      found.textContent = looking ? `${count} / ${found.dataset.all}` : found.dataset.all;
      document.getElementById("nothing").hidden = count > 0;
      document.getElementById("table").hidden = count === 0;
    };
    search.addEventListener("input", show);
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        product = chip.dataset.product;
        for (const other of chips) other.setAttribute("aria-pressed", String(other === chip));
        show();
      });
    }
    show(); // the browser may have kept what was typed before a reload
  }

  // The catalogue shows the reasons that have every word.
  function errors() {
    const search = document.getElementById("error-search");
    if (!search) return;
    const found = document.getElementById("errors-found");
    const list = document.getElementById("error-list");
    const narrow = narrowing(list.querySelectorAll("details"), ".error");
    const show = () => {
      const wanted = words(search.value);
      const count = narrow(wanted.length > 0, (_, text) => wanted.every((word) => text.includes(word)));
      found.textContent = wanted.length ? `${count} / ${found.dataset.all}` : found.dataset.all;
      document.getElementById("errors-nothing").hidden = count > 0;
      list.hidden = count === 0;
    };
    search.addEventListener("input", show);
    show();
    // Who follows a link to a reason must find it, whatever was typed and closed.
    // Not every browser opens what is closed around the target of a link.
    const follow = () => {
      const target = document.getElementById(location.hash.slice(1));
      const group = target && target.closest("#error-list details");
      if (!group) return;
      if (target.hidden) {
        search.value = "";
        show();
      }
      group.open = true;
      target.scrollIntoView();
    };
    addEventListener("hashchange", follow);
    follow();
  }

  // Kakao's health, again every few seconds while somebody looks.
  function health() {
    const hosts = document.getElementById("hosts");
    if (!hosts) return;
    const rows = new Map([...hosts.querySelectorAll("dd")].map((row) => [`${row.dataset.host} ${row.dataset.product}`, row]));
    const ask = async () => {
      if (document.hidden) return;
      let answer;
      try {
        const response = await fetch("/ui/health.json", { cache: "no-store" });
        if (response.status === 401) {
          document.getElementById("health-closed").hidden = false;
          hosts.hidden = true;
          clearInterval(timer);
          return;
        }
        answer = response.ok ? await response.json() : null;
      } catch {
        answer = null;
      }
      document.getElementById("health-lost").hidden = answer !== null;
      for (const host of answer ? answer.hosts : []) {
        for (const { product, state } of host.products) {
          const row = rows.get(`${host.host} ${product}`);
          if (!row || row.dataset.state === state) continue;
          row.dataset.state = state;
          row.querySelector(".state").textContent = hosts.dataset[state] || state;
        }
      }
    };
    const timer = setInterval(ask, 5000);
    document.addEventListener("visibilitychange", ask);
    ask();
  }

  // A slash goes to the search, Escape empties it.
  function keys() {
    const search = document.getElementById("search");
    if (!search) return;
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.scrollIntoView({ block: "center" });
        search.focus({ preventScroll: true });
        search.select();
      }
      if (event.key === "Escape" && typing && typing.type === "search") {
        typing.value = "";
        typing.dispatchEvent(new Event("input"));
      }
    });
  }
})();
