// Parts of a form that only some values of a field need: data-shown-for="basis: QUANTITY DURATION". Other parts
// are hidden and not sent. While the field is empty, and without this script, all are shown. Of several fields, parted
// by ";", each has to have one of its values.
"use strict";

(() => {
  const controls = "input:not([type=hidden]), select, textarea, button";

  const showParts = (form) => {
    for (const part of form.querySelectorAll("[data-shown-for]")) {
      const isShown = part.dataset.shownFor.split(";").every((asked) => {
        const [name, values] = asked.split(":");
        const field = form.elements.namedItem(name.trim());
        return !field?.value || values.trim().split(" ").includes(field.value);
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
