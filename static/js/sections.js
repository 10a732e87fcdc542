// The index of a page's sections: knows how high the header is, and marks the section that is read.
"use strict";

(() => {
  const index = document.querySelector("[data-section-index]");
  if (!index) return;
  const head = document.querySelector(".object-head");
  const measure = () => {
    document.documentElement.style.setProperty("--object-head", `${head.offsetHeight}px`);
  };
  new ResizeObserver(measure).observe(head);

  const links = [...index.querySelectorAll("a")];
  const mark = () => {
    const top = index.getBoundingClientRect().top + 48;
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    let current = links[0];
    for (const link of links) {
      const section = document.getElementById(link.hash.slice(1));
      if (section && (section.getBoundingClientRect().top <= top || (atEnd && window.scrollY > 0))) {
        current = link;
      }
    }
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  window.addEventListener("scroll", later, { passive: true });
  document.addEventListener("htmx:afterSettle", later);
  mark();
})();
