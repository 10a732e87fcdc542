// Parts of a form that only some values of a field need: data-shown-for="basis: QUANTITY DURATION". Other parts
// are hidden and not sent. While the field is empty its parts are shown, but those that ask for it as "basis!"; without
// this script all are. Of several fields, parted by ";", each has to have one of its values.
"use strict";

(() => {
  const controls = "input:not([type=hidden]), select, textarea, button";

  const showParts = (form) => {
    for (const part of form.querySelectorAll("[data-shown-for]")) {
      const isShown = part.dataset.shownFor.split(";").every((asked) => {
        const [asking, values] = asked.split(":");
        const name = asking.trim().replace("!", "");
        const field = form.elements.namedItem(name);
        if (!field?.value) return !field || !asking.includes("!");
        return values.trim().split(" ").includes(field.value);
      });
      part.hidden = !isShown;
      for (const control of part.querySelectorAll(controls)) control.disabled = !isShown;
    }
  };

  const showAll = (root) => {
    for (const form of root.querySelectorAll("form")) showParts(form);
  };

  document.addEventListener("change", (event) => {
    if (event.target.form) showParts(event.target.form);
  });
  document.addEventListener("DOMContentLoaded", () => showAll(document));
  document.addEventListener("htmx:load", (event) => showAll(event.detail.elt));
})();
