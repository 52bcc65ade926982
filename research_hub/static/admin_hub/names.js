// Boxes that search as one types stand in the place of a field, and do not take over its name.
(() => {
  const nameOf = (select) => select.labels[0]?.textContent.replace(/:\s*$/, "").trim() || select.ariaLabel;

  function name(select) {
    const box = select.nextElementSibling;
    const name = box?.matches(".select2") && nameOf(select);
    if (!name) return;
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
    const combobox = box.querySelector(".select2-selection--single");
    if (!combobox) return;
    const chosen = combobox.querySelector(".select2-selection__rendered");
    chosen.removeAttribute("role"); // it is no field of its own
    chosen.removeAttribute("aria-readonly");
    combobox.id = `${select.id}-combobox`;
    combobox.setAttribute("aria-label", name);
    combobox.setAttribute("aria-labelledby", `${combobox.id} ${chosen.id}`); // its name, then what is chosen
  }

  const nameAll = () => document.querySelectorAll("select.admin-autocomplete").forEach(name);
  // Django draws the boxes when jQuery calls: this call is asked for later, and so comes after.
  document.addEventListener("DOMContentLoaded", () => window.django?.jQuery?.(() => setTimeout(nameAll)));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
})();
