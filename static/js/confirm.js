// Asks before a form with data-confirm="what will happen" is sent; the button keeps its name and value.
(() => {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog) return;
  let waiting = null;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const text = event.submitter?.dataset.confirm ?? form.dataset.confirm;
      if (!text || form.dataset.confirmed === "yes") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { form, submitter: event.submitter };
      dialog.querySelector("[data-confirm-text]").textContent = text;
      dialog.querySelector("[data-confirm-yes]").textContent =
        event.submitter?.textContent.trim() || "Confirm";
      dialog.returnValue = "";
      dialog.showModal();
    },
    true,
  );

  dialog.addEventListener("close", () => {
    const { form, submitter } = waiting ?? {};
    waiting = null;
    if (!form || dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
    delete form.dataset.confirmed;
  });
})();
