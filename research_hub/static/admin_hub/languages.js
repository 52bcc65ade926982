// Shows the fields of English, of Spanish, or both side by side. Without this script all are shown.
(() => {
  const KEY = "languages-shown";
  const LANGUAGE_FIELD = /^field-\w+_(en|es)$/;

  function languageOf(box) {
    const name = [...box.classList].find((word) => LANGUAGE_FIELD.test(word));
    return name && name.match(LANGUAGE_FIELD)[1];
  }

  // A line of a form holds a field of each language; what is shown or hidden is the box with its help text.
  function mark(root) {
    const boxes = [...root.querySelectorAll(".fieldBox")].filter(languageOf);
    for (const box of boxes) {
      box.parentElement.dataset.language = languageOf(box);
    }
    return boxes.length > 0;
  }

  function recall() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function remember(choice) {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // A browser that keeps nothing shows both languages on each visit.
    }
  }

  function show(group, choice) {
    document.documentElement.dataset.languages = choice;
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === choice));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const group = document.querySelector(".language-switch");
    if (!group || !mark(document)) return;
    const known = [...group.querySelectorAll("button")].map((button) => button.dataset.show);
    const stored = recall();
    const hasErrors = document.querySelector("[data-language] .errors, [data-language] .errorlist");
    show(group, known.includes(stored) && !hasErrors ? stored : "both");
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const choice = event.target.dataset.show;
      if (!choice) return;
      show(group, choice);
      remember(choice);
    });
  });

  document.addEventListener("formset:added", (event) => mark(event.target));

  // The rich text editor takes the place of a textarea and does not take over its language.
  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    if (textarea.lang) editor.view.dom.setAttribute("lang", textarea.lang);
  });
})();
