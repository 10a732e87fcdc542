// The frame: shows and hides the rail, remembers closed groups, puts focus where the news is.
(() => {
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };

  const railSwitch = document.querySelector("[data-rail-switch]");
  railSwitch?.addEventListener("click", () => {
    const root = document.documentElement;
    const isHidden = root.dataset.rail === "hidden";
    root.dataset.rail = isHidden ? "shown" : "hidden";
    railSwitch.setAttribute("aria-expanded", String(isHidden));
    remember("rail", isHidden ? "shown" : "hidden");
  });

  const groups = [...document.querySelectorAll("[data-rail-group]")];
  for (const group of groups) {
    group.addEventListener("toggle", () => {
      const closed = groups.filter((one) => !one.open).map((one) => one.dataset.railGroup);
      remember("rail_closed", closed.join("."));
    });
  }

  // On narrow screens tabs scroll: the open one is in sight.
  const openTab = document.querySelector("[data-tabs] [aria-current]");
  if (openTab) {
    const tabs = openTab.closest("[data-tabs]");
    tabs.scrollLeft = openTab.offsetLeft - (tabs.clientWidth - openTab.offsetWidth) / 2;
  }

  const news = document.querySelector("[data-error-summary]") ?? document.querySelector("[data-message]");
  news?.focus();

  // A panel that htmx saved: what is wrong comes into sight, a message is read out where one is.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.verb !== "post") return;
    const fault = event.target.querySelector?.("[data-error-summary]");
    if (fault) fault.focus();
    else document.querySelector("[data-message]")?.focus({ preventScroll: true });
  });
})();
