// Fields with data-choose search on the server while one types; without this file they take codes.
// The field itself keeps name and value (a code) out of sight, and tells htmx and others of changes;
// what is seen is a combobox (WAI-ARIA: editable, list autocomplete) that shows names. What was typed
// and matches nothing stays and is sent: the server says at the field what is wrong with it.
"use strict";

(() => {
  const PAUSE = 150; // milliseconds without a key before the server is asked
  let fields = 0;

  const element = (tag, attributes, text = "") => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };

  class Choose {
    constructor(field) {
      this.field = field;
      this.name = `choose-${(fields += 1)}`;
      this.chosen = { value: field.value, label: field.dataset.label || field.value };
      this.choices = [];
      this.active = -1;
      this.asked = 0; // requests made; answers to earlier ones are dropped
      this.answered = null; // the text that `choices` answer
      this.later = null; // keys pressed before the answer: {steps down the list, whether one is picked}
      this.build();
      this.listen();
    }

    build() {
      const { field, name } = this;
      const hadFocus = document.activeElement === field;
      this.input = field.cloneNode();
      for (const { name: attribute } of [...this.input.attributes]) {
        if (/^(name|value|data-|hx-)/.test(attribute)) this.input.removeAttribute(attribute);
      }
      for (const [attribute, value] of Object.entries({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-controls": `${name}-list`,
        "aria-expanded": "false",
        autocomplete: "off",
        spellcheck: "false",
      })) {
        this.input.setAttribute(attribute, value);
      }
      this.input.placeholder ||= "Type to search …";
      this.input.value = this.chosen.label;
      this.list = element("ul", { id: `${name}-list`, role: "listbox", "aria-label": "Choices", class: "choose-list" });
      if ("popover" in this.list) this.list.popover = "manual"; // above all, and never cut off
      this.list.hidden = true;
      this.said = element("span", { role: "status", class: "visually-hidden" });
      const frame = element("span", { class: "choose" });
      field.removeAttribute("id");
      field.type = "hidden";
      field.dataset.dressed = "yes";
      field.after(frame);
      frame.append(this.input, this.list, this.said);
      if (hadFocus) this.input.focus();
    }

    listen() {
      const { input, list } = this;
      input.addEventListener("input", (event) => {
        event.stopPropagation();
        this.take(input.value.trim(), "input");
        this.close(); // what it shows answers another text
        this.answered = null;
        this.waiting = setTimeout(() => this.ask(), PAUSE);
      });
      input.addEventListener("change", (event) => event.stopPropagation());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("click", () => {
        if (this.isOpen) return;
        input.select();
        this.ask();
      });
      input.addEventListener("focus", () => input.select());
      input.addEventListener("blur", () => this.leave());
      // Another script chooses: detail is {value, label}.
      this.field.addEventListener("choose:set", (event) => this.show(event.detail));
      // The field keeps the focus while one points at the list.
      list.addEventListener("mousedown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.pick(Number(option.dataset.place));
      });
      this.follow = () => this.place();
    }

    get isOpen() {
      return !this.list.hidden;
    }

    get typed() {
      const text = this.input.value.trim();
      return text === this.chosen.label ? "" : text;
    }

    key(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (event.altKey && event.key === "ArrowUp") this.close();
        else if (this.isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
        else this.wait(this.later ? (event.key === "ArrowDown" ? 1 : -1) : 0);
      } else if (event.key === "Enter" && this.isOpen) {
        event.preventDefault();
        if (this.active >= 0) this.pick(this.active);
        else this.close();
      } else if (event.key === "Enter" && (this.later || (this.typed && this.answered !== this.typed))) {
        event.preventDefault(); // a quick hand's or a scanner's Enter comes before the answer
        this.wait(0, true);
      } else if (event.key === "Tab" && this.isOpen && this.typed && this.answered === this.typed && this.active >= 0) {
        this.pick(this.active);
      } else if (event.key === "Escape" && (this.isOpen || this.typed)) {
        event.preventDefault();
        event.stopPropagation();
        const wasOpen = this.isOpen;
        this.close();
        if (!wasOpen) this.show(this.chosen);
      }
    }

    // A key counts once the answer is there; keys after the one that picks do not.
    wait(steps, picks = false) {
      this.later ??= { steps: 0, picks: false };
      if (!this.later.picks) this.later = { steps: this.later.steps + steps, picks };
      if (!this.input.hasAttribute("aria-busy")) this.ask();
    }

    async ask() {
      clearTimeout(this.waiting);
      const turn = (this.asked += 1);
      const text = this.typed;
      const address = new URL(this.field.dataset.choose, window.location.href);
      address.searchParams.set("q", text);
      this.input.setAttribute("aria-busy", "true");
      let choices = null;
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (answer.ok) choices = (await answer.json()).choices;
      } catch {
        // Said below: the field still takes a code.
      }
      if (turn !== this.asked || !this.input.isConnected) return;
      this.input.removeAttribute("aria-busy");
      this.answered = text;
      this.choices = choices ?? [];
      const { steps, picks } = this.later ?? { steps: 0, picks: false };
      this.later = null;
      const count = this.choices.length;
      const exact = this.choices.findIndex((choice) => choice.value.toLowerCase() === text.toLowerCase());
      const place = exact >= 0 && !steps ? exact : ((steps % count) + count) % count;
      if (text && count && (picks || (exact >= 0 && document.activeElement !== this.input))) {
        this.pick(place);
        return;
      }
      if (document.activeElement !== this.input) return;
      const none = choices ? "Nothing matches." : "The search does not answer. Type the whole code.";
      this.open(none);
      if (count && (text || steps)) this.point(text ? place : Math.max(place - 1, 0));
    }

    open(none) {
      this.list.replaceChildren(
        ...this.choices.map(({ label }, place) =>
          element("li", { id: `${this.name}-${place}`, role: "option", "aria-selected": "false", "data-place": place }, label),
        ),
      );
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      const count = this.choices.length;
      this.said.textContent = count ? `${count} ${count === 1 ? "choice" : "choices"}.` : none;
      if (!count) this.list.append(element("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, none));
      this.input.setAttribute("aria-expanded", "true");
      if (!this.isOpen) {
        this.list.hidden = false;
        this.list.showPopover?.();
        window.addEventListener("scroll", this.follow, { capture: true, passive: true });
        window.addEventListener("resize", this.follow);
      }
      this.place();
    }

    place() {
      if (!this.input.isConnected) {
        this.close();
        return;
      }
      const box = this.input.getBoundingClientRect();
      const height = this.list.offsetHeight;
      const above = box.bottom + height > window.innerHeight && box.top > height;
      Object.assign(this.list.style, {
        left: `${box.left}px`,
        top: `${above ? box.top - height : box.bottom}px`,
        minWidth: `${box.width}px`,
        maxWidth: `${window.innerWidth - box.left - 8}px`,
      });
    }

    close() {
      this.asked += 1;
      this.later = null;
      clearTimeout(this.waiting);
      this.input.removeAttribute("aria-busy");
      this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-expanded", "false");
      this.active = -1;
      if (!this.isOpen) return;
      if (this.list.isConnected) this.list.hidePopover?.();
      this.list.hidden = true;
      window.removeEventListener("scroll", this.follow, { capture: true });
      window.removeEventListener("resize", this.follow);
    }

    move(step) {
      const last = this.choices.length - 1;
      if (last < 0) return;
      const next = this.active + step;
      this.point(next > last ? 0 : next < 0 ? last : next);
    }

    point(place) {
      const options = this.list.querySelectorAll("[role=option]");
      options[this.active]?.setAttribute("aria-selected", "false");
      this.active = place;
      options[place].setAttribute("aria-selected", "true");
      options[place].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[place].id);
    }

    pick(place) {
      const choice = this.choices[place];
      this.close();
      if (choice) this.show(choice);
    }

    show(choice) {
      this.chosen = choice;
      this.answered = null;
      this.input.value = choice.label;
      this.take(choice.value, "input");
      this.settle();
    }

    leave() {
      const text = this.typed;
      const isAsked = text && this.answered !== text;
      const exact = this.choices.find((choice) => choice.value.toLowerCase() === text.toLowerCase());
      const { later } = this;
      this.close();
      if (later?.picks) {
        this.later = later;
        this.ask();
      } else if (text && exact) this.show(exact);
      else if (isAsked) this.ask(); // the name of a whole code
      if (!this.input.value.trim()) this.chosen = { value: "", label: "" };
      this.settle();
    }

    // What is typed counts at once, so that it is sent and guarded; "change" is said when it is done.
    take(value, kind) {
      const next = value === this.chosen.label ? this.chosen.value : value;
      if (this.field.value === next) return;
      this.settled ??= this.field.value;
      this.field.value = next;
      this.field.dispatchEvent(new Event(kind, { bubbles: true }));
    }

    settle() {
      const before = this.settled;
      this.settled = undefined;
      if (before === undefined || before === this.field.value) return;
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const dressAll = (root) => {
    const inside = root.querySelectorAll?.("input[data-choose]:not([data-dressed])") ?? [];
    for (const field of root.matches?.("input[data-choose]:not([data-dressed])") ? [root] : inside) new Choose(field);
  };

  document.addEventListener("DOMContentLoaded", () => dressAll(document));
  document.addEventListener("htmx:load", (event) => dressAll(event.target));
  document.addEventListener("rows:added", (event) => dressAll(event.target));
})();
