// @ts-check
// Finds a client by a few letters: a text box with a list that arrows walk through (the ARIA combobox pattern).

/**
 * Let a box offer the clients whose name holds what is typed.
 * @param {HTMLInputElement} box
 * @param {HTMLElement} list
 * @param {string} address where they are looked up
 * @param {(option: HTMLElement) => void} choose
 */
export function offer(box, list, address, choose) {
  /** @type {AbortController | undefined} */
  let asking;
  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const mark = (/** @type {HTMLElement | undefined} */ wanted) => {
    for (const option of options()) option.setAttribute("aria-selected", String(option === wanted));
    if (wanted) box.setAttribute("aria-activedescendant", wanted.id);
    else box.removeAttribute("aria-activedescendant");
    wanted?.scrollIntoView({ block: "nearest" });
  };
  const show = (/** @type {boolean} */ shown) => {
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ q: box.value });
    const found = await fetch(`${address}?${query}`, { headers: { "HX-Request": "true" }, signal: asking.signal })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null); // a later letter was typed meanwhile
    if (found === null) return;
    list.innerHTML = found;
    show(true);
    mark(box.value ? options()[0] : undefined);
  };
  box.addEventListener("input", ask);
  box.addEventListener("click", () => list.hidden && ask());
  box.addEventListener("blur", () => setTimeout(() => list.dataset.stays === undefined && show(false), 150));
  box.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(all[(at + step + all.length) % all.length] ?? all[0]);
    } else if (event.key === "Enter" && !list.hidden && all[Math.max(at, 0)]) {
      event.preventDefault();
      choose(all[Math.max(at, 0)]);
    } else if (event.key === "Escape" && !list.hidden && list.dataset.stays === undefined) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option instanceof HTMLElement) choose(option);
  });
  return { ask, hide: () => show(false) };
}

/**
 * Put such a box in front of a select of clients, which keeps the choice.
 * @param {HTMLElement} place
 * @param {() => void} chosen
 */
export function combobox(place, chosen) {
  const select = place.querySelector("select");
  const label = place.querySelector("label");
  if (!select || !label || !place.dataset.finder) return;
  const box = document.createElement("input");
  const list = document.createElement("ul");
  box.type = "text";
  box.className = "input";
  box.autocomplete = "off";
  box.placeholder = "Type a name";
  box.id = `${select.id}-name`;
  box.value = select.value ? (select.selectedOptions[0]?.text ?? "") : "";
  label.htmlFor = box.id;
  list.id = `${select.id}-list`;
  list.className = "found-list found-list-under";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Clients");
  const attributes = { role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  if (select.getAttribute("aria-invalid")) box.setAttribute("aria-invalid", "true");
  const described = select.getAttribute("aria-describedby");
  if (described) box.setAttribute("aria-describedby", described);
  select.hidden = true;
  select.after(box, list);
  const { hide } = offer(box, list, place.dataset.finder, (option) => {
    select.value = option.dataset.id ?? "";
    box.value = option.dataset.name ?? "";
    hide();
    chosen();
  });
  box.addEventListener("input", () => (select.value = ""));
}
