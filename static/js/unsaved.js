// Warns before typed text is lost: forms with data-guard. Sending the form is no loss.
(() => {
  const changed = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    changed.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    const lost = [...changed].some((form) => form.isConnected);
    if (lost) event.preventDefault();
  });
})();
