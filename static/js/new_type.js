// "Create new type…" beside the type of a product: a sheet with the type's form; saving it chooses the type.
"use strict";

(() => {
  const sheet = document.getElementById("new-type-sheet");
  if (!sheet) return;
  const canvas = () => window.bootstrap.Offcanvas.getOrCreateInstance(sheet);
  let opener = null;

  const fieldOf = (button) => button.form.elements.namedItem(button.dataset.newType);
  const seenPart = (field) => field.parentElement.querySelector("[role=combobox]") ?? field;

  // The form may come before the sheet is there, or after it.
  const begin = () => {
    if (!sheet.contains(document.activeElement) || document.activeElement === sheet) {
      sheet.querySelector("#new-type-form input:not([type=hidden])")?.focus();
    }
  };

  // The button belongs below the field; without this script it stands at the end of the fields.
  const place = (root) => {
    for (const button of root.querySelectorAll("[data-new-type]")) {
      const field = fieldOf(button);
      const frame = field?.closest(".mb-3");
      if (frame) frame.append(button.closest("[data-new-type-place]"));
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-new-type]");
    if (!button) return;
    event.preventDefault();
    opener = button;
    window.htmx.ajax("GET", sheet.dataset.address, "#new-type-form").then(begin);
    canvas().show();
  });

  document.addEventListener("type-created", (event) => {
    const { value, label } = event.detail;
    const field = fieldOf(opener);
    if (field.dataset.dressed) {
      field.dispatchEvent(new CustomEvent("choose:set", { detail: { value, label } }));
    } else {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    canvas().hide();
  });

  sheet.addEventListener("shown.bs.offcanvas", begin);
  sheet.addEventListener("hidden.bs.offcanvas", () => {
    sheet.querySelector("#new-type-form").replaceChildren();
    if (opener?.isConnected) seenPart(fieldOf(opener)).focus();
  });

  document.addEventListener("DOMContentLoaded", () => place(document));
  if (document.readyState !== "loading") place(document);
})();
