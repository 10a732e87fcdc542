// Keys of the pages. Single keys are dead while typing and can be switched off (kept in this browser).
(() => {
  const SWITCH = "single-keys";
  const PAUSE = 1200; // milliseconds between `g` and its letter
  const SCAN = 40; // milliseconds; keys closer together than this may come from a scanner
  const HAND = 2; // so many keys in a burst still come from a quick hand: `g a`, `j j`
  const help = document.getElementById("keyboard-help");
  let waitsForLetter = 0;
  let burst = []; // keys that wait to see whether a scanner sends them
  let held = 0; // timer of the burst

  const areOn = () => localStorage.getItem(SWITCH) !== "off";
  const isTyping = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const hasDialog = () => document.querySelector("dialog[open], .offcanvas-lg.show") !== null;

  const goLinks = () => [...document.querySelectorAll("a[data-go-key]")];
  const actionLinks = () => [...document.querySelectorAll("[data-key]")];

  const helpRow = (keys, text) => {
    const row = document.createElement("tr");
    const cell = row.insertCell();
    for (const key of keys) {
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      cell.append(kbd, " ");
    }
    row.insertCell().textContent = text;
    return row;
  };

  const showHelp = () => {
    if (!help || help.open) return;
    help
      .querySelector("[data-go-help]")
      .replaceChildren(...goLinks().map((link) => helpRow(["g", link.dataset.goKey], `Go to ${link.textContent.trim()}`)));
    help
      .querySelector("[data-action-help]")
      .replaceChildren(...actionLinks().map((link) => helpRow([link.dataset.key], link.textContent.trim())));
    help.querySelector("[data-single-keys]").checked = areOn();
    help.showModal();
  };

  const moveRow = (step) => {
    const rows = [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a"));
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[next].querySelector("a").focus();
  };

  const singleKey = (event) => {
    if (waitsForLetter && event.timeStamp - waitsForLetter < PAUSE) {
      waitsForLetter = 0;
      goLinks().find((link) => link.dataset.goKey === event.key)?.click();
      return;
    }
    waitsForLetter = 0;
    if (event.key === "g") waitsForLetter = event.timeStamp;
    else if (event.key === "?") showHelp();
    else if (event.key === "/") document.querySelector("[role=search] input:not([type=hidden])")?.focus();
    else if (event.key === "j") moveRow(1);
    else if (event.key === "k") moveRow(-1);
    else actionLinks().find((link) => link.dataset.key === event.key)?.click();
  };

  const playBurst = () => {
    const keys = burst;
    burst = [];
    if (keys.length <= HAND) keys.filter((event) => event.isOurs).forEach((kept) => singleKey(kept.event));
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const own = event.target.closest("form");
      const form = own?.getAttribute("method") === "post" ? own : document.querySelector("form[data-main]");
      // A button that says what is asked is sent along.
      form?.requestSubmit(form.querySelector("[data-says]"));
      return;
    }
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const tab = document.querySelectorAll("[data-tabs] a")[Number(event.key) - 1];
      if (tab) {
        event.preventDefault();
        tab.click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    const isOurs = areOn() && !isTyping(event.target) && !hasDialog();
    if (isOurs && event.key === "/") event.preventDefault(); // browsers have a search of their own on it
    burst.push({ event, isOurs });
    clearTimeout(held);
    held = setTimeout(playBurst, SCAN);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keyboard-help]")) showHelp();
  });
  help?.querySelector("[data-single-keys]").addEventListener("change", (event) => {
    localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  });
})();
