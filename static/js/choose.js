// Fields with data-choose search on the server while one types. Without this file they take codes.
(() => {
  const plain = (text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  };

  const dress = (input) => {
    if (input.tomselect || input.closest("template")) return;
    const address = new URL(input.dataset.choose, window.location.href);
    const chosen = input.value
      ? [{ value: input.value, label: input.dataset.label || input.value }]
      : [];
    const select = new window.TomSelect(input, {
      maxItems: 1,
      maxOptions: 20,
      valueField: "value",
      labelField: "label",
      searchField: [],
      options: chosen,
      items: chosen.map((choice) => choice.value),
      preload: "focus",
      closeAfterSelect: true,
      selectOnTab: true,
      plugins: ["clear_button"],
      placeholder: input.placeholder || "Type to search …",
      score: () => () => 1,
      load(text, done) {
        address.searchParams.set("q", text);
        fetch(address, { headers: { Accept: "application/json" } })
          .then((answer) => (answer.ok ? answer.json() : { choices: [] }))
          .then((found) => {
            this.clearOptions((option) => this.items.includes(option.value));
            done(found.choices);
          })
          .catch(() => done());
      },
      render: {
        option: (data) => `<div>${plain(data.label)}</div>`,
        item: (data) => `<div>${plain(data.label)}</div>`,
        no_results: () => '<div class="no-results">Nothing matches.</div>',
      },
    });
    select.on("change", () => input.dispatchEvent(new Event("input", { bubbles: true })));
  };

  const dressAll = (root) => {
    if (root.matches?.("input[data-choose]")) dress(root);
    root.querySelectorAll?.("input[data-choose]").forEach(dress);
  };

  document.addEventListener("DOMContentLoaded", () => dressAll(document));
  document.addEventListener("htmx:load", (event) => dressAll(event.target));
  document.addEventListener("rows:added", (event) => dressAll(event.target));
})();
