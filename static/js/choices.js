// Counters of a choice of components: how many count for each row, how many families and types.
// The server checks the choice; this only counts along. A service counts for the row where it is
// needed, as catalog/kernel/choices.py has it.
(() => {
  const picked = (chooser) =>
    [...chooser.querySelectorAll("[data-pick]:checked")].map((box) => ({
      rows: box.dataset.fits ? box.dataset.fits.split(" ").map(Number) : [],
      pieces: Number(box.closest("li").querySelector("[data-pieces]")?.value || 1),
      family: box.dataset.family,
      type: box.dataset.type,
    }));

  // Puts one more unit into a row with room, moving others on where that helps.
  const put = (unit, units, room, seen = new Set()) => {
    for (const row of unit.rows) {
      if (seen.has(row)) continue;
      seen.add(row);
      const there = units.filter((other) => other.row === row);
      const free = there.length < room(row);
      if (free || there.some((other) => put(other, units, room, seen))) {
        unit.row = row;
        return true;
      }
    }
    return false;
  };

  const countRows = (picks, counters) => {
    const limits = new Map(
      counters.map((counter) => [
        Number(counter.dataset.counter),
        { min: Number(counter.dataset.min), max: Number(counter.dataset.max || Infinity) },
      ]),
    );
    const units = picks.map((pick) => ({ rows: pick.rows, row: null }));
    for (const unit of units) put(unit, units, (row) => limits.get(row)?.min ?? 0);
    picks.forEach((pick, place) => {
      const more = Math.min(pick.pieces, 999) - 1;
      for (let n = 0; n < more; n += 1) units.push({ rows: units[place].rows, row: null });
    });
    for (const unit of units) {
      if (unit.row !== null || !unit.rows.length) continue;
      if (!put(unit, units, (row) => limits.get(row)?.max ?? 0)) unit.row = unit.rows[0];
    }
    return new Map(
      [...limits.keys()].map((row) => [row, units.filter((unit) => unit.row === row).length]),
    );
  };

  const show = (counter, count, status, isWrong) => {
    counter.querySelector("[data-count]").textContent = count;
    counter.querySelector("[data-status]").textContent = status;
    counter.classList.toggle("is-wrong", isWrong);
  };

  const refresh = (chooser) => {
    const picks = picked(chooser);
    const counters = [...chooser.querySelectorAll("[data-counter]")];
    const counts = countRows(picks, counters);
    for (const counter of counters) {
      const count = counts.get(Number(counter.dataset.counter));
      const lacking = Number(counter.dataset.min) - count;
      const over = count - Number(counter.dataset.max || Infinity);
      let status = Number(counter.dataset.min) ? "enough" : "";
      if (lacking > 0) status = `choose ${lacking} more`;
      if (over > 0) status = `${over} too many`;
      show(counter, count, status, lacking > 0 || over > 0);
    }
    const all = [...picks, ...[...chooser.querySelectorAll("[data-always]")].map((one) => one.dataset)];
    for (const [selector, key, most] of [
      ["[data-families]", "family", chooser.dataset.mostFamilies],
      ["[data-types]", "type", chooser.dataset.mostTypes],
    ]) {
      const counter = chooser.querySelector(selector);
      if (!counter) continue;
      const count = new Set(all.map((one) => one[key])).size;
      const over = count - Number(most);
      show(counter, count, over > 0 ? `${over} too many` : "", over > 0);
    }
  };

  const refreshAll = (root) => root.querySelectorAll?.("[data-chooser]").forEach(refresh);
  const refreshAround = (event) => {
    const chooser = event.target.closest?.("[data-chooser]");
    if (chooser) refresh(chooser);
  };

  document.addEventListener("DOMContentLoaded", () => refreshAll(document));
  document.addEventListener("htmx:load", (event) => {
    refreshAll(event.target);
    refreshAround(event);
  });
  document.addEventListener("change", refreshAround);
  document.addEventListener("input", refreshAround);
})();
