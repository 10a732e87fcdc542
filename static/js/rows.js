// Forms with rows: "Add row" puts a copy of the blank row at the end. Listens on the document, so that
// forms which htmx swaps in work too.
"use strict";

function showAddButtons(root) {
  for (const button of root.querySelectorAll("[data-rows-add]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows-add]");
  if (!button) return;
  const rows = button.closest("[data-rows-form]");
  const total = rows.querySelector(`[name="${rows.dataset.rowsPrefix}-TOTAL_FORMS"]`);
  const blank = rows.querySelector("[data-rows-blank]").content.querySelector("tr").cloneNode(true);
  for (const element of [blank, ...blank.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes("__prefix__")) {
        element.setAttribute(attribute.name, attribute.value.replaceAll("__prefix__", total.value));
      }
    }
  }
  rows.querySelector("[data-rows-body]").append(blank);
  total.value = String(Number(total.value) + 1);
  blank.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
  const first = blank.querySelector("select, input:not([type=hidden])");
  if (first) first.focus();
});

document.addEventListener("DOMContentLoaded", () => showAddButtons(document));
document.addEventListener("htmx:load", (event) => showAddButtons(event.detail.elt));
