// Fields that others ask for: data-asked-for="option:AMOUNT,PERCENTAGE renewal:EVERY" shows a field while each
// field named has one of its values. Without this script all fields are there, and the server knows which count.
"use strict";

function showAskedFields(form) {
  for (const field of form.querySelectorAll("[data-asked-for]")) {
    const isAsked = field.dataset.askedFor.split(" ").every((asked) => {
      const [name, values] = asked.split(":");
      const other = form.elements.namedItem(name);
      return !other || values.split(",").includes(other.value);
    });
    const place = field.closest(".form-grid > div");
    if (place) place.hidden = !isAsked;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (form) showAskedFields(form);
});
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.forms) showAskedFields(form);
});
