/**
 * Menus over a list: for each thing that its entries say of themselves in `data-…`, one menu.
 *
 * Without this program the whole list is shown.  An entry that the address names is opened.
 */

const ALL = "all";

/** How many entries have each value, in the order of the list.
 * @param {HTMLElement[]} entries @param {string} key */
const tally = (entries, key) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { dataset: { [key]: value = "" } } of entries) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** Put menus above the list in an element.
 * @param {HTMLElement} root */
export const addMenus = (root) => {
  const entries = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("li[data-outcome]"))];
  const count = /** @type {HTMLElement} */ (root.querySelector(".fp-filter-count"));
  const menus = Object.keys(entries[0].dataset).map((key) => {
    const menu = document.createElement("select");
    menu.append(new Option(`every ${key}`, ALL));
    for (const [value, number] of tally(entries, key)) menu.append(new Option(`${value} (${number})`, value));
    const label = document.createElement("label");
    label.append(key, menu);
    return { key, menu, label };
  });

  const show = () => {
    for (const entry of entries) {
      entry.hidden = !menus.every(({ key, menu }) => menu.value === ALL || entry.dataset[key] === menu.value);
    }
    const shown = entries.filter(({ hidden }) => !hidden);
    const parts = [...tally(shown, "outcome")].sort((a, b) => b[1] - a[1]).map(([word, number]) => `${number} ${word}`);
    const of = shown.length < entries.length ? `${shown.length} of ${entries.length}` : entries.length;
    count.textContent = `${of} ${root.dataset.noun}${parts.length ? ": " : ""}${parts.join(", ")}`;
  };

  const reset = document.createElement("button");
  reset.type = "button";
  reset.textContent = "show all";
  reset.addEventListener("click", () => {
    for (const { menu } of menus) menu.value = ALL;
    show();
  });
  const controls = document.createElement("div");
  controls.className = "fp-filter-controls";
  controls.append(...menus.map(({ label }) => label), reset);
  controls.addEventListener("change", show);
  root.prepend(controls);

  const open = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    named?.querySelector(":scope > details")?.setAttribute("open", "");
  };
  addEventListener("hashchange", open);
  open();
};
