// Rows in order: buttons that move a row up and down. Without this script the place is typed as a number.
(() => {
  const ROW = ".form-row, .inline-related";

  const input = (row) => row.querySelector('input[name$="-position"]');
  const isRow = (row) => row.matches(ROW) && !row.classList.contains("empty-form") && input(row);

  function rowsOf(group) {
    const first = [...group.querySelectorAll('input[name$="-position"]')].find((field) => isRow(rowOf(field)));
    return first ? [...rowOf(first).parentElement.children].filter(isRow) : [];
  }

  function rowOf(element) {
    return element.closest("tr.form-row, .inline-related[id]");
  }

  function number(group) {
    rowsOf(group).forEach((row, index) => { input(row).value = index + 1; });
  }

  function sortBy(group, key) {
    const rows = rowsOf(group);
    const last = rows.at(-1);
    if (!last) return;
    const marker = document.createComment("");
    last.after(marker);
    rows.sort((one, two) => (key(one) < key(two) ? -1 : Number(key(one) > key(two)))).forEach((row) => marker.before(row));
    marker.remove();
  }

  // An empty row has the number that the page gave it, and stays last.
  function placeOf(group) {
    const given = group.querySelector('input[name$="-__prefix__-position"]')?.value;
    return (row) => {
      const { value } = input(row);
      return row.classList.contains("has_original") || value !== given ? Number(value) : Infinity;
    };
  }

  function move(button) {
    const row = rowOf(button);
    const group = row.closest(".inline-group");
    const rows = rowsOf(group);
    const other = rows[rows.indexOf(row) + (button.dataset.move === "up" ? -1 : 1)];
    if (!other) return;
    if (button.dataset.move === "up") other.before(row);
    else other.after(row);
    number(group);
    button.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelector("#position-buttons");
    if (!buttons) return;
    for (const field of document.querySelectorAll('.inline-group input[type="number"][name$="-position"]')) {
      field.classList.add("is-moved-by-buttons");
      field.after(buttons.content.cloneNode(true));
    }
    // A form that was refused comes back in the order it is stored in, with the numbers that were sent.
    for (const group of document.querySelectorAll(".inline-group")) {
      if (!group.querySelector(".row-form-errors")) sortBy(group, placeOf(group));
    }
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) move(button);
    });
  });

  document.addEventListener("formset:added", (event) => {
    const group = event.target.closest(".inline-group");
    if (group && input(event.target)) number(group);
  });

  // The admin numbers the rows of a form anew when one is taken away, by their place on the page: it has to
  // find them as it made them, those that are stored before the new ones.
  document.addEventListener("formset:removed", (event) => {
    const group = document.getElementById(`${event.detail.formsetName}-group`);
    if (!group) return;
    sortBy(group, (row) => Number(row.id.split("-").pop()));
    setTimeout(() => {
      sortBy(group, (row) => Number(input(row).value));
      number(group);
    });
  });
})();
